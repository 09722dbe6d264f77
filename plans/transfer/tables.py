"""The tables of the spreadsheet: one for each kind of row that may be brought in."""

from django.utils.text import capfirst

from jst.imports.cells import normal_header
from plans.sections import ROW_SETS, STRUCTURES

# In the order of writing: what others point to comes first. Sections, each with its row sets.
SECTIONS = ("goals", "schools", "actions", "indicators", "budget")
TABLES = tuple(row_set for key in SECTIONS for row_set in STRUCTURES[key])
# By which columns a row of the file is the same as one of the plan; the first must be filled.
KEYS = {
    "strategic": ("title",),
    "operational": ("title",),
    "school": ("school",),
    "action": ("title",),
    "cost": ("action", "year", "source"),
    "indicator": ("name",),
    "budget": ("year", "source"),
}
LONGEST = 31


def sheet_title(row_set):
    """Return the name of the sheet; spreadsheets allow 31 signs."""
    title = str(row_set.title)
    return (title if len(title) <= LONGEST else title[:LONGEST].rpartition(" ")[0]).rstrip(" ,")


def heading(row_set, name):
    return capfirst(str(row_set.model._meta.get_field(name).verbose_name))


def column_names(row_set):
    """Return normalised heading → field."""
    return {normal_header(heading(row_set, name)): name for name in row_set.fields}


def by_title():
    """Return normalised name of a sheet → row set."""
    return {normal_header(sheet_title(row_set)): row_set for row_set in TABLES}


def best_fit(columns):
    """Return the row set whose headings a lone table has, or None where none of them has its key column."""
    found = []
    for row_set in TABLES:
        names = column_names(row_set)
        key = normal_header(heading(row_set, KEYS[row_set.name][0]))
        if key in columns:
            known = len(names.keys() & columns.keys())
            found.append((known, known - len(names), row_set.name))
    return ROW_SETS[max(found)[2]] if found else None
