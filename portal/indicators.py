"""What the portal counts: every app names its indicators, reports and pages read them here.

An indicator is a function (day, editions) → queryset of dated rows. Its value is the number of different
`counted` among them, and the list behind the number is made of the same rows, so the two cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Min

from portal import conventions


@dataclass(frozen=True)
class Indicator:
    """One figure: `facts(day, editions)` gives the rows it rests on, as of the end of that day.

    `counted` is the field of which different values are counted; `participation` is the way from a row to
    its participation, as in a filter ("" where the row is one). `columns` are (heading, way to the value)
    of the list, after the unit. `definition` says in words what is counted and what is left out.
    """

    code: str
    name: str
    definition: str
    unit: str
    facts: Callable
    counted: str
    participation: str
    columns: tuple = ()

    def path(self, name):
        """Return the way from a row to `name` of its participation."""
        return "__".join(part for part in (self.participation, name) if part)

    def records(self, day, editions):
        """Return one row for each thing counted: as many rows as the figure says."""
        facts = self.facts(day, editions)
        if self.counted == "pk":
            return facts
        first = facts.order_by().values(self.counted).annotate(first=Min("pk")).values("first")
        return facts.filter(pk__in=first)


def indicators():
    """Return every indicator by its code, those of the lowest layer first."""
    offers = conventions.offered("indicators", "INDICATORS")
    return {indicator.code: indicator for offer in offers for indicator in offer}
