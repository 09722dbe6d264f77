"""Who is told about what happens to plans and reviews, and what the letters say.

A letter carries no text of a plan, a review or a remark: only ORE's reason for a decision, which its readers
may all read in the portal too, and what ORE adds to it in its own words. Everything else is behind the
link, where rights are asked anew.
"""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jst.models import Expert, ExpertAssignment, TeamMembership
from jst.models.dated import today
from plans.deadlines import deadline_of
from plans.models import Decision, PlanEvent, Review
from plans.teamwork import matters_of, reminded
from portal.groups import ADMINISTRATOR, COORDINATOR
from portal.models import User

ASKS_EXPERTS = ("plans.version.send", "plans.review.recuse", "plans.review.abstain")
FLAGS = ("plans.flag.raise", "plans.flag.resolve", "plans.flag.reopen")
DECISIONS = ("plans.version.return", "plans.version.accept", "plans.version.refuse")


# --- Who ----------------------------------------------------------------------------------------


def team(event, **rights):
    """The members of the team today."""
    members = TeamMembership.objects.today().filter(participation__plan=event.planevent.plan_id, **rights)
    return list(User.objects.filter(pk__in=members.values("person")))


def signatories(event):
    return team(event, is_signatory=True)


def leads(event):
    return team(event, is_lead=True)


def writers(event):
    return [*team(event, is_lead=True), *team(event, is_author=True)]


def writers_and_signatories(event):
    return [*writers(event), *signatories(event)]


def caretakers(event):
    care = ExpertAssignment.objects.on(today()).filter(
        participation__plan=event.planevent.plan_id, role__in=ExpertAssignment.CARING
    )
    return list(User.objects.filter(expert__in=care.values("expert")))


def reviewers(event):
    """The experts who review this version."""
    reviews = Review.objects.filter(version=event.planevent.version_id).exclude(
        status__in=Review.WITHOUT_OPINION
    )
    experts = Expert.objects.on(today()).filter(pk__in=reviews.values("expert"))
    return list(User.objects.filter(expert__in=experts))


def reviewer(event):
    return [event.planevent.review.expert.person]


def coordinators(event):
    """Those at ORE who run the programme."""
    groups = Q(groups__name=COORDINATOR) | Q(groups__name=ADMINISTRATOR)
    return list(User.objects.filter(groups, is_staff=True, is_active=True).distinct())


def of_disagreement(event):
    """ORE, where an expert disagrees with a review; once, until that review is handed in anew."""
    if event.data["agrees"]:
        return []
    said = Q(event__kind=event.kind, event__actor=event.actor_id) | Q(event__kind="plans.review.hand_in")
    before = (
        PlanEvent.objects.filter(said, review=event.planevent.review_id, event__sequence__lt=event.sequence)
        .select_related("event")
        .order_by("-event__sequence")
        .first()
    )
    is_told = before and before.event.kind == event.kind and not before.event.data["agrees"]
    return [] if is_told else coordinators(event)


def sent(event):
    """Team and ORE; the sender gets a receipt too, which an address alone makes possible."""
    return [event.actor.email, *team(event), *coordinators(event)]


def taken_back(event):
    return [*coordinators(event), *reviewers(event)]


def started(event):
    return [*team(event), *reviewers(event)]


def decided(event):
    version = event.planevent.version
    return list(told_of_decisions([version])[version.plan_id])


def told_of_decisions(versions):
    """Return {plan: {person: as whom}} of those whom decisions on these versions are told today, each once.

    The versions are of different plans.
    """
    plans = [version.plan_id for version in versions]
    day = today()
    members = TeamMembership.objects.on(day).filter(participation__plan__in=plans)
    reviews = Review.objects.filter(version__in=versions).exclude(status=Review.Status.RECUSED)
    reviews = reviews.filter(expert__in=Expert.objects.on(day))
    care = ExpertAssignment.objects.on(day).filter(
        participation__plan__in=plans, role__in=ExpertAssignment.CARING
    )
    rows = [
        *((TEAM, *row) for row in members.values_list("participation__plan", "person")),
        *((EXPERT, *row) for row in reviews.values_list("version__plan", "expert__person")),
        *((CARETAKER, *row) for row in care.values_list("participation__plan", "expert__person")),
    ]
    people = User.objects.in_bulk({person for _role, _plan, person in rows})
    found = {plan: {} for plan in plans}
    for role, plan, person in rows:
        found[plan].setdefault(people[person], role)
    return found


def addressee(event):
    return [event.planevent.flag.addressee]


def raised_by(event):
    return [event.planevent.flag.raised_by]


