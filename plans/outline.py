"""A version as it is read: sections with their texts and tables, every value already in words.

The page, the review, the PDF and the comparison all show this, so they cannot disagree.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.formats import date_format, number_format

from plans.content import Content
from plans.sections import STRUCTURES, sections_of
from portal.text import BULLETS, blocks

# The fields by which a row is called: the header of its line, the heading of its card.
NAMES = frozenset({"title", "name", "school", "place"})

# The fields that are for exceptions only.
RARE = frozenset({"reason"})

# The fields that point to many things, one in a line.
MANY = frozenset({"schools", "competences"})


@dataclass
class Cell:
    field: str
    label: str
    value: str
    # The value as it is stored where it is a number or a date: for files that count with it.
    raw: object = None
    # The uid of the row that this one points to.
    points_to: str = ""
    # The anchor of the field where a remark on the page leads to it.
    anchor: str = ""

    @property
    def is_name(self):
        return self.field in NAMES

    @property
    def blocks(self):
        """The value as `portal.text.blocks` gives texts; several things are a list."""
        if self.field in MANY and "\n" in self.value:
            return [(BULLETS, self.value.split("\n"))]
        return blocks(self.value)


@dataclass
class Row:
    uid: str
    label: str
    cells: list
    number: int = 0
    file: str = ""
    origin: str = ""

    @property
    def shown_by(self):
        """The element by which a page shows the attached file; empty where a browser cannot."""
        name = self.file.lower()
        if name.endswith(".pdf"):
            return "iframe"
        return "img" if name.endswith((".png", ".jpg", ".jpeg")) else ""


@dataclass
class Table:
    name: str
    title: str
    columns: list
    rows: list
    total: str = ""


@dataclass
class Part:
    """One section as read. `text` for told ones, `tables` for counted ones."""

    key: str
    title: str
    criterion: str
    is_narrative: bool
    text: str = ""
    tables: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not self.text.strip() and not any(table.rows for table in self.tables)


def outline(version, content=None):
    """Return the version's sections as a list of `Part`, in the order of the template."""
    content = content or Content(version)
    return [part(section, content) for section in sections_of(version.plan)]


MAX_KEPT = 64
kept = {}


def reading(version):
    """Return the outline of a version to read; that of a sent one is kept, because it never changes."""
    if not version.sha256:
        return outline(version)
    key = (version.pk, version.sha256)
    if key not in kept:
        if len(kept) >= MAX_KEPT:
            kept.clear()
        kept[key] = outline(version)
    return kept[key]


def part(section, content):
    text = content.texts.get(section.key) if section.is_narrative else None
    return Part(
        key=section.key,
        title=section.title,
        criterion=section.criterion.label if section.criterion else "",
        is_narrative=section.is_narrative,
        text=text.body if text else "",
        tables=[] if section.is_narrative else [table(rows, content) for rows in STRUCTURES[section.key]],
    )


def table(row_set, content):
    found = content.of(row_set)
    columns = [(name, str(label)) for name, label in row_set.columns() if is_read(name, found)]
    rows = [
        Row(
            uid=str(row.uid),
            label=str(row),
            cells=[cell(row, name, label) for name, label in columns],
            number=number,
            file=row.stored.name if hasattr(row, "stored") else "",
            origin=row.origin,
        )
        for number, row in enumerate(found, start=1)
    ]
    return Table(row_set.name, str(row_set.title), columns, rows, total_of(row_set, found))


def is_read(name, rows):
    """Whether a column is worth its place: one that few plans need is left out where no row has it."""
    return name not in RARE or any(getattr(row, name) for row in rows)


def cell(row, name, label):
    return Cell(name, label, shown(row, name), counted(row, name), pointed(row, name))


def total_of(row_set, rows):
    """Return the sum of the amounts in words; nothing where the rows have none."""
    amounts = [row.amount for row in rows if row.amount is not None] if "amount" in row_set.fields else []
    return number_in_words(sum(amounts)) if amounts else ""


def counted(row, name):
    """Return the value of a field that is a number or a date and no choice; None for any other."""
    field = row._meta.get_field(name)
    if field.many_to_many or field.is_relation or field.choices:
        return None
    value = getattr(row, name)
    return value if isinstance(value, int | Decimal | date) else None


def pointed(row, name):
    """Return the uid of the one content row that a field points to; nothing for any other field."""
    field = row._meta.get_field(name)
    target = getattr(row, name) if field.many_to_one else None
    return str(target.uid) if hasattr(target, "uid") else ""


def number_in_words(value):
    return number_format(value, 2 if value % 1 else 0, use_l10n=True, force_grouping=True)


def shown(row, name):
    """Return the value of one field in words: Polish dates, money and names of choices."""
    model_field = row._meta.get_field(name)
    if model_field.many_to_many:
        return "\n".join(str(target) for target in getattr(row, name).all())
    value = getattr(row, name)
    if value is None or value == "":
        return ""
    if model_field.choices:
        return str(getattr(row, f"get_{name}_display")())
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return number_in_words(value)
    if isinstance(value, models.Model):
        return str(value)
    return str(value)
