"""Lists behind the figures in words: for the page, for a file, and for the comparison of two days."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jst import figures
from jst.models import Edition, Jst
from jst.naming import with_kind, with_place

# So many lines of each kind of change are shown; the lists of the two days have them all.
MOST_CHANGES = 100


def of(indicator, edition, record_filter):
    """Return the records behind a figure of an edition that fit the filter."""
    editions = Edition.objects.filter(pk=edition.pk)
    return figures.records(indicator, editions, record_filter.day, **record_filter.wanted)


def headings(indicator):
    return [_("Unit"), *(heading for heading, _path in indicator.columns)]


def as_line(indicator, row):
    """Return a row as pairs of heading and words, the unit with its kind and place first."""
    kind, name, parent_kind, parent_name, *values = row
    unit = with_place(kind, name, parent_kind, parent_name)
    return list(zip(headings(indicator), [unit, *map(in_words, values)], strict=True))


def in_words(value):
    if value is None:
        return "–"
    return date_format(value) if isinstance(value, date) else value


def file_headings(indicator):
    unit = [_("Unit"), _("Kind of unit"), _("Lies in")]
    return [*unit, *(heading for heading, _path in indicator.columns)]


def as_cells(row):
    kind, name, parent_kind, parent_name, *values = row
    lies_in = with_kind(parent_kind, parent_name) if parent_name else ""
    return [with_kind(kind, name), Jst.Kind(kind).label, lies_in, *values]


# --- Two days -----------------------------------------------------------------------------------


@dataclass
class Change:
    """One figure on two days, with the lines that are there on one of them only."""

    indicator: figures.Indicator
    before: int
    after: int
    joined: list
    left: list

    @property
    def difference(self):
        return self.after - self.before

    @property
    def is_cut(self):
        return max(len(self.joined), len(self.left)) == MOST_CHANGES


def changes(edition, first, second):
    """Return a `Change` for each indicator: two queries for the figures, two for the lines of each."""
    editions = Edition.objects.filter(pk=edition.pk)
    pairs = zip(figures.figures(editions, first), figures.figures(editions, second), strict=True)
    return [change(editions, before, after, first, second) for before, after in pairs]


def change(editions, before, after, first, second):
    indicator = before.indicator
    joined, left = figures.changed(indicator, editions, first, second)
    return Change(
        indicator,
        before.value,
        after.value,
        lines_of(indicator, joined, second),
        lines_of(indicator, left, first),
    )


def lines_of(indicator, rows, day):
    rows = figures.with_kind(indicator, rows, day).order_by(indicator.path("jst__sort_key"), "pk")
    return [
        [words for _heading, words in as_line(indicator, row)]
        for row in figures.lines(indicator, rows)[:MOST_CHANGES]
    ]
