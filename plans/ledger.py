"""The ledger of remarks as people read it: each beside its place in the plan, with what may be done to it."""

from collections import defaultdict

from django.db.models import Value
from django.utils.translation import gettext as _

from plans import permissions
from plans.models import PlanVersion, Remark
from plans.places import places_in, places_of, to_read, to_write
from plans.sections import STRUCTURES, section_of
from plans.workflow import REMARK
from portal.prepared import prepared


def remarks_for(version, user, parts=None, leads=None):
    """Return section key → the remarks that `user` may see at this version, oldest first.

    They are those of this version and of the earlier ones. Each carries what `remark_item.html` shows:
    `section_title`, `row_label`, `field_label`, `author_role`, `moves`, `can_answer`, `can_change`.
    `parts` is the outline of the version, where the page has it at hand; `leads` says, as a function of
    `places.py`, where the link of a remark `leads_to`. The number of queries does not depend on the remarks.
    """
    if version.number == 1 and version.status in PlanVersion.UNSENT:
        # Nobody has read this plan yet.
        return {}
    remarks = prepared("plans.remarks_for", remarks_until, user, version.plan_id, version.number)
    places = places_of(remarks, version) if parts is None else places_in(parts)
    unsent = bool(remarks) and answers_are_unsent(version, user)
    answering = permissions.can_write(user, version)
    found = defaultdict(list)
    for remark in remarks:
        dress(remark, version, user, places, unsent)
        remark.leads_to = leads(remark) if leads else ""
        remark.can_answer = answering and can_still_be_answered(remark, version)
        found[remark.section].append(remark)
    return dict(found)


def remarks_until(user, plan, number):
    return (
        Remark.objects.visible_to(user)
        .filter(plan=plan, version__number__lte=Value(number))
        .select_related("version", "author", "review__expert")
        .order_by("pk")
    )


def dress(remark, version, user, places, unsent):
    """Give a remark the words and the moves that its partial shows."""
    remark.plan = version.plan
    remark.version.plan = version.plan
    if remark.review_id:
        remark.review.version = remark.version
    if unsent and remark.status == Remark.Status.ANSWERED:
        remark.answer, remark.status = "", Remark.Status.OPEN
    section = section_of(version.plan, remark.section)
    remark.section_title = section.title if section else remark.section
    place = places.get(str(remark.row_uid))
    remark.row_label = row_label(remark, place)
    remark.place_to_write = to_write(remark, place, section is not None and section.is_narrative)
    remark.place_to_read = to_read(remark, place)
    remark.field_label = field_label(remark)
    remark.author_role = _("Expert") if remark.review_id else _("ORE")
    remark.can_change = permissions.can_change_remark(user, remark)
    # While its review is being written a remark may still be changed: there is nothing to settle yet.
    remark.moves = [] if remark.can_change else REMARK.available(remark, user)


def dressed(remark, user):
    """Return one remark as `remarks_for` gives it, at the newest version."""
    version = remark.plan.latest()
    version.plan = remark.plan
    dress(remark, version, user, places_of([remark], version), answers_are_unsent(version, user))
    remark.can_answer = permissions.can_answer(user, remark)
    return remark


def answers_are_unsent(version, user):
    """Whether the team is writing a draft that this person may not read: its answers belong to the draft."""
    if version.status in PlanVersion.OPEN - PlanVersion.UNSENT:
        return False
    drafts = PlanVersion.objects.filter(plan=version.plan_id, status__in=PlanVersion.UNSENT)
    return drafts.exists() and not drafts.visible_to(user).exists()


def can_still_be_answered(remark, version):
    return remark.version_id != version.pk and remark.status not in Remark.SETTLED


def row_label(remark, place):
    """Return what the row is called now, or that it is no longer there."""
    if remark.row_uid is None:
        return ""
    return place.label if place else _("a row that was removed")


def field_label(remark):
    for row_set in STRUCTURES.get(remark.section, ()):
        for name, label in row_set.columns():
            if name == remark.field:
                return str(label)
    return ""
