"""The tables that may be brought in, by a spreadsheet or by the document of a section."""

import re

from django.utils.text import capfirst

from jst.imports.cells import normal_header
from plans.sections import ROW_SETS, SECTION_OF_MODEL, STRUCTURES

# In the order of writing: what others point to comes first. Sections, each with its row sets.
SECTIONS = ("goals", "schools", "actions", "indicators", "budget")
TABLES = tuple(row_set for key in SECTIONS for row_set in STRUCTURES[key])
# By which columns a row without a code is the same as one of the plan. A spreadsheet must fill the first.
KEYS = {
    "debate": ("held_on", "place"),
    "strength": ("body",),
    "weakness": ("body",),
    "opportunity": ("body",),
    "threat": ("body",),
    "strategic": ("title",),
    "operational": ("title",),
    "school": ("school",),
    "action": ("title",),
    "cost": ("action", "year", "source"),
    "indicator": ("name",),
    "budget": ("year", "source"),
    "risk": ("name",),
    "evidence": ("title",),
}
LONGEST = 31
# What stands for a row in the first cell of its line, and for a kind of rows in the first cell of its table.
CODE = re.compile(r"#([0-9a-f]{10})(?![0-9a-z])", re.IGNORECASE)
MARK = re.compile(r"#([a-z]{3,20})(?![0-9a-z])", re.IGNORECASE)


def code_of(uid):
    """Return the code by which a document names a row of the plan; its copies in later versions keep it."""
    return f"#{str(uid).replace('-', '')[:10]}"


def sections_behind(key):
    """Return the sections whose rows those of `key` may point to, in the order of writing, and itself."""
    found, waiting = set(), [key]
    while waiting:
        one = waiting.pop()
        found.add(one)
        targets = {target for row_set in STRUCTURES[one] for target in row_set.refers_to.values()}
        pointed = {SECTION_OF_MODEL[ROW_SETS[target].model] for target in targets}
        waiting += pointed - found
    return [one for one in SECTIONS if one in found - {key}] + [key]


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
