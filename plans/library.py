"""The library: accepted plans that the teams agreed to publish, as everybody may look for them."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import CharField, Exists, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from jst.models import Jst
from jst.naming import with_kind
from plans.facts import unit_name, years
from plans.models import Challenge, Goal, KeyCompetence, Plan, PlanVersion, SchoolCommitment
from plans.searching import asked_words, forms_rows, matching, passages, understood, weight_of
from plans.shelving import in_force
from portal.spelling import polish_order

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
    *(f"versions__{name}" for name in PlanVersion.ABOUT),
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
    """Words, kind of unit, voivodeship, key competence and challenge; what cannot be read filters nothing.

    `asked` are the words that are looked for. Choices and words cost one query together.
    """

    szukaj = forms.CharField(label=_("What are you looking for"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"),
        required=False,
        choices=[("", _("all")), *((key, label) for key, (label, _kinds) in KINDS.items())],
    )
    wojewodztwo = forms.ChoiceField(label=_("Voivodeship"), required=False)
    kompetencja = forms.ChoiceField(label=_("Key competence"), required=False)
    wyzwanie = forms.ChoiceField(label=_("Challenge"), required=False)

    def __init__(self, data):
        super().__init__(data)
        words = asked_words(data.get("szukaj", "")[:100])
        found = choices_and_forms(words)
        for name in ("wojewodztwo", "kompetencja", "wyzwanie"):
            self.fields[name].choices = [("", _("all")), *found[name]]
            if name == "wyzwanie" and not found[name]:
                del self.fields[name]
        self.asked = understood(words, found["szukaj"])

    def apply(self, plans):
        self.is_valid()
        wanted = self.cleaned_data
        plans = matching(plans, self.asked)
        if kind := wanted.get("rodzaj"):
            plans = plans.filter(participation__jst__kind__in=KINDS[kind][1])
        if code := wanted.get("wojewodztwo"):
            plans = plans.filter(participation__jst__code__startswith=code)
        if competence := wanted.get("kompetencja"):
            plans = plans.filter(pk__in=serving(competence))
        if challenge := wanted.get("wyzwanie"):
            plans = plans.filter(challenge_links__challenge=challenge)
        return plans

    @property
    def is_used(self):
        return any(self.cleaned_data.values())


def serving(competence):
    """The plans that serve a key competence by a goal or in a school, now in force."""
    rows = {"version__in": in_force().values("pk"), "competences": competence}
    return (
        Goal.objects.filter(**rows)
        .order_by()
        .values("version__plan")
        .union(SchoolCommitment.objects.filter(**rows).order_by().values("version__plan"))
    )


def choices_and_forms(words):
    """Return {name of a filter: its choices} and under „szukaj” the rows (form, lemma) of the words."""
    text = CharField()
    voivodeships = Jst.objects.current().filter(kind=Jst.Kind.W)
    rows = [
        voivodeships.annotate(what=Value("wojewodztwo"), place=Value(0)).values_list(
            "what", "code", "name", "place"
        ),
        KeyCompetence.objects.annotate(what=Value("kompetencja"), key=Cast("pk", text)).values_list(
            "what", "key", "label", "position"
        ),
        Challenge.objects.annotate(what=Value("wyzwanie"), key=Cast("pk", text)).values_list(
            "what", "key", "label", "position"
        ),
    ]
    if words:
        forms_ = forms_rows(words).annotate(what=Value("szukaj"), place=Value(0))
        rows.append(forms_.values_list("what", "form", "lemma", "place"))
    found = {"wojewodztwo": [], "kompetencja": [], "wyzwanie": [], "szukaj": []}
    first, *others = (one.order_by() for one in rows)
    for what, key, label, _place in sorted(first.union(*others, all=True), key=in_order):
        found[what].append((key, label))
    return found


def in_order(row):
    what, _key, label, place = row
    return (what, 0, label) if what == "szukaj" else (what, place, polish_order(label))


@dataclass
class Line:
    """One plan of the library in words."""

    pk: int
    title: str
    unit: str
    place: str
    years: str
    published_on: date
    passage: str = ""


def newest(count):
    """Return the plans published last and how many there are in all, in one query."""
    return read(Plan.objects.published(), ("-published_on", "-pk"), 0, count)


def page_of(plans, number, asked=()):
    """Return one page of the plans, by the names of their units, in one query; None past the last page.

    Where words are asked, the plans in which they weigh most come first, each with a passage: one query more.
    """
    number = min(max(number, 1), LAST_PAGE)
    first = (number - 1) * PER_PAGE
    order = (f"{UNIT}__sort_key", f"{UNIT}__code", "pk")
    lines, total = read(plans, order, first, first + PER_PAGE, asked)
    if not lines and number > 1:
        return None
    found = passages([line.pk for line in lines], asked) if asked and lines else {}
    for line in lines:
        line.passage = found.get(line.pk, "")
    paginator = Paginator(range(total), PER_PAGE)
    return Page(lines, number, paginator)


def read(plans, order, first, last, asked=()):
    """Return the plans from `first` to `last` as lines, and the number of all; without rows that is 0."""
    weights = {"weight": weight_of(asked)} if asked else {}
    order = ("-weight", *order) if asked else order
    counted, plans = number_of(plans), plans.annotate(**weights).order_by(*order)
    # Only the few that are shown are joined with their units and counties, which is most of the work.
    shown = with_version_in_force(Plan.objects.filter(pk__in=plans.values("pk")[first:last]))
    shown = shown.annotate(total=counted, **weights)
    rows = list(shown.order_by(*order).values(*COLUMNS))
    return [as_line(row) for row in rows], rows[0]["total"] if rows else 0


def with_version_in_force(plans):
    """Return the plans joined with the version in force: `versions__…` is of that one."""
    accepted = PlanVersion.Status.ACCEPTED
    newer = PlanVersion.objects.filter(
        plan=OuterRef("pk"), number__gt=OuterRef("versions__number"), status=accepted
    )
    return plans.filter(~Exists(newer), versions__status=accepted)


def number_of(plans):
    """Return the number of the plans as a part of another query; Count() would group them."""
    return Subquery(plans.order_by().annotate(number=Func(F("pk"), function="COUNT")).values("number"))


def as_line(row):
    around = [(row[f"{unit}__kind"], row[f"{unit}__name"]) for unit in (LIES_IN, f"{LIES_IN}__parent")]
    return Line(
        pk=row["pk"],
        title=row["versions__title"],
        unit=unit_name(row[f"{UNIT}__kind"], row[f"{UNIT}__name"]),
        place=", ".join(with_kind(kind, name) for kind, name in around if kind),
        years=years(row["versions__year_from"], row["versions__year_to"]),
        published_on=row["published_on"],
    )


def published_version(plan_pk):
    """Return the accepted version in force of a published plan, or None."""
    versions = PlanVersion.objects.visible_to(AnonymousUser()).for_page()
    return (
        versions.select_related(f"plan__{LIES_IN}__parent").filter(plan=plan_pk).order_by("-number").first()
    )
