"""The document of a section of rows as the tables that a spreadsheet gives, each row with its code.

A table is known by the mark in its first line or, where that was lost, by the heading above it. Headings of
columns stand across it, a row in each line, or down its first column: then the whole table is one row.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from jst.imports.cells import columns_of, normal_header
from jst.imports.report import Refused
from plans.sections import STRUCTURES
from plans.transfer.documents import (
    MOST_PARAGRAPHS,
    SKIPPED,
    STYLE,
    Brought,
    Numbers,
    notes_of,
    opened,
    text_of,
    whose,
    written,
)
from plans.transfer.reading import MOST_ROWS, Sheet
from plans.transfer.tables import CODE, MARK, column_names

# Frames in which programs put whole paragraphs, rows and cells.
FRAMES = {qn(tag) for tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")}
PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
MERGED = tuple(qn(tag) for tag in ("w:gridSpan", "w:vMerge", "w:hMerge", "w:gridBefore", "w:gridAfter"))
MOST_COLUMNS = 20
MOST_CELLS = 12_000


@dataclass
class BroughtRows(Brought):
    """A document of rows that came back: `sheets` are its tables, `unknown` says which others it has."""

    sheets: list
    unknown: list


def read_rows_document(path):
    """Return what the document of a section of rows says; raises Refused with one sentence."""
    with opened(path) as document:
        reader = Reader(document)
        tables, outside = reader.tables, reader.outside
        plan, number, section, revision = whose(document, [text for _is_ours, text in outside])
        notes = notes_of(document, tables_stay=True)
        if any(text.strip() for is_ours, text in outside if not is_ours):
            notes.append(_("Words outside the tables stay in the document."))
    found = Sheets(STRUCTURES.get(section, ()))
    for at, (heading, lines) in enumerate(tables, start=1):
        found.read(at, heading, lines)
    return BroughtRows(plan, number, section, revision, "", notes + found.notes, found.sheets, found.unknown)


def children(element):
    """Give the elements within, those in frames too, without what was removed."""
    for child in element:
        if child.tag in FRAMES:
            yield from children(child)
        elif child.tag not in SKIPPED:
            yield child


class Reader:
    """Walks through a document. `tables`: (heading above, lines of cells); `outside`: (is ours, text)."""

    def __init__(self, document):
        self.names = {style.style_id: style.name for style in document.styles}
        self.numbers = Numbers(document)
        self.tables, self.outside = [], []
        self.cells, self.paragraphs = 0, 0
        heading = ""
        for child in children(document.element.body):
            if child.tag == TABLE:
                self.tables.append((heading, self.lines(child, heading)))
            elif child.tag == PARAGRAPH:
                text = self.text(child)
                name = self.names.get(child.style) or ""
                self.outside.append((name == STYLE or name.startswith("Heading"), text))
                heading = text.strip() or heading

    def text(self, paragraph):
        self.paragraphs += 1
        if self.paragraphs > MOST_PARAGRAPHS:
            raise too_long()
        text = text_of(paragraph)
        mark = self.numbers.mark(paragraph, self.names.get(paragraph.style) or "")
        return mark + text if text.strip() else text

    def lines(self, table, heading):
        """Return the lines of a table, each a list of texts; raises Refused for what is no plain table."""
        if next(table.iterdescendants(TABLE), None) is not None:
            raise Refused(_("Under “%s” there is a table within a table. Take it out.") % heading[:100])
        if any(self.is_joined(cell) for cell in table.iterdescendants(*MERGED)):
            raise Refused(
                _("Under “%s” cells of the table are merged. Split them, so that each line has all cells.")
                % heading[:100]
            )
        found = [self.line(row) for row in children(table) if row.tag == ROW and not is_removed(row)]
        if len(found) > MOST_ROWS:
            raise too_long()
        return found

    def line(self, row):
        cells = [cell for cell in children(row) if cell.tag == CELL]
        self.cells += len(cells)
        if len(cells) > MOST_COLUMNS or self.cells > MOST_CELLS:
            raise too_long()
        texts = []
        for cell in cells:
            inside = (self.text(one) for one in children(cell) if one.tag == PARAGRAPH)
            texts.append(written("\n".join(inside)))
        return texts

    @staticmethod
    def is_joined(mark):
        """Whether a mark of merging merges: some programs write that a cell takes one column."""
        return mark.get(qn("w:val")) not in {"0", "1"}


def is_removed(row):
    """Whether a row was taken out with tracked changes."""
    properties = row.find(qn("w:trPr"))
    return properties is not None and properties.find(qn("w:del")) is not None


def too_long():
    return Refused(_("The document is too long for one section."))


class Sheets:
    """What the tables of a document come to, one after another: `sheets`, `unknown` tables, and `notes`."""

    def __init__(self, row_sets):
        self.marks = {row_set.name: row_set for row_set in row_sets}
        self.titles = {normal_header(str(row_set.title)): row_set for row_set in row_sets}
        self.sheets, self.unknown, self.notes = [], [], []
        # Row set → the one sheet that all its tables of one row make.
        self.cards = {}

    def read(self, at, heading, lines):
        """Read one table; where somebody took out the line between two, each begins with its mark."""
        row_set, piece = self.titles.get(normal_header(heading)), []
        for line in lines:
            if marked := self.marked(line):
                self.keep(at, row_set, piece)
                row_set, piece = marked, []
            piece.append(line)
        self.keep(at, row_set, piece)

    def marked(self, line):
        """Return the row set whose mark stands in a line as the last line of a cell, or None."""
        ends = (MARK.fullmatch(text.rpartition("\n")[2].strip()) for text in line)
        return next(
            (self.marks[end[1].lower()] for end in ends if end and end[1].lower() in self.marks), None
        )

    def keep(self, at, row_set, lines):
        if not any(any(line) for line in lines):
            return
        if row_set is None:
            words = next(text for line in lines for text in line if text)
            what = {"number": at, "words": words.split("\n")[0][:40]}
            self.unknown.append(_("table %(number)s (%(words)s)") % what)
            return
        known = column_names(row_set)
        across = sum(normal_header(text) in known for text in lines[0])
        down = sum(normal_header(line[0]) in known for line in lines if line)
        sheet = self.card(row_set, lines) if down > across else self.grid(row_set, lines)
        self.notes += [
            _("In the table “%(table)s” the portal does not know the column “%(column)s”: it is left out.")
            % {"table": sheet.name, "column": title}
            for name, title in sheet.columns.items()
            if name not in known and title
        ]

    def grid(self, row_set, lines):
        """Read a table with a row in each line."""
        head, *rest = lines
        first = first_column(head, rest, self.marked)
        columns = columns_of([text for at, text in enumerate(head) if at != first])
        sheet = Sheet(str(row_set.title), columns, [], row_set, {})
        for number, line in enumerate(rest, start=1):
            if len(line) != len(head):
                raise uneven(sheet.name, number)
            sheet.codes[number] = line[first] if first is not None else ""
            cells = [text for at, text in enumerate(line) if at != first]
            sheet.rows.append((number, dict(zip(columns, cells, strict=False))))
        self.sheets.append(sheet)
        return sheet

    def card(self, row_set, lines):
        """Read a table of one row, whose lines are heading and value."""
        sheet = self.cards.get(row_set.name)
        if sheet is None:
            sheet = self.cards[row_set.name] = Sheet(str(row_set.title), {}, [], row_set, {})
            self.sheets.append(sheet)
        number, cells = len(sheet.rows) + 1, {}
        sheet.rows.append((number, cells))
        sheet.codes[number] = ""
        for line in lines:
            if len(line) != 2:
                raise uneven(sheet.name, number)
            if self.marked(line):
                sheet.codes[number] = line[1]
            else:
                sheet.columns.setdefault(normal_header(line[0]), line[0])
                cells[normal_header(line[0])] = line[1]
        return sheet


def first_column(head, rest, marked):
    """Return which column holds the codes: the marked one, or the one where they stand; else None."""
    for at, text in enumerate(head):
        if marked([text]) or any(CODE.search(line[at]) for line in rest if at < len(line)):
            return at
    return None


def uneven(title, number):
    return Refused(
        _("In the table “%(table)s” row %(row)s has fewer or more cells than the heading.")
        % {"table": title, "row": number}
    )
