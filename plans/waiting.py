"""What waits for a person in plans and reviews: the rows of the first screen, in at most eight queries."""

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import Participation, TeamMembership
from jst.permissions import is_coordinator
from plans.corrections import due_of, open_versions
from plans.models import EditionSetup, Flag, PlanEvent, PlanVersion, Review
from plans.oversight import LATE, waits
from plans.queue import PLACE, WAITING, awaiting_decision, judged_by, prepared_decisions, with_reviews
from plans.sections import section_of
from plans.shelving import in_force
from plans.teamwork import owned_by
from portal.conventions import Waiting

S = PlanVersion.Status

LAPSED = "plans.plan.lapse"
ABOUT_PUBLICATION = ("plans.plan.publish", "plans.plan.unpublish", LAPSED)

# So many rows of one kind, and one more that leads to the whole list.
MOST = 20

SIGN, CORRECT, REVIEW, FLAG, START, DECIDE = 10, 15, 15, 18, 20, 25
WRITE, RELEASE, READ, ADOPT, REST = 30, 35, 60, 70, 90


def waiting_for(user):
    """Return what this person is to do next in this app; nothing for those who are only told."""
    if not user.is_authenticated:
        return []
    rows = [*for_team(user), *for_expert(user), *flags_to(user)]
    return [*rows, *for_coordinator()] if is_coordinator(user) else rows


# --- The team -----------------------------------------------------------------------------------


def for_team(user):
    memberships = list(
        TeamMembership.objects.today()
        .filter(person=user, participation__status=Participation.Status.IN_PROGRESS)
        .select_related("participation__jst", "participation__edition__setup", "participation__plan")
    )
    plans = [member.participation.plan.pk for member in memberships if hasattr(member.participation, "plan")]
    versions = {version.plan_id: version for version in open_versions(plans)} if plans else {}
    rows = [row_of_member(member, versions) for member in memberships]
    led = [member.participation for member in memberships if member.is_lead]
    written = {
        member.participation.plan.pk
        for member in memberships
        if hasattr(member.participation, "plan") and (member.is_lead or member.is_author)
    }
    rows += own_sections(user, [plan for plan in versions if plan in written])
    return [row for row in [*rows, *rows_in_force(led, versions)] if row]


def own_sections(user, plans):
    """Return the sections of `plans` that the person looks after until a day, the soonest first.

    A section that the plan no longer has, because its scope or its form has changed, waits for nobody.
    """
    states = owned_by(user, plans)[:MOST] if plans else []
    found = [(state, section_of(state.version.plan, state.key)) for state in states]
    return [row_of_section(state, section) for state, section in found if section]


def row_of_section(state, section):
    plan = state.version.plan
    url = reverse("plans:section", args=[plan.pk, state.key])
    title = _("Your section: %s") % section.title
    return Waiting(title, plan.participation.jst.full_name, url, state.due, WRITE)


def rows_in_force(participations, versions):
    """Give a gentle row for each accepted plan that is not public any more, or not said to be adopted."""
    settled = {one.plan.pk: one.jst.full_name for one in participations if hasattr(one, "plan")}
    for plan in versions:
        settled.pop(plan, None)
    if not settled:
        return
    said = PlanEvent.objects.filter(plan=OuterRef("plan"), event__kind__in=ABOUT_PUBLICATION)
    last = Subquery(said.order_by("-event__sequence").values("event__kind")[:1])
    found = in_force().filter(plan__in=settled).annotate(last=last)
    for plan, number, adoption, kind in found.values_list("plan", "number", "adoption", "last"):
        if kind == LAPSED:
            title = _("Agree anew to publish the plan: %s") % settled[plan]
            reason = _("Your consent covered an earlier version; the plan is not public now.")
            yield Waiting(title, reason, reverse("plans:publish", args=[plan]), None, ADOPT)
        if adoption is None:
            title = _("Record how the plan was adopted: %s") % settled[plan]
            url = reverse("plans:adoption", args=[plan, number])
            reason = _("If there was no separate act, say so; it may also wait.")
            yield Waiting(title, reason, url, None, ADOPT)


def row_of_member(member, versions):
    """Return what one membership asks of the person, or None."""
    participation = member.participation
    unit = participation.jst.full_name
    try:
        setup = participation.edition.setup
    except EditionSetup.DoesNotExist:
        return None
    if not hasattr(participation, "plan"):
        url = reverse("plans:start", args=[participation.pk])
        reason = _("Nothing is started yet.")
        row = Waiting(_("Start the plan: %s") % unit, reason, url, day(setup.deadline), START)
        return row if member.is_lead else None
    version = versions.get(participation.plan.pk)
    if version is None:
        return None
    due = day(due_of(version, setup.deadline))
    return row_of_version(member, version, unit, participation.plan.get_absolute_url(), due)


def row_of_version(member, version, unit, url, due):
    if version.status == S.AWAITING_SIGNATURE:
        reason = _("Read it, then send it to ORE or give it back.")
        row = Waiting(_("Sign the plan: %s") % unit, reason, url, due, SIGN)
        return row if member.is_signatory else None
    if not (member.is_lead or member.is_author):
        return None
    if version.status_before == S.RETURNED:
        reason = _("ORE has returned the plan.")
        if version.unanswered:
            words = ngettext("%d remark to answer.", "%d remarks to answer.", version.unanswered)
            reason = f"{reason} {words % version.unanswered}"
        return Waiting(_("Correct the plan: %s") % unit, reason, url, due, CORRECT)
    return Waiting(_("Write the plan: %s") % unit, _("The draft is open."), url, due, WRITE)


