"""What happens to the rows of this app when two accounts of one person become one, and what forbids it."""

from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _

from jst.models import Application, ExpertAssignment, ParticipantData, TeamMembership
from portal.merging import KEEP, MOVE, OWN_RULE

RELATIONS = {
    "jst.Expert.person": MOVE,
    "jst.OperatorStaff.person": MOVE,
    "jst.TeamMembership.person": MOVE,
    "jst.Invitation.invited_by": MOVE,
    "jst.RegisterImport.applied_by": KEEP,
    "jst.RegisterUpload.uploaded_by": KEEP,
    "jst.Application.applicant": MOVE,
    "jst.Application.offered_by": KEEP,
    "jst.ApplicationDecision.prepared_by": KEEP,
    # Both may have given data: `jst.merges` moves what the kept account lacks.
    "jst.ParticipantData.person": OWN_RULE,
    # Pairs with the closed account are forgotten.
    "jst.LikelyDuplicate.first": OWN_RULE,
    "jst.LikelyDuplicate.second": OWN_RULE,
    "jst.MergedPerson.kept": KEEP,
    "jst.MergedPerson.dropped": KEEP,
    "jst.DistinctPeople.first": KEEP,
    "jst.DistinctPeople.second": KEEP,
}


def obstacles(keep, drop):
    """Give the sentences that forbid merging two people, in whatever direction."""
    return [
        *works_at_ore_and_elsewhere(keep, drop),
        *two_experts(keep, drop),
        *two_employees(keep, drop),
        *twice_in_one_team(keep, drop),
        *expert_of_own_unit(keep, drop),
        *two_pesels(keep, drop),
        *two_drafts(keep, drop),
    ]


def works_at_ore_and_elsewhere(keep, drop):
    if keep.is_staff == drop.is_staff:
        return []
    other = drop if keep.is_staff else keep
    if other.memberships.exists() or hasattr(other, "expert"):
        return [_("One of them works at ORE, the other is in a team or an expert: nobody is both.")]
    return []


def two_experts(keep, drop):
    if hasattr(keep, "expert") and hasattr(drop, "expert"):
        return [_("Both are experts with assignments of their own.")]
    return []


def two_employees(keep, drop):
    both = keep.operator_roles.filter(until=None, operator__in=drop.operator_roles.values("operator"))
    if both.exists() and drop.operator_roles.filter(until=None).exists():
        return [_("Both work for the same operator. End one of the two entries first.")]
    return []


def twice_in_one_team(keep, drop):
    """Give a sentence for each team in which both were on the same day: one person has one place."""
    theirs = TeamMembership.objects.filter(person=drop, participation=OuterRef("participation"))
    apart = Q(until__lte=F("since"))
    mine = TeamMembership.objects.filter(person=keep).exclude(apart).select_related("participation__jst")
    mine = mine.filter(participation__in=theirs.values("participation"))
    found = []
    for membership in mine:
        others = TeamMembership.objects.filter(person=drop, participation=membership.participation)
        others = others.exclude(apart).filter(Q(until=None) | Q(until__gt=membership.since))
        if membership.until:
            others = others.filter(since__lt=membership.until)
        if others.exists():
            found.append(membership.participation.jst.full_name)
    sentence = _("Both were in the same team at the same time: %s. End one of the two memberships first.")
    return [sentence % name for name in dict.fromkeys(found)]


def expert_of_own_unit(keep, drop):
    both = [keep, drop]
    teams = TeamMembership.objects.filter(person__in=both).values("participation__jst")
    assigned = ExpertAssignment.objects.filter(expert__person__in=both, participation__jst__in=teams)
    if assigned.exists():
        return [_("One of them works as an expert with a unit in whose team the other is or was.")]
    return []


def two_pesels(keep, drop):
    """Two PESEL numbers are two people; only their indexes are compared."""
    indexes = ParticipantData.objects.filter(person__in=[keep, drop]).exclude(pesel_index="")
    if indexes.values("pesel_index").distinct().count() > 1:
        return [_("They gave different PESEL numbers: these are two people.")]
    return []


def two_drafts(keep, drop):
    """One person fills in one application to a call."""
    drafts = Application.objects.filter(status=Application.Status.DRAFT)
    both = drafts.filter(applicant=keep, call__in=drafts.filter(applicant=drop).values("call"))
    titles = both.values_list("call__title", flat=True)
    return [
        _("Both fill in an application to the same call: %s. Send one of them first.") % one for one in titles
    ]
