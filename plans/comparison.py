"""What changed between two versions, by field, row, paragraph and word; stored when a version is sent."""

from django.utils.translation import gettext as _

from plans.content import Content
from plans.differences import pieces
from plans.facts import years
from plans.outline import Part, outline

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


def compare(before, after):
    """Return the changes from version `before` to version `after` as plain data, in the order of the plan.

    Each is a dict: section, title, what (added | removed | changed), uid, row, field, label, and `pieces`,
    which give both texts: [same | gone | new, text]. Finding them takes long, so no page does it.
    Title and years belong to no section: theirs is "", and they come first.
    """
    earlier = {part.key: part for part in outline(before, Content(before))}
    changes = about_changes(before, after)
    for part in outline(after, Content(after)):
        old = earlier.get(part.key)
        if part.is_narrative:
            changes += text_changes(part, old.text if old else "")
        else:
            old_tables = {table.name: table for table in old.tables} if old else {}
            for table in part.tables:
                changes += table_changes(part, old_tables.get(table.name), table)
    return changes


def change(part, what, *, uid="", row="", field="", label="", before="", after=""):
    return {
        "section": part.key,
        "title": part.title,
        "what": what,
        "uid": uid,
        "row": row,
        "field": field,
        "label": label,
        "pieces": [list(piece) for piece in pieces(before, after)],
    }


def about_changes(before, after):
    cover = Part("", _("Title and years"), "", is_narrative=True)
    told = [
        ("title", _("Title"), before.title, after.title),
        ("years", _("Years"), *(years(one.year_from, one.year_to) for one in (before, after))),
    ]
    return [
        change(cover, CHANGED, field=field, label=label, before=was, after=is_now)
        for field, label, was, is_now in told
        if was != is_now
    ]


def text_changes(part, old_text):
    if old_text == part.text:
        return []
    what = ADDED if not old_text.strip() else REMOVED if not part.text.strip() else CHANGED
    return [change(part, what, before=old_text, after=part.text)]


def table_changes(part, old_table, table):
    old_rows = {row.uid: row for row in old_table.rows} if old_table else {}
    changes = []
    for row in table.rows:
        old = old_rows.pop(row.uid, None)
        if old is None:
            changes.append(change(part, ADDED, uid=row.uid, row=row.label, after=in_words(row)))
            continue
        old_cells = {cell.field: cell.value for cell in old.cells}
        now = {cell.field: cell for cell in row.cells}
        for cell in [*row.cells, *(gone for gone in old.cells if gone.field not in now)]:
            was, is_now = old_cells.get(cell.field, ""), now[cell.field].value if cell.field in now else ""
            if was != is_now:
                place = {"uid": row.uid, "row": row.label, "field": cell.field, "label": cell.label}
                changes.append(change(part, CHANGED, before=was, after=is_now, **place))
    removed = [
        change(part, REMOVED, uid=row.uid, row=row.label, before=in_words(row)) for row in old_rows.values()
    ]
    return changes + removed


def in_words(row):
    return "\n".join(f"{cell.label}: {cell.value}" for cell in row.cells if cell.value)
