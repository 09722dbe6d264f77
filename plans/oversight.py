"""All reviews as coordinators look after them: filters, and lines with the result and the days late."""

from django import forms
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.forms.base import ListFilter
from jst.models import Edition, Jst
from plans.models import Remark, Review, ReviewScore
from plans.queue import WAITING, how_many
from plans.results import MOST

LATE, WAITS, IN = "spoznione", "czekaja", "oddane"


def waits():
    return Q(status__in=Review.WRITABLE, version__status__in=WAITING)


def reviews_to_oversee():
    """Return all reviews with what their line shows: those that wait first, the longest due on top."""
    weight = {"criterion__weight__gt": 0, "score__isnull": False, "review": OuterRef("pk")}
    scores = ReviewScore.objects.filter(**weight).order_by().values("review")
    unsettled = Remark.objects.unsettled().filter(plan=OuterRef("version__plan"))
    return (
        Review.objects.select_related(
            "version__plan__participation__jst__parent__parent",
            "version__plan__participation__edition",
            "expert__person",
        )
        .defer("version__comparison", "summary")
        .annotate(
            is_waiting=Case(When(waits(), then=Value(1)), default=Value(0)),
            given=Subquery(scores.annotate(sum=Sum(F("score") * F("criterion__weight"))).values("sum")),
            most=Subquery(scores.annotate(sum=Sum(MOST * F("criterion__weight"))).values("sum")),
            unsettled=how_many(unsettled, "plan"),
        )
        .order_by("-is_waiting", Case(When(waits(), then=F("due"))).asc(nulls_last=True), "-pk")
    )


def as_line(review):
    """Give a review what its line says: the unit, the days late, the result once it is handed in."""
    today = timezone.localdate()
    review.unit = review.version.plan.participation.jst.placed_name
    late = review.is_waiting and review.due and review.due < today
    review.days_late = (today - review.due).days if late else 0
    nudged = review.nudged_at and timezone.localdate(review.nudged_at)
    review.may_nudge = bool(review.days_late) and nudged != today
    is_in = review.status == Review.Status.HANDED_IN
    review.result = round(100 * review.given / review.most) if is_in and review.most else None
    return review


class ReviewFilter(ListFilter):
    """Words of the unit's or the expert's name, edition and state; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    ekspert = forms.CharField(label=_("Name of the expert"), required=False, max_length=100)
    edycja = forms.ChoiceField(label=_("Edition"), required=False)
    stan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), (LATE, _("late")), (WAITS, _("not handed in")), (IN, _("handed in"))],
    )

    def __init__(self, data):
        super().__init__(data)
        # `setup` tells where plans are written at all: those can be given to experts.
        rows = Edition.objects.order_by("-since", "name").values_list("pk", "name", "slug", "setup")
        rows = list(rows[:50])
        self.fields["edycja"].choices = [("", _("all")), *((str(row[0]), row[1]) for row in rows)]
        self.editions = [(slug, name) for _pk, name, slug, setup in rows if setup]

    def by_szukaj(self, rows, words):
        return rows.filter(version__plan__participation__jst__in=Jst.objects.search(words))

    def by_ekspert(self, rows, words):
        for word in words.split():
            named = Q(expert__person__first_name__icontains=word)
            rows = rows.filter(named | Q(expert__person__last_name__icontains=word))
        return rows

    def by_edycja(self, rows, edition):
        return rows.filter(version__plan__participation__edition=edition)

    def by_stan(self, rows, state):
        if state == IN:
            return rows.filter(status=Review.Status.HANDED_IN)
        late = Q(due__lt=timezone.localdate()) if state == LATE else Q()
        return rows.filter(waits() & late)
