"""Queues: an expert's reviews, the plans that wait for ORE's decision, decisions that wait for release."""

from datetime import date

from django.db.models import Case, Count, Exists, F, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from plans.agreement import wanting_third
from plans.amending import accepted_before, needed_in_rows
from plans.models import Criterion, Decision, PlanVersion, Remark, Review, ReviewScore, SectionVerdict

# The place of a review in the queue of those that wait.
PLACE = ("due", "judged", "pk")
WAITING = {PlanVersion.Status.SENT, PlanVersion.Status.IN_REVIEW}


def how_many(rows, by):
    """Return how many of `rows` an outer row has, as an expression."""
    counted = rows.order_by().values(by).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def queue_of(user):
    """Return the reviews of an expert: those that wait first, by due date, then the others, newest first.

    Of those due on one day the version comes first that the fewest experts have judged.

    Each has `is_waiting`, `scored` of `criteria_count`, `judged_sections`, whether it `amends` a plan
    in force, and of such a version the `changes`: a comparison is long, and no other is read.
    """
    scores = ReviewScore.objects.filter(review=OuterRef("pk"), score__isnull=False).exclude(rationale="")
    verdicts = SectionVerdict.objects.filter(review=OuterRef("pk")).exclude(verdict="")
    criteria = Criterion.objects.filter(
        criteria_set=OuterRef("version__plan__participation__edition__setup__criteria")
    )
    waits = Q(status__in=Review.WRITABLE, version__status__in=WAITING)
    return (
        Review.objects.of(user)
        .select_related(
            "version__plan__participation__jst__parent__parent",
            "version__plan__participation__edition",
            "version__plan__template",
        )
        .defer("version__comparison", "summary")
        .annotate(
            is_waiting=Case(When(waits, then=Value(1)), default=Value(0)),
            scored=how_many(scores, "review"),
            criteria_count=how_many(criteria, "criteria_set"),
            judged_sections=how_many(verdicts, "review"),
            amends=Exists(accepted_before("version__")),
            judged=judged_by(),
            changes=Case(When(amends=True, then=F("version__comparison")), output_field=JSONField()),
        )
        .order_by("-is_waiting", *(Case(When(waits, then=one)).asc(nulls_last=True) for one in PLACE), "-pk")
    )


def judged_by():
    """Return how many reviews of its version are handed in, as an expression on reviews."""
    others = Review.objects.filter(version=OuterRef("version"), status=Review.Status.HANDED_IN)
    return how_many(others, "version")


def next_review(user, review):
    """Return the review that this person writes next, as in the queue; after the last one the first again.

    None where no other review can be written now.
    """
    can_be_written = Q(status__in=Review.WRITABLE, version__status=PlanVersion.Status.IN_REVIEW)
    rows = Review.objects.of(user).filter(can_be_written | Q(pk=review.pk)).annotate(judged=judged_by())
    places = {pk: (due or date.max, judged, pk) for due, judged, pk in rows.values_list(*PLACE)}
    mine = places.pop(review.pk, (review.due or date.max, 0, review.pk))
    found = min((one for one in places.values() if one > mine), default=min(places.values(), default=None))
    return found and Review.objects.get(pk=found[-1])


def with_reviews(rows, path=""):
    """Give each row how many reviews ORE needs of its version, has `asked` for and has `handed_in`.

    `path` leads from the row to the version.
    """
    reviews = Review.objects.filter(version=OuterRef(f"{path}pk"))
    return rows.annotate(
        needed=needed_in_rows(path),
        asked=how_many(reviews.exclude(status__in=Review.WITHOUT_OPINION), "version"),
        handed_in=how_many(reviews.filter(status=Review.Status.HANDED_IN), "version"),
    )


def lacking_experts():
    """Return the versions with ORE of which fewer reviews are asked for than needed, the longest sent first.

    An expert may give a review up long after the others have begun. Where a decision is prepared, ORE waits
    for nobody any more.
    """
    waiting = PlanVersion.objects.filter(status__in=WAITING, decision=None)
    return (
        with_reviews(waiting)
        .filter(asked__lt=F("needed"))
        .select_related("plan__participation__jst__parent", "plan__participation__edition__setup")
        .defer("comparison")
        .order_by("sent_at", "pk")
    )


def awaiting_decision():
    """Return the versions whose experts have all handed in and for which no decision is prepared.

    A change of an accepted plan that needs no expert waits for a decision from the start. Each says whether
    it `wants_third`: a third expert, because the first differ. Where an expert gave the review up, fewer are
    `handed_in` than `needed`: ORE may decide all the same.
    """
    unreviewed = Q(Exists(accepted_before()), plan__participation__edition__setup__amendment_reviews=0)
    reviews = Review.objects.filter(version=OuterRef("pk"))
    return (
        with_reviews(PlanVersion.objects)
        .filter(
            Q(Exists(reviews.filter(status=Review.Status.HANDED_IN))) | unreviewed,
            ~Exists(reviews.filter(status__in=Review.WRITABLE)),
            status=PlanVersion.Status.IN_REVIEW,
            decision=None,
        )
        .select_related("plan__participation__jst__parent", "plan__participation__edition")
        .defer("comparison")
        .annotate(wants_third=Exists(wanting_third(PlanVersion.objects.filter(pk=OuterRef("pk")))))
        .order_by("sent_at", "pk")
    )


def prepared_decisions():
    """Return the decisions that were not released, oldest first, each with its `unsettled` remarks.

    Each says how many reviews of its version are `handed_in` of those `needed`.
    """
    unsettled = Remark.objects.unsettled().filter(plan=OuterRef("version__plan"))
    prepared = Decision.objects.filter(released_at=None, version__status=PlanVersion.Status.IN_REVIEW)
    return (
        with_reviews(prepared, "version__")
        .select_related(
            "version__plan__participation__jst__parent",
            "version__plan__participation__edition",
            "prepared_by",
        )
        .defer("version__comparison")
        .annotate(unsettled=how_many(unsettled, "plan"))
        .order_by("prepared_at", "pk")
    )
