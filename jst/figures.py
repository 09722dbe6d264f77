"""The figures of editions and projects on any day: values, kinds of units, targets, lists, comparisons.

Every number here is a count of the rows that an indicator gives; nothing is stored.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from jst.models import Edition, Jst, JstPeriod, Target
from portal.indicators import Indicator, indicators

# In figures a city with county rights is an urban gmina, as in ORE's own tables.
KINDS = (Jst.Kind.GW, Jst.Kind.GM, Jst.Kind.GMW, Jst.Kind.P)
# SQLite joins no more than 500 queries into one.
MOST_QUERIES = 500
COUNTED_AS = {Jst.Kind.MNP: Jst.Kind.GM}


@dataclass
class Figure:
    """One indicator on one day, with the target where there is one."""

    indicator: Indicator
    value: int
    breakdown: dict = field(default_factory=dict)
    target: Target | None = None

    @property
    def percent(self):
        """How much of the target is reached, in whole per cent; None without a target."""
        return self.value * 100 // self.target.value if self.target and self.target.value else None

    @property
    def by_kind(self):
        """The parts of the value as (code of the kind, its name, number)."""
        return [(kind, Jst.Kind(kind).label, number) for kind, number in self.breakdown.items()]


def with_kind(indicator, rows, day):
    """Give each row `kind_then`: the kind that its unit had on `day`, as figures count it."""
    periods = JstPeriod.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), jst=OuterRef(indicator.path("jst")), valid_from__lte=day
    )
    then = Coalesce(
        Subquery(periods.order_by("-valid_from").values("kind")[:1]), F(indicator.path("jst__kind"))
    )
    counted = [When(kind_then=kind, then=Value(other)) for kind, other in COUNTED_AS.items()]
    rows = rows.annotate(kind_then=then)
    return rows.annotate(
        kind_counted=Case(*counted, default=F("kind_then"), output_field=CharField(max_length=3))
    )


def figures(editions, day, targets=None):
    """Return the `Figure` of every indicator for a queryset of editions, in one query."""
    targets = targets or {}
    found = {code: dict.fromkeys(KINDS, 0) for code in indicators()}
    for code, kind, number in united(
        by_kind(indicator, editions, day) for indicator in indicators().values()
    ):
        found[code][kind] = number
    return [
        Figure(indicator, sum(found[code].values()), found[code], targets.get(code))
        for code, indicator in indicators().items()
    ]


def by_kind(indicator, editions, day):
    rows = with_kind(indicator, indicator.records(day, editions), day)
    return counts(rows.order_by().values("kind_counted"), indicator, "kind_counted")


def counts(grouped, indicator, key):
    """Return (code, key, number of different things) for each group."""
    grouped = grouped.annotate(number=Count(indicator.counted, distinct=True))
    return grouped.annotate(code=Value(indicator.code, CharField())).values_list("code", key, "number")


def united(queries):
    """Return the rows of all queries, asked at once."""
    first, *others = queries
    return first.union(*others, all=True)


def targets_of(edition):
    """Return the targets of an edition by indicator; those of its project where it is the only edition."""
    own = Q(edition=edition)
    if not Edition.objects.filter(project=edition.project_id).exclude(pk=edition.pk).exists():
        own |= Q(project=edition.project_id)
    rows = Target.objects.filter(own).order_by("edition")
    found = {}
    for target in rows:
        if target.edition_id or target.indicator not in found:
            found[target.indicator] = target
    return found


def values_by_project(days):
    """Return {project: {code: value}}, in one query; `days` are {project: the day of its figures}."""
    found = defaultdict(lambda: defaultdict(int))
    by_day = defaultdict(list)
    for project, day in days.items():
        by_day[day].append(project)
    for some in batched(by_day.items(), MOST_QUERIES // len(indicators())):
        for code, project, number in united([query for one in some for query in of_projects(*one)]):
            found[project][code] = number
    return found


def of_projects(day, projects):
    """Return one query for each indicator: (code, project, value)."""
    editions = Edition.objects.filter(project__in=projects)
    for indicator in indicators().values():
        key = indicator.path("edition__project")
        yield counts(indicator.facts(day, editions).order_by().values(key), indicator, key)


def batched(items, size):
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]


# --- Lists --------------------------------------------------------------------------------------


def records(indicator, editions, day, *, kind="", words=""):
    """Return the list behind a figure, with `kind_then` and `kind_counted`: as many rows as it says."""
    rows = with_kind(indicator, indicator.records(day, editions), day)
    if kind:
        rows = rows.filter(kind_counted=kind)
    if words:
        rows = rows.filter(**{indicator.path("jst__in"): Jst.objects.search(words)})
    return rows.order_by(indicator.path("jst__sort_key"), "pk")


def lines(indicator, rows):
    """Return a query of the values that a list shows: the unit, where it lies, and the columns."""
    unit = ["kind_then", "jst__name", "jst__parent__kind", "jst__parent__name"]
    paths = [name if name == "kind_then" else indicator.path(name) for name in unit]
    return rows.values_list(*paths, *(path for _heading, path in indicator.columns))


def changed(indicator, editions, first, second):
    """Return two querysets of records: those that are there on the second day only, and on the first only."""
    before, after = indicator.facts(first, editions), indicator.facts(second, editions)
    joined = indicator.records(second, editions).exclude(
        **{f"{indicator.counted}__in": before.order_by().values(indicator.counted)}
    )
    left = indicator.records(first, editions).exclude(
        **{f"{indicator.counted}__in": after.order_by().values(indicator.counted)}
    )
    return joined, left
