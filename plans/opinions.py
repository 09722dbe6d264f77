"""What ORE sees before it decides: opinions side by side, and which expert may be asked."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy

from jst.models import ConflictDeclaration, Expert, ExpertAssignment, OperatorStaff, TeamMembership
from plans.agreement import Difference, difference
from plans.amending import judged_sections, reviews_needed
from plans.models import Criterion, PlanEvent, Review, ReviewScore, SectionVerdict
from plans.queue import WAITING, how_many
from plans.results import mean, rescored, weighed
from plans.review_forms import TONES

H = Review.Status.HANDED_IN
# Those whose expert has said something: an opinion, or why there is none.
SPOKEN = frozenset({H, Review.Status.ABSTAINED})
MOST_SHOWN = 50


@dataclass
class Opinion:
    """One answer of one expert in words, and how it was corrected after it had been handed in."""

    words: str = ""
    tone: str = "plain"
    rationale: str = ""
    changes: tuple = ()


@dataclass
class Opinions:
    """The reviews of a version: who wrote, what they recommend, scores and verdicts in rows."""

    reviews: list
    handed_in: list
    criteria: list  # of (label, weight, [Opinion of each review handed in])
    verdicts: list  # of (title of the section, [Opinion …])
    to_correct: set
    needed: int
    missing: int  # reviews that are not in
    lacking: int  # experts to be asked yet
    mean: int | None
    difference: Difference
    third_wanted: bool  # a third expert has to be asked
    third_awaited: bool  # one was asked and has not handed in yet

    @property
    def incomplete(self):
        """Whether accepting now needs a reason."""
        return bool(self.missing or self.third_wanted or self.third_awaited)


def opinions_on(version):
    """Return the opinions on a version; of reviews that are still written only their state."""
    setup = version.plan.participation.edition.setup
    reviews = list(version.reviews.select_related("expert__person").order_by("pk"))
    for review in reviews:
        review.version = version
    handed_in = [review for review in reviews if review.status == H]
    criteria = list(Criterion.objects.filter(criteria_set=setup.criteria_id))
    scores = {
        (score.criterion_id, score.review_id): score
        for score in ReviewScore.objects.filter(review__in=handed_in).order_by()
    }
    verdicts = {
        (verdict.key, verdict.review_id): verdict
        for verdict in SectionVerdict.objects.filter(review__in=handed_in)
    }
    told([review for review in reviews if review.status in SPOKEN], scores, criteria)
    needed = reviews_needed(version)
    asked = sum(review.status not in Review.WITHOUT_OPINION for review in reviews)
    return Opinions(
        reviews=reviews,
        handed_in=handed_in,
        criteria=scored(criteria, handed_in, scores),
        verdicts=[
            (one.title, [opinion(verdicts.get((one.key, review.pk)), "verdict") for review in handed_in])
            for one in judged_sections(version)
        ],
        to_correct={key for (key, _review), one in verdicts.items() if one.verdict in {"change", "gap"}},
        needed=needed,
        missing=max(0, needed - len(handed_in)),
        lacking=max(0, needed - asked),
        mean=mean([review.result for review in handed_in]),
        **third_opinion(reviews, difference(reviews, scores, criteria), setup),
    )


def told(reviews, scores, criteria):
    """Give each review its weighed `result` and the `explanation` with which it was handed in.

    Where the expert has no opinion there is no result, and the explanation says why.
    """
    kinds = {"event__kind__in": ["plans.review.hand_in", "plans.review.abstain"], "review__in": reviews}
    events = PlanEvent.objects.filter(**kinds).select_related("event__words").order_by("event__sequence")
    explanations = {event.review_id: event.event.comment for event in events}
    for review in reviews:
        given = [(scores.get((one.pk, review.pk)), one.weight) for one in criteria]
        review.result = weighed([(score.score, weight) for score, weight in given if score])
        review.explanation = explanations.get(review.pk, "")


def scored(criteria, handed_in, scores):
    """Return the rows of the table of scores."""
    changes = rescored(handed_in) if handed_in else {}
    return [
        (
            one.label,
            one.weight,
            [
                opinion(scores.get((one.pk, review.pk)), "score", tuple(changes.get((one.pk, review.pk), ())))
                for review in handed_in
            ],
        )
        for one in criteria
    ]


def third_opinion(reviews, found, setup):
    """Return in what the first experts differ, and what is still missing because of it."""
    third = [one for one in reviews if one.is_third and one.status not in Review.WITHOUT_OPINION]
    writing = any(one.status in Review.WRITABLE for one in reviews if not one.is_third)
    return {
        "difference": found,
        "third_wanted": bool(setup.third_review and found and not writing and not third),
        "third_awaited": any(one.status in Review.WRITABLE for one in third),
    }


def opinion(row, name, changes=()):
    value = getattr(row, name, None)
    if value is None or value == "":
        return Opinion(changes=changes)
    words = getattr(row, f"get_{name}_display")()
    return Opinion(str(words), TONES[str(value)], getattr(row, "rationale", ""), changes)


def experts_with_load(experts, unit):
    """Return experts with `open_reviews`, those of the unit's voivodeship first, then those with the fewest.

    Each says whether it `is_near`, and whether it `is_full`: takes no more, with the units cared for.
    """
    owed = Review.objects.filter(
        expert=OuterRef("pk"), status__in=Review.WRITABLE, version__status__in=WAITING
    )
    cared_for = ExpertAssignment.objects.today().filter(
        expert=OuterRef("pk"), role=ExpertAssignment.Role.CARETAKER
    )
    near = Q(region__code=unit.voivodeship_code)
    full = Q(capacity__lte=F("open_reviews") + how_many(cared_for, "expert"))
    return experts.annotate(
        open_reviews=how_many(owed, "expert"),
        is_near=Case(When(near, then=True), default=False, output_field=BooleanField()),
        is_full=Case(When(full, then=True), default=False, output_field=BooleanField()),
    ).order_by("-is_near", "open_reviews", "person__last_name", "person__first_name", "pk")


REASONS = {
    "cares": gettext_lazy("is or was the caretaker of this unit"),
    "declared": gettext_lazy("declared a conflict of interest"),
    "member": gettext_lazy("belongs or belonged to the team of this unit"),
    "operator": gettext_lazy("works for the operator that runs this edition"),
}


def unavailable_experts(plan):
    """Return (expert, reason) for today's experts who may not review this plan."""
    participation = plan.participation
    mine = {"expert": OuterRef("pk")}
    caretaking = ExpertAssignment.objects.filter(
        participation__jst=participation.jst_id, role__in=ExpertAssignment.CARING, **mine
    )
    conflicts = ConflictDeclaration.objects.filter(jst=participation.jst_id, **mine)
    members = TeamMembership.objects.filter(
        participation__jst=participation.jst_id, person=OuterRef("person")
    )
    employed = OperatorStaff.objects.lasting().filter(
        operator=participation.edition.operator_id, person=OuterRef("person")
    )
    found = {"cares": caretaking, "declared": conflicts, "member": members, "operator": employed}
    experts = (
        Expert.objects.today()
        .select_related("person")
        .annotate(**{name: Exists(rows) for name, rows in found.items()})
        .filter(Q(cares=True) | Q(declared=True) | Q(member=True) | Q(operator=True))
    )
    return [
        (expert, next(words for name, words in REASONS.items() if getattr(expert, name)))
        for expert in experts[:MOST_SHOWN]
    ]
