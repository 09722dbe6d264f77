"""All reviews as coordinators look after them: filters, and lines with the result and the days late."""

from functools import cache

from django import forms
from django.db.models import Case, F, FloatField, OuterRef, Q, Subquery, Sum, Value, When
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from jst.forms.base import ListFilter
from jst.models import Edition, Jst
from jst.naming import named, place_columns
from plans.models import Remark, Review, ReviewScore
from plans.queue import WAITING, how_many
from plans.results import MOST
from portal.addresses import addresses
from portal.prepared import prepared_for_all
from portal.spelling import full_name
from portal.templatetags.portal_ui import TONE_OF

PER_PAGE = 50
LATE, WAITS, IN, ABSTAINED = "spoznione", "czekaja", "oddane", "bez-opinii"
SAID = {IN: Review.Status.HANDED_IN, ABSTAINED: Review.Status.ABSTAINED}
UNIT = "version__plan__participation__jst"
STATUS_WORDS = dict(Review.Status.choices)
RECOMMENDATIONS = dict(Review.Recommendation.choices)


def waits():
    return Q(status__in=Review.WRITABLE, version__status__in=WAITING)


def reviews_to_oversee():
    """Return all reviews: those that wait first, the longest due on top."""
    order = Case(When(waits(), then=F("due"))).asc(nulls_last=True)
    is_waiting = Case(When(waits(), then=Value(1)), default=Value(0))
    return Review.objects.annotate(is_waiting=is_waiting).order_by("-is_waiting", order, "-pk")


def lines_of(keys, day):
    """Return what the lines of the reviews with these keys, a page of them at most, say on a day."""
    # No review has the key 0.
    padded = [*keys, *[0] * (PER_PAGE - len(keys))]
    rows = {row["pk"]: row for row in prepared_for_all("plans.overseen_reviews", columns_of, *padded)}
    return as_lines([rows[key] for key in keys if key in rows], day)


def columns_of(*keys):
    """Return the columns of some reviews that `as_line` reads, one dict each."""
    weight = {"criterion__weight__gt": 0, "score__isnull": False, "review": OuterRef("pk")}
    share = 100.0 * Sum(F("score") * F("criterion__weight")) / Sum(MOST * F("criterion__weight"))
    scores = ReviewScore.objects.filter(**weight).order_by().values("review").annotate(share=share)
    unsettled = Remark.objects.unsettled().filter(plan=OuterRef("version__plan"))
    return (
        reviews_to_oversee()
        .filter(pk__in=keys)
        .order_by()
        .values(
            *("pk", "status", "recommendation", "due", "nudged_at", "is_third", "is_waiting"),
            *place_columns(UNIT),
            number=F("version__number"),
            plan=F("version__plan"),
            edition=F("version__plan__participation__edition__name"),
            first_name=F("expert__person__first_name"),
            last_name=F("expert__person__last_name"),
            email=F("expert__person__email"),
            unsettled=how_many(unsettled, "plan"),
            share=Subquery(scores.values("share"), output_field=FloatField()),
        )
    )


def as_lines(rows, day):
    """Return what the lines say on a day: unit, expert, days late, the result of what is handed in."""
    plan, review, nudge = map(addresses, ("plans:plan", "plans:review", "plans:review_nudge"))
    return [
        as_line(row, day)
        | {
            "plan_page": plan(row["plan"]),
            "review_page": review(row["pk"]),
            "nudge_page": nudge(row["pk"]),
        }
        for row in rows
    ]


def as_line(row, day):
    days_late = max((day - row["due"]).days, 0) if row["is_waiting"] and row["due"] else 0
    nudged = row["nudged_at"] and timezone.localdate(row["nudged_at"])
    is_in = row["status"] == Review.Status.HANDED_IN
    return row | {
        "unit": named(row, UNIT),
        "expert": full_name(row["first_name"], row["last_name"], row["email"]),
        "days_late": days_late,
        "late": late_in_words(days_late, get_language()) if days_late else "",
        "may_nudge": bool(days_late) and nudged != day,
        "status": STATUS_WORDS[row["status"]],
        "tone": TONE_OF.get(row["status"], "plain"),
        "recommendation": RECOMMENDATIONS.get(row["recommendation"], "") if is_in else "",
        "result": round(row["share"]) if is_in and row["share"] is not None else None,
    }


@cache
def late_in_words(days, language):
    """How late a review is; lists repeat the same few."""
    return ngettext("%(count)s day late", "%(count)s days late", days) % {"count": days}


def editions():
    return Edition.objects.order_by("-since", "name").values_list("pk", "name", "slug", "setup")[:50]


class ReviewFilter(ListFilter):
    """Words of the unit's or the expert's name, edition and state; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    ekspert = forms.CharField(label=_("Name of the expert"), required=False, max_length=100)
    edycja = forms.ChoiceField(label=_("Edition"), required=False)
    stan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("all")),
            (LATE, _("late")),
            (WAITS, _("not handed in")),
            (IN, _("handed in")),
            (ABSTAINED, _("read, no opinion")),
        ],
    )

    def __init__(self, data):
        super().__init__(data)
        # `setup` tells where plans are written at all: those can be given to experts.
        rows = prepared_for_all("plans.oversight.editions", editions)
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
        if state in {IN, ABSTAINED}:
            return rows.filter(status=SAID[state])
        late = Q(due__lt=timezone.localdate()) if state == LATE else Q()
        return rows.filter(waits() & late)