def day(moment):
    return timezone.localtime(moment).date() if moment else None


# --- The expert ---------------------------------------------------------------------------------


def for_expert(user):
    reviews = (
        Review.objects.of(user)
        .filter(status__in=Review.WRITABLE, version__status__in=WAITING)
        .select_related("version__plan__participation__jst")
        .defer("version__comparison", "summary")
        .annotate(judged=judged_by())
        .order_by(*(F(one).asc(nulls_last=True) for one in PLACE))
    )
    return capped(reviews, row_of_review, _("More reviews"), reverse("plans:reviews"))


def row_of_review(review):
    unit = review.version.plan.participation.jst.full_name
    url = review.get_absolute_url()
    if review.version.status == S.SENT:
        reason = _("You may read the plan; the review has not started yet.")
        return Waiting(_("Read the plan: %s") % unit, reason, url, review.due, READ)
    begun = review.status == Review.Status.IN_PROGRESS
    reason = _("Your review is begun.") if begun else _("Your review is not begun yet.")
    return Waiting(_("Review the plan: %s") % unit, reason, url, review.due, REVIEW)


def flags_to(user):
    """The matters put to this person, whoever that is."""
    flags = (
        Flag.objects.filter(addressee=user, status=Flag.Status.OPEN)
        .select_related("plan__participation__jst")
        .order_by("pk")
    )
    return capped(flags, row_of_flag, _("More matters"), reverse("plans:flags"))


def row_of_flag(flag):
    title = _("Settle the matter: %s") % flag.plan.participation.jst.full_name
    return Waiting(title, f"{flag.get_kind_display()}.", flag.get_absolute_url(), None, FLAG)


# --- ORE ----------------------------------------------------------------------------------------


def for_coordinator():
    # A plan that lacks an expert has one row: a decision on it stays possible on the page of decisions.
    complete = awaiting_decision().filter(handed_in__gte=F("needed"))
    decisions = reverse("plans:decisions")
    sent_ones = f"{reverse('plans:list')}?status=sent"
    return [
        *capped(wanting_experts(), row_of_sent, _("More plans sent to ORE"), sent_ones),
        *capped(complete, row_of_reviewed, _("More plans to decide on"), decisions),
        *capped(prepared_decisions(), row_of_prepared, _("More prepared decisions"), decisions),
        *late_reviews(),
    ]


def wanting_experts():
    """Return the plans just sent, behind those few in review that lack an expert: their time is running."""
    lacking = Q(status=S.IN_REVIEW, decision=None, asked__lt=F("needed"))
    return (
        with_reviews(PlanVersion.objects)
        .filter(Q(status=S.SENT) | lacking)
        .select_related("plan__participation__jst")
        .defer("comparison")
        .order_by(Case(When(status=S.IN_REVIEW, then=0), default=1), "sent_at", "pk")
    )


def late_reviews():
    """Give one row for all reviews that are late, however many: each has its line on the page it leads to."""
    late = Review.objects.filter(waits(), due__lt=timezone.localdate()).count()
    if late:
        reason = ngettext("%d review is late.", "%d reviews are late.", late) % late
        url = f"{reverse('plans:review_dashboard')}?stan={LATE}"
        yield Waiting(_("Ask experts for late reviews"), reason, url, None, RELEASE)


def row_of_sent(version):
    unit = version.plan.participation.jst.full_name
    url = reverse("plans:reviewers", args=[version.plan_id])
    if version.asked >= version.needed:
        reason = _("The experts have been asked: the review can start.")
        return Waiting(_("Start the review: %s") % unit, reason, url, None, DECIDE)
    reason = _("The plan has been sent.") if version.status == S.SENT else lacking_in_words(version)
    return Waiting(_("Ask experts: %s") % unit, reason, url, None, DECIDE)


def lacking_in_words(version):
    """What is said of a plan in review that fewer experts judge than needed: somebody has given it up."""
    missing = version.needed - version.asked
    told = [
        _("Reviews in: %(done)s of %(needed)s.") % {"done": version.handed_in, "needed": version.needed},
        ngettext("%d expert is lacking.", "%d experts are lacking.", missing) % missing,
    ]
    return " ".join(told)


def row_of_reviewed(version):
    unit = version.plan.participation.jst.full_name
    if version.wants_third:
        url = reverse("plans:reviewers", args=[version.plan_id])
        return Waiting(_("Ask a third expert: %s") % unit, _("The experts differ."), url, None, DECIDE)
    url = reverse("plans:decision", args=[version.plan_id, version.number])
    # Of a change of an accepted plan there may be nothing to wait for.
    reason = _("All reviews are in.") if version.needed else _("This change needs no expert.")
    return Waiting(_("Decide: %s") % unit, reason, url, None, DECIDE)


def row_of_prepared(decision):
    version = decision.version
    url = reverse("plans:decision", args=[version.plan_id, version.number])
    title = _("Release the decision: %s") % version.plan.participation.jst.full_name
    return Waiting(title, _("Prepared: %s.") % decision.get_outcome_display(), url, None, RELEASE)


def capped(rows, make, more, url):
    """Return the first rows, and where there are others one that counts them and leads to all."""
    found = list(rows.annotate(total=Window(Count("pk")))[:MOST])
    waiting = [make(row) for row in found]
    if found and found[0].total > MOST:
        left = found[0].total - MOST
        reason = ngettext("%d more", "%d more", left) % left
        waiting.append(Waiting(more, reason, url, None, REST))
    return waiting
