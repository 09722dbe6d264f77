"""What ORE sees before it decides: opinions side by side, and which expert may be asked."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from jst.models import ConflictDeclaration, Expert, ExpertAssignment, TeamMembership
from plans.amending import judged_sections, reviews_needed
from plans.models import Criterion, Review, ReviewScore, SectionVerdict
from plans.queue import WAITING, how_many
from plans.review_forms import TONES

H = Review.Status.HANDED_IN
MOST_SHOWN = 50


@dataclass
class Opinion:
    """One answer of one expert in words."""

    words: str = ""
    tone: str = "plain"
    rationale: str = ""


@dataclass
class Opinions:
    """The reviews of a version: who wrote, what they recommend, scores and verdicts in rows."""

    reviews: list
    handed_in: list
    criteria: list  # of (label, [Opinion of each review handed in])
    verdicts: list  # of (title of the section, [Opinion …])
    to_correct: set
    missing: int


def opinions_on(version):
    """Return the opinions on a version; of reviews that are still written only their state."""
    reviews = list(version.reviews.select_related("expert__person").order_by("pk"))
    for review in reviews:
        review.version = version
    handed_in = [review for review in reviews if review.status == H]
    setup = version.plan.participation.edition.setup
    scores = {
        (score.criterion_id, score.review_id): score
        for score in ReviewScore.objects.filter(review__in=handed_in).order_by()
    }
    verdicts = {
        (verdict.key, verdict.review_id): verdict
        for verdict in SectionVerdict.objects.filter(review__in=handed_in)
    }
    criteria = Criterion.objects.filter(criteria_set=setup.criteria_id)
    return Opinions(
        reviews=reviews,
        handed_in=handed_in,
        criteria=[
            (one.label, [opinion(scores.get((one.pk, review.pk)), "score") for review in handed_in])
            for one in criteria
        ],
        verdicts=[
            (one.title, [opinion(verdicts.get((one.key, review.pk)), "verdict") for review in handed_in])
            for one in judged_sections(version)
        ],
        to_correct={key for (key, _review), one in verdicts.items() if one.verdict in {"change", "gap"}},
        missing=max(0, reviews_needed(version) - len(handed_in)),
    )


def opinion(row, name):
    value = getattr(row, name, None)
    if value is None or value == "":
        return Opinion()
    words = getattr(row, f"get_{name}_display")()
    return Opinion(str(words), TONES[str(value)], getattr(row, "rationale", ""))


def experts_with_load(experts):
    """Return experts with `open_reviews`, those with the fewest first."""
    open_reviews = Review.objects.filter(
        expert=OuterRef("pk"), status__in=Review.WRITABLE, version__status__in=WAITING
    )
    return experts.annotate(open_reviews=how_many(open_reviews, "expert")).order_by(
        "open_reviews", "person__last_name", "person__first_name", "pk"
    )


REASONS = {
    "cares": gettext_lazy("is or was the caretaker of this unit"),
    "declared": gettext_lazy("declared a conflict of interest"),
    "member": gettext_lazy("belongs or belonged to the team of this unit"),
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
    experts = (
        Expert.objects.today()
        .select_related("person")
        .annotate(cares=Exists(caretaking), declared=Exists(conflicts), member=Exists(members))
        .filter(Q(cares=True) | Q(declared=True) | Q(member=True))
    )
    return [
        (expert, next(words for name, words in REASONS.items() if getattr(expert, name)))
        for expert in experts[:MOST_SHOWN]
    ]
