"""An expert's queue: which reviews wait, and how far each is."""

from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from plans.models import Criterion, PlanVersion, Review, ReviewScore, SectionVerdict

WAITING = {PlanVersion.Status.SENT, PlanVersion.Status.IN_REVIEW}


def how_many(rows, by):
    """Return how many of `rows` an outer row has, as an expression."""
    counted = rows.order_by().values(by).annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def queue_of(user):
    """Return the reviews of an expert: those that wait first, by due date, then the others, newest first.

    Each has `is_waiting`, `scored` of `criteria_count`, and `judged_sections`.
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
            "version__plan__participation__jst__parent",
            "version__plan__participation__edition",
            "version__plan__template",
        )
        .defer("version__comparison", "summary")
        .annotate(
            is_waiting=Case(When(waits, then=Value(1)), default=Value(0)),
            scored=how_many(scores, "review"),
            criteria_count=how_many(criteria, "criteria_set"),
            judged_sections=how_many(verdicts, "review"),
        )
        .order_by("-is_waiting", Case(When(waits, then=F("due"))).asc(nulls_last=True), "-pk")
    )
