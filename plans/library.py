"""The library: accepted plans that the teams agreed to publish, as everybody may look for them."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import F, Func, Subquery
from django.utils.translation import gettext_lazy as _

from jst.models import Jst
from jst.naming import with_kind
from plans.facts import unit_name, years
from plans.models import Plan, PlanVersion

PER_PAGE = 20
# No list is as long; a larger number in an address is somebody's play.
LAST_PAGE = 10_000

# A city with county rights counts as an urban gmina, as in the reports of the programme.
KINDS = {
    "miejskie": (_("urban gminas"), [Jst.Kind.GM, Jst.Kind.MNP]),
    "wiejskie": (_("rural gminas"), [Jst.Kind.GW]),
    "miejsko-wiejskie": (_("urban-rural gminas"), [Jst.Kind.GMW]),
    "powiaty": (_("counties"), [Jst.Kind.P]),
}
UNIT, LIES_IN = "participation__jst", "participation__jst__parent"
COLUMNS = (
    "pk",
    "title",
    "year_from",
    "year_to",
    "published_on",
    f"{UNIT}__kind",
    f"{UNIT}__name",
    f"{LIES_IN}__kind",
    f"{LIES_IN}__name",
    f"{LIES_IN}__parent__kind",
    f"{LIES_IN}__parent__name",
    "total",
)


class LibraryFilter(forms.Form):
    """Words of a name, kind of unit and voivodeship; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"),
        required=False,
        choices=[("", _("all")), *((key, label) for key, (label, _kinds) in KINDS.items())],
    )
    wojewodztwo = forms.ChoiceField(label=_("Voivodeship"), required=False)

    def __init__(self, data):
        super().__init__(data)
        voivodeships = Jst.objects.current().filter(kind=Jst.Kind.W).values_list("code", "name")
        self.fields["wojewodztwo"].choices = [("", _("all")), *voivodeships]

    def apply(self, plans):
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("szukaj"):
            plans = plans.filter(participation__jst__in=Jst.objects.search(words))
        if kind := wanted.get("rodzaj"):
            plans = plans.filter(participation__jst__kind__in=KINDS[kind][1])
        if code := wanted.get("wojewodztwo"):
            plans = plans.filter(participation__jst__code__startswith=code)
        return plans

    @property
    def is_used(self):
        return any(self.cleaned_data.values())


@dataclass
class Line:
    """One plan of the library in words."""

    pk: int
    title: str
    unit: str
    place: str
    years: str
    published_on: date


def newest(count):
    """Return the plans published last and how many there are in all, in one query."""
    return read(Plan.objects.published(), ("-published_on", "-pk"), 0, count)


def page_of(plans, number):
    """Return one page of the plans, by the names of their units, in one query; None past the last page."""
    number = min(max(number, 1), LAST_PAGE)
    first = (number - 1) * PER_PAGE
    lines, total = read(plans, (f"{UNIT}__sort_key", f"{UNIT}__code", "pk"), first, first + PER_PAGE)
    if not lines and number > 1:
        return None
    paginator = Paginator(range(total), PER_PAGE)
    return Page(lines, number, paginator)


def read(plans, order, first, last):
    """Return the plans from `first` to `last` as lines, and the number of all; without rows that is 0."""
    plans = plans.order_by(*order)
    # Only the few that are shown are joined with their units and counties, which is most of the work.
    shown = Plan.objects.filter(pk__in=plans.values("pk")[first:last]).annotate(total=number_of(plans))
    rows = list(shown.order_by(*order).values(*COLUMNS))
    return [as_line(row) for row in rows], rows[0]["total"] if rows else 0


def number_of(plans):
    """Return the number of the plans as a part of another query; Count() would group them."""
    return Subquery(plans.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number"))


def as_line(row):
    around = [(row[f"{unit}__kind"], row[f"{unit}__name"]) for unit in (LIES_IN, f"{LIES_IN}__parent")]
    return Line(
        pk=row["pk"],
        title=row["title"],
        unit=unit_name(row[f"{UNIT}__kind"], row[f"{UNIT}__name"]),
        place=", ".join(with_kind(kind, name) for kind, name in around if kind),
        years=years(row["year_from"], row["year_to"]),
        published_on=row["published_on"],
    )


def published_version(plan_pk):
    """Return the accepted version in force of a published plan, or None."""
    versions = PlanVersion.objects.visible_to(AnonymousUser()).for_page()
    return (
        versions.select_related(f"plan__{LIES_IN}__parent").filter(plan=plan_pk).order_by("-number").first()
    )
