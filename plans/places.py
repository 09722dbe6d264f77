"""Where a remark stands: its row, the control in the editor, the element where the plan is read.

Addresses within pages are made here alone: `id_…` are controls of the editor, `wiersz-…` rows, `pole-…` the
fields of rows where the plan is read.
"""

from dataclasses import dataclass

from django.db.models import OuterRef, Q

from plans.models import SchoolCommitment
from plans.queue import how_many
from plans.sections import STRUCTURES

# The control of a told section.
TEXT = "id_body"


@dataclass(frozen=True)
class Place:
    """A row as it stands in one version: what it is called, and its number among those of its table."""

    label: str
    table: str
    number: int


def places_in(parts):
    """Return uid → place of the rows of an outline."""
    return {
        row.uid: Place(row.label, table.name, row.number - 1)
        for part in parts
        for table in part.tables
        for row in table.rows
    }


def places_of(remarks, version):
    """Return uid → place of the rows that remarks point to, asking only the models of their sections."""
    places = {}
    sections = {remark.section for remark in remarks if remark.row_uid}
    uids = {remark.row_uid for remark in remarks if remark.row_uid}
    for row_sets in (STRUCTURES.get(key, ()) for key in sections):
        for model in {row_set.model for row_set in row_sets}:
            tables = [row_set for row_set in row_sets if row_set.model is model]
            for row in numbered(tables).filter(version=version, uid__in=uids):
                name = next(one.name for one in tables if stands_in(row, one))
                places[str(row.uid)] = Place(str(row), name, row.earlier)
    return places


def numbered(tables):
    """Return the rows of tables of one model, each with how many stand `earlier` in its own table."""
    model = tables[0].model
    before = Q(position__lt=OuterRef("position")) | Q(position=OuterRef("position"), pk__lt=OuterRef("pk"))
    same = {name: OuterRef(name) for table in tables for name in table.fixed}
    rows = model.objects.annotate(
        earlier=how_many(model.objects.filter(before, version=OuterRef("version"), **same), "version")
    )
    return rows.select_related("school") if model is SchoolCommitment else rows


def stands_in(row, row_set):
    return all(getattr(row, name) == value for name, value in row_set.fixed.items())


def to_write(remark, place, is_narrative):
    """Return the anchor in the editor: the control, else the row; nothing where only the section is meant."""
    if is_narrative:
        return TEXT
    if place is None:
        return ""
    if remark.field:
        return f"id_{place.table}-{place.number}-{remark.field}"
    return f"wiersz-{remark.row_uid}"


def to_read(remark, place):
    """Return the anchor where the plan is read: the field, else the row, else the section."""
    if place is None:
        return f"sekcja-{remark.section}"
    return field_anchor(remark.row_uid, remark.field) if remark.field else f"wiersz-{remark.row_uid}"


def field_anchor(uid, name):
    return f"pole-{uid}-{name}"


def mark_fields(parts, remarks):
    """Give the cells that remarks speak of their anchor; `parts` is an outline of this page alone."""
    wanted = {(str(remark.row_uid), remark.field) for remark in remarks if remark.row_uid and remark.field}
    if not wanted:
        return
    for row in (row for part in parts for table in part.tables for row in table.rows):
        for cell in row.cells:
            if (row.uid, cell.field) in wanted:
                cell.anchor = field_anchor(row.uid, cell.field)


# --- Where the link of a remark leads -------------------------------------------------------------


def in_editor(remark):
    """Lead to the control or the row on the page of the section itself."""
    return f"#{remark.place_to_write}" if remark.place_to_write else ""


def in_text(remark):
    """Lead to the field or the row on a page that holds the plan."""
    return "" if remark.place_to_read.startswith("sekcja-") else f"#{remark.place_to_read}"


def in_review(remark):
    """Lead to the field: on the page of a review a remark stands behind its row already."""
    return in_text(remark) if remark.field else ""


def in_version(version):
    """Lead from another page to the place in a version."""
    address = version.get_absolute_url()
    return lambda remark: f"{address}#{remark.place_to_read}"