RECIPIENTS = {
    "plans.flag.raise": addressee,
    "plans.flag.resolve": raised_by,
    "plans.flag.reopen": addressee,
    "plans.plan.remind": writers_and_signatories,
    "plans.plan.unlock": writers_and_signatories,
    "plans.plan.unsent": leads,
    "plans.review.nudge": reviewer,
    "plans.review.remind": reviewer,
    "plans.section.remind": reminded,
    "plans.plan.extend": writers_and_signatories,
    "plans.version.ask_signature": signatories,
    "plans.version.recall": writers_and_signatories,
    "plans.version.decline": writers,
    "plans.version.send": sent,
    "plans.version.take_back": taken_back,
    "plans.version.start_review": started,
    "plans.review.assign": reviewer,
    "plans.review.hand_in": coordinators,
    "plans.review.recuse": coordinators,
    "plans.review.abstain": coordinators,
    "plans.review.reopen": reviewer,
    "plans.review.second": of_disagreement,
    **dict.fromkeys(DECISIONS, decided),
}

# A receipt is expected at once.
AT_ONCE = {"plans.version.send"}

# --- Held until a decision is released ------------------------------------------------------------

HELD_AS = "plans.version:"


def named_by_version(event):
    return f"{HELD_AS}{event.planevent.version_id}"


def what_is_decided(names):
    """Return {name: (words, address)} of the prepared decisions that held letters wait for."""
    found = Decision.objects.filter(version__in=[name.removeprefix(HELD_AS) for name in names])
    return {
        f"{HELD_AS}{decision.version_id}": (
            _("the release of the decision: %s") % decision.version.plan.participation.jst.full_name,
            reverse("plans:decision", args=[decision.version.plan_id, decision.version.number]),
        )
        for decision in found.select_related("version__plan__participation__jst")
    }


HELD_FOR = dict.fromkeys(DECISIONS, named_by_version)
HELD = {HELD_AS: what_is_decided}


# --- What ---------------------------------------------------------------------------------------

SENDER, TEAM, CARETAKER, EXPERT, ORE = "sender", "team", "caretaker", "expert", "ore"


def audience_of(event, recipient):
    """Return as whom the person gets the letter: its last line says so."""
    about = event.planevent
    if recipient is None:
        return SENDER
    if recipient.group_names & {COORDINATOR, ADMINISTRATOR}:
        return ORE
    if TeamMembership.objects.filter(participation__plan=about.plan_id, person=recipient).exists():
        return TEAM
    if Review.objects.filter(version__plan=about.plan_id, expert__person=recipient).exists():
        return EXPERT
    return CARETAKER


def link_for(event, recipient, audience):
    """Return the page on which this person goes on."""
    about = event.planevent
    if event.kind in FLAGS:
        return about.flag.get_absolute_url()
    if audience == EXPERT:
        review = Review.objects.filter(version=about.version_id, expert__person=recipient).first()
        return review.get_absolute_url() if review else reverse("plans:reviews")
    if audience == ORE and event.kind in {"plans.review.hand_in", "plans.review.second"}:
        return reverse("plans:decision", args=[about.plan_id, about.version.number])
    if audience == ORE and event.kind in ASKS_EXPERTS:
        return reverse("plans:reviewers", args=[about.plan_id])
    return about.plan.get_absolute_url()


def one_line(text):
    """Return a text in one line: it stands in the subject."""
    return " ".join(text.split())


def words(event, recipient):
    """Return the words of a letter. Of what people typed only ORE's is among them."""
    about = event.planevent
    audience = audience_of(event, recipient)
    unit = one_line(about.plan.participation.jst.placed_name)
    decision = getattr(about.version, "decision", None) if event.kind in DECISIONS else None
    return {
        "unit": unit,
        "version": about.version,
        "review": about.review,
        "audience": audience,
        "link": settings.PORTAL_ORIGIN + link_for(event, recipient, audience),
        "reason": decision.reason if decision else "",
        "own_words": decision.own_words if decision else "",
        "has_report": bool(decision and decision.report_id),
        "due": decision.due if decision else told_due(event),
        "unanswered": event.data.get("unanswered", 0),
        "deadline": deadline_of(about.plan.latest()) if event.kind == "plans.plan.extend" else None,
    }


def told_due(event):
    """Return the due day that a reminder is about, else None."""
    told = event.data.get("due")
    return date.fromisoformat(told) if told else None


def reminder(event, recipient):
    """Return the words of a reminder: sections and dates, never what anybody wrote."""
    day = date.fromisoformat(event.data["day"])
    sections, talked = matters_of(event.planevent.version, day, recipient)
    return words(event, recipient) | {"sections": sections, "talked": talked}


CONTEXT = dict.fromkeys(RECIPIENTS, words) | {"plans.section.remind": reminder}
