"""A section of rows as a text document: tables with a code in the first cell of each row, and empty rows.

The code is plain text of the cell: properties, bookmarks and hidden marks are lost in one program or another.
What would not fit side by side on an A4 page is one small table for each row, with the columns as lines.
"""

from django import forms
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from plans.documents.docx import cell_xml, framed_xml, row_xml
from plans.models import Evidence
from plans.section_forms import SectionForm
from plans.sections import STRUCTURES
from plans.transfer.cells import cell_of
from plans.transfer.documents import STYLE, finished, opening, written
from plans.transfer.tables import code_of, heading

# Twentieths of a point, of which a centimetre has 567: the room of an A4 page on its side.
CENTIMETRE = 567
ROOM = 26
FIRST = 2.2
EMPTY_ROWS = 3
EMPTY_CARDS = 1
# So many things to choose are written out under a table.
MOST_CHOICES = 60


def rows_document(version, section, *, revision):
    """Return the bytes of a DOCX with the rows of one section."""
    hint = _(
        "Write in the cells. For a new row use an empty one or add one, and leave its first cell empty. "
        "The codes in the first cells say which row is which: do not change them. "
        "A row that you take out of the document stays in the plan."
    )
    document = opening(version, section, revision, hint)
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.8)
    small = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = document.styles["Normal"], Pt(9.5)
    small.paragraph_format.space_after = Pt(0)
    for rows in SectionForm(version, section).row_sets:
        stored = [form for form in rows.forms if not form.is_new]
        if rows.row_set.model is Evidence:
            prefetch_related_objects([form.row for form in stored], "stored")
        document.add_heading(str(rows.row_set.title), level=2)
        for xml in (card_tables if is_wide(rows.row_set) else grid_table)(rows, stored):
            document.element.body._insert_tbl(parse_xml(xml))
            # Two tables without a line between them become one.
            document.add_paragraph(style=STYLE)
        for words in things_to_choose(rows, section):
            document.add_paragraph(words, style=STYLE)
    return finished(document, version, section, revision)


def wanted(row_set, name):
    """Return how many centimetres a column wants: a long text the most, a number the least."""
    field = row_set.model._meta.get_field(name)
    if isinstance(field, models.TextField):
        return 10
    if field.is_relation:
        return 4.5
    if isinstance(field, models.CharField) and not field.choices and field.max_length > 100:
        return 4
    return 2.5 if isinstance(field, models.CharField) or field.choices else 2


def is_wide(row_set):
    return FIRST + sum(wanted(row_set, name) for name in row_set.fields) > ROOM


def grid_table(rows, stored):
    """Give one table with a line for each row."""
    row_set = rows.row_set
    shares = [FIRST, *(wanted(row_set, name) for name in row_set.fields)]
    widths = [int(ROOM * CENTIMETRE * share / sum(shares)) for share in shares]
    labels = [heading(row_set, name) for name in row_set.fields]
    columns = list(
        zip([[_("Code"), f"#{row_set.name}"], *([label] for label in labels)], widths, strict=True)
    )
    lines = [row_xml([cell_xml(words, width, bold=True) for words, width in columns], is_head=True)]
    for number, form in enumerate(stored, start=1):
        cells = [first_cell(number, form.row), *(lines_of(form[name]) for name in row_set.fields)]
        lines.append(line_xml(cells, widths))
    empty = [[""]] * len(widths)
    lines += [line_xml(empty, widths)] * (EMPTY_ROWS if row_set.can_add else 0)
    yield framed_xml(str(row_set.title), widths, lines)


def card_tables(rows, stored):
    """Give a table of two columns for each row, and for an empty one."""
    row_set = rows.row_set
    widths = [6 * CENTIMETRE, (ROOM - 6) * CENTIMETRE]
    head = [_("Code"), f"#{row_set.name}"]
    cards = [[first_cell(number, form.row), form] for number, form in enumerate(stored, start=1)]
    cards += [[[""], None]] * (EMPTY_CARDS if row_set.can_add else 0)
    for first, form in cards:
        lines = [line_xml([head, first], widths, label=True)]
        for name in row_set.fields:
            words = lines_of(form[name]) if form else [""]
            lines.append(line_xml([[heading(row_set, name)], words], widths, label=True))
        yield framed_xml(str(row_set.title), widths, lines)


def first_cell(number, row):
    """Return the lines of the cell that says whose a row is: its number, its file, its code."""
    return [str(number), *([row.stored.name] if isinstance(row, Evidence) else []), code_of(row.uid)]


def lines_of(bound):
    return written(cell_of(bound)).split("\n")


def line_xml(cells, widths, *, label=False):
    """Return one line of a table; its first cell is bold where it is a `label`."""
    found = zip(cells, widths, strict=True)
    xml = [cell_xml(words, width, bold=label and not at) for at, (words, width) in enumerate(found)]
    return row_xml(xml, whole=False)


def things_to_choose(rows, section):
    """Give a line for each column that chooses; not where the document itself holds that."""
    own = {row_set.name for row_set in STRUCTURES[section.key]}
    for name in rows.row_set.fields:
        choices = getattr(rows.fields[name], "choices", ())
        labels = [written(str(label)) for value, label in choices if value]
        if not labels or rows.row_set.refers_to.get(name) in own:
            continue
        words = " · ".join(labels[:MOST_CHOICES]) + (" …" if len(labels) > MOST_CHOICES else "")
        if isinstance(rows.fields[name], forms.MultipleChoiceField):
            words += " – " + _("one or several, each in a line of its own")
        yield f"{heading(rows.row_set, name)}: {words}"
