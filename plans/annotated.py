"""A version as its reviewer reads it: every place of the outline with its remarks and what has changed.

What was sent never changes, so a section is written out once and kept, with a mark where remarks may stand;
a request only puts the remarks there. A plan of sixty goals has a thousand cells: drawing them each time
would be most of the work of the page.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from plans.comparison import ADDED, REMOVED
from plans.models import Remark
from plans.sections import ROW_SETS

# Tables with more columns than this, or with told ones, are read row by row: half a window is narrow.
NARROW = 4

# Where the remarks to a row stand: its uid and, within a table, the number of columns. No text of a plan
# can forge it: everything people write is escaped.
PLACE = re.compile(r"<!--uwagi ([0-9a-f-]{36}) (\d+)-->")

MAX_KEPT = 64
kept = {}


@dataclass
class ReadRow:
    row: object
    cells: list
    is_new: bool
    is_changed: bool


@dataclass
class ReadTable:
    name: str
    title: str
    columns: list
    rows: list

    @property
    def is_narrow(self):
        model = ROW_SETS[self.name].model
        told = [is_told(model._meta.get_field(name)) for name, _label in self.columns]
        return len(self.columns) == 1 or (len(self.columns) <= NARROW and not any(told))

    @property
    def has_files(self):
        return any(read.row.file for read in self.rows)

    @property
    def width(self):
        """How many columns its table has, with those of the file and of the link to add a remark."""
        return len(self.columns) + self.has_files + 1


@dataclass
class Written:
    """One section written out: pieces of HTML, and between them (uid, columns) of the rows."""

    key: str
    title: str
    is_changed: bool
    pieces: list
    places: list


@dataclass
class ReadSection:
    """One section to read: its HTML with the remarks to its rows, and the remarks to the whole of it."""

    key: str
    title: str
    is_changed: bool
    html: str
    remarks: list
    open_remarks: int
    all_remarks: list
    verdict: object = None
    help: str = ""


def is_told(field):
    """Whether the values of a model's field are longer than a few words."""
    return field.many_to_many or isinstance(field, models.TextField)


class Changes:
    """A stored comparison by place; empty for a version that has none."""

    def __init__(self, comparison):
        self.sections = set()
        self.texts, self.cells, self.new, self.changed = {}, {}, set(), set()
        self.removed = defaultdict(list)
        for change in comparison or ():
            self.sections.add(change["section"])
            self.put(change)

    def put(self, change):
        uid = change["uid"]
        if not uid:
            self.texts[change["section"]] = change
        elif change["what"] == REMOVED:
            self.removed[change["section"]].append(change)
        elif change["what"] == ADDED:
            self.new.add(uid)
        else:
            self.changed.add(uid)
            self.cells[uid, change["field"]] = change


def annotated(version, parts, remarks, *, adds):
    """Return the sections to read. `remarks` is what `ledger.remarks_for` gives.

    With `adds` every row has a link to add a remark, relative to the page of the review.
    """
    return [read_section(one, remarks.get(one.key, [])) for one in written(version, parts, adds)]


def read_section(section, remarks):
    by_row = defaultdict(list)
    uids = {uid for uid, _columns in section.places}
    for remark in remarks:
        uid = str(remark.row_uid or "")
        # A remark to a row that is gone stays with its section.
        by_row[uid if uid in uids else ""].append(remark)
    return ReadSection(
        key=section.key,
        title=section.title,
        is_changed=section.is_changed,
        html=mark_safe("".join(woven(section, by_row))),
        remarks=by_row[""],
        all_remarks=remarks,
        open_remarks=sum(remark.status not in Remark.SETTLED for remark in remarks),
    )


def woven(section, by_row):
    """Give the pieces of a section with the remarks to each row behind it."""
    yield section.pieces[0]
    for (uid, columns), piece in zip(section.places, section.pieces[1:], strict=True):
        if uid in by_row:
            yield from shown(by_row[uid], columns)
        yield piece


def shown(remarks, columns):
    """Give the HTML of the remarks to one row; within a table they are a row of their own."""
    if columns:
        yield f'<tr class="remarks"><td colspan="{columns}">'
    for remark in remarks:
        yield render_to_string("plans/remark_item.html", {"remark": remark})
    if columns:
        yield "</td></tr>"


def written(version, parts, adds):
    """Return the sections of a version written out; those of a sent one are kept."""
    key = (version.pk, version.sha256, adds)
    if version.sha256 and key in kept:
        return kept[key]
    changes = Changes(version.comparison)
    sections = [write_out(part, version, changes, adds) for part in parts]
    if version.sha256:
        if len(kept) >= MAX_KEPT:
            kept.clear()
        kept[key] = sections
    return sections


def write_out(part, version, changes, adds):
    context = {
        "part": part,
        "version": version,
        "tables": [read_table(table, changes) for table in part.tables if table.rows],
        "change": changes.texts.get(part.key),
        "removed": changes.removed.get(part.key, []),
        "adds": adds,
    }
    html = PLACE.split(render_to_string("plans/_read_section.html", context))
    places = [(uid, int(columns)) for uid, columns in zip(html[1::3], html[2::3], strict=True)]
    return Written(part.key, part.title, part.key in changes.sections, html[::3], places)


def read_table(table, changes):
    rows = [
        ReadRow(
            row=row,
            cells=[(cell, changes.cells.get((row.uid, cell.field))) for cell in row.cells],
            is_new=row.uid in changes.new,
            is_changed=row.uid in changes.changed,
        )
        for row in table.rows
    ]
    return ReadTable(table.name, table.title, table.columns, rows)
