"""XLSX: the first sheet that has anything in it, every cell as the text a person sees."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from jst.imports.archives import check_spreadsheet, damaged
from jst.imports.cells import Table, columns_of, rows_of
from jst.imports.report import Refused


def xlsx_table(path, limit):
    """Return the Table of a spreadsheet; it is checked whole before a parser sees it."""
    check_spreadsheet(path, limit)
    try:
        sheet = _sheet(CalamineWorkbook.from_path(str(path)))
    except (CalamineError, PasswordError, XmlError, ZipError, OSError, ValueError) as error:
        raise damaged() from error
    if sheet is None:
        raise Refused(_("The file is empty."))
    # calamine gives the rows from the first one on, whether it is used or not.
    numbered = enumerate(([as_text(cell) for cell in row] for row in sheet.iter_rows()), start=1)
    header = next(((number, cells) for number, cells in numbered if any(cells)), (1, []))
    columns = columns_of(header[1])
    return Table(columns, rows_of(numbered, list(columns)))


def _sheet(book):
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height:
            return sheet
    return None


def as_text(cell):
    """Return a cell as text: 1465011.0 → „1465011”, a day → „2026-11-20”."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
