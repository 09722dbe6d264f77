"""A version as its reviewer reads it: every place of the outline with its remarks and what has changed."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models

from plans.comparison import ADDED, REMOVED
from plans.models import Remark
from plans.sections import ROW_SETS

# Tables with more columns than this, or with told ones, are read row by row: half a window is narrow.
NARROW = 4


@dataclass
class ReadRow:
    row: object
    cells: list
    remarks: list
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
class ReadSection:
    """One section: its text or tables, remarks to the whole of it, the change of its text, rows that went."""

    part: object
    tables: list
    remarks: list
    change: dict | None
    removed: list
    is_changed: bool
    open_remarks: int
    verdict: object = None


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


def annotated(parts, comparison, remarks):
    """Return the sections to read. `remarks` is what `ledger.remarks_for` gives."""
    changes = Changes(comparison)
    return [read_section(part, changes, remarks.get(part.key, [])) for part in parts]


def read_section(part, changes, remarks):
    by_row = defaultdict(list)
    uids = {row.uid for table in part.tables for row in table.rows}
    for remark in remarks:
        uid = str(remark.row_uid or "")
        # A remark to a row that is gone stays with its section.
        by_row[uid if uid in uids else ""].append(remark)
    return ReadSection(
        part=part,
        tables=[read_table(table, changes, by_row) for table in part.tables],
        remarks=by_row[""],
        change=changes.texts.get(part.key),
        removed=changes.removed.get(part.key, []),
        is_changed=part.key in changes.sections,
        open_remarks=sum(remark.status not in Remark.SETTLED for remark in remarks),
    )


def read_table(table, changes, by_row):
    rows = [
        ReadRow(
            row=row,
            cells=[(cell, changes.cells.get((row.uid, cell.field))) for cell in row.cells],
            remarks=by_row.get(row.uid, ()),
            is_new=row.uid in changes.new,
            is_changed=row.uid in changes.changed,
        )
        for row in table.rows
    ]
    return ReadTable(table.name, table.title, table.columns, rows)
