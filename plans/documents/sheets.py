"""The spreadsheet of a version: goals, actions with their costs by year, money, indicators and schools.

What can be counted is a number and what is a day is a day; everything else stands as the page says it.
The writer knows no formulas: a text that begins with "=" stays a text.
"""

import io
from collections import defaultdict
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

from plans.documents.wording import NOT_IN_XML, facts
from plans.facts import accepted_at, unit_name
from plans.outline import reading

# How wide a column is that holds words, a number or a day, in signs.
WORDS, NUMBER = 40, 14
# The longest text that a cell of a spreadsheet may hold is 32,767 signs.
LONGEST = 32_000


def plan_xlsx(version):
    """Return the spreadsheet of a version as bytes; its last sheet says of which version and day it is."""
    with translation.override(settings.LANGUAGE_CODE):
        tables = {table.name: table for part in reading(version) for table in part.tables}
        sheets = [(title, filled(title, rows)) for title, rows in sheets_of(tables)]
        about = about_file(version)
    stream = io.BytesIO()
    book = FastExcel(stream).format(bold_headers=True, datetime_format="yyyy-mm-dd").freeze(row=1)
    for title, rows in sheets:
        book = book.sheet(title, rows, column_widths=widths(rows))
    book.sheet(about[0], about[1], column_widths=dict.fromkeys(about[1][0], WORDS)).save()
    return stream.getvalue()


def sheets_of(tables):
    """Give the name and the rows of each sheet; the two levels of goals share one."""
    goals = [
        {_("Level"): tables[name].title, **record}
        for name in ("strategic", "operational")
        for record in records(tables.get(name))
    ]
    yield _("Goals"), goals
    yield _("Actions"), with_costs(tables.get("action"), tables.get("cost"))
    yield _("Costs"), records(tables.get("cost"))
    yield _("Budget"), records(tables.get("budget"))
    yield _("Indicators"), records(tables.get("indicator"))
    yield _("Schools"), records(tables.get("school"))


def records(table):
    return [record_of(row) for row in table.rows] if table else []


def record_of(row):
    record = {capfirst(cell.label): value_of(cell) for cell in row.cells}
    if row.origin:
        record[_("Where it comes from")] = clean(row.origin)
    return record


def with_costs(actions, costs):
    """Return the actions, each with what it costs in each year and together."""
    sums = defaultdict(lambda: defaultdict(Decimal))
    for row in costs.rows if costs else []:
        said = {cell.field: cell for cell in row.cells}
        if said["amount"].raw is not None:
            year = str(said["year"].raw or _("year not given"))
            sums[said["action"].points_to][year] += said["amount"].raw
    span = sorted({year for found in sums.values() for year in found})
    found = []
    for row in actions.rows if actions else []:
        own = sums.get(row.uid, {})
        by_year = {_("Cost %(year)s, PLN") % {"year": year}: float(own.get(year, 0)) for year in span}
        together = {_("Cost together, PLN"): float(sum(own.values(), Decimal()))}
        found.append(record_of(row) | by_year | together)
    return found


def value_of(cell):
    """Return a number or a day as such, anything else as the page says it."""
    if isinstance(cell.raw, Decimal):
        return float(cell.raw)
    if cell.raw is not None:
        return cell.raw
    return clean(cell.value) or None


def clean(words):
    """Return the words as a cell may hold them; of too long a text it says that it was cut."""
    words = NOT_IN_XML.sub("", words)
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST]} … [" + _("cut here; the whole is in the text document") + "]"


def filled(title, rows):
    """Return the rows with the same columns in each; the writer finds the headings in the first of them."""
    columns = list(dict.fromkeys(heading for row in rows for heading in row))
    if not rows:
        return [{title: _("Nothing is written here.")}]
    return [{heading: row.get(heading) for heading in columns} for row in rows]


def widths(rows):
    """Return the width of each column by its heading: wide where there are words."""
    return {
        heading: WORDS if any(isinstance(row[heading], str) for row in rows) else NUMBER
        for heading in rows[0]
    }


def about_file(version):
    """Return the name and the rows of the sheet that says what the file is."""
    plan = version.plan
    said = [(_("Plan"), version.title), (_("Unit"), unit_name(plan.jst.kind, plan.jst.name))]
    for fact in facts(version, accepted_at(version)):
        said.append((fact["label"], "\n".join(item for _kind, items in fact["blocks"] for item in items)))
    return _("About this file"), [{_("what"): what, _("value"): clean(value)} for what, value in said]
