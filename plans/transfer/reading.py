"""A spreadsheet of a team as tables: XLSX, ODS or CSV, every cell as the text a person sees."""

from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, XmlError, ZipError

from jst.imports.archives import Content, check_spreadsheet, damaged
from jst.imports.cells import LACKING, SURPLUS, columns_of, normal_header, rows_of
from jst.imports.csv_files import csv_table
from jst.imports.report import Refused
from jst.imports.xlsx_files import as_text
from plans.sections import RowSet
from plans.transfer.packages import LIMIT, check_package, check_repeats
from plans.transfer.tables import TABLES, best_fit, by_title, sheet_title

# A section has at most 300 rows; a table with more than this is some other file.
MOST_ROWS = 3000
ENDINGS = (".xlsx", ".ods", ".csv")


@dataclass
class Sheet:
    """One table. `columns`: normalised heading → heading as written; `rows`: (number, cells by column).

    `codes`: number of a row → its first cell, which says whose row it is; None where a file has no codes.
    """

    name: str
    columns: dict
    rows: list
    row_set: RowSet | None = None
    codes: dict | None = None


def read_sheets(path, name):
    """Return the tables of the file uploaded under `name` that belong to a plan, and the names of the rest.

    A file with a single table is known by its headings. Raises Refused with one sentence.
    """
    if PurePath(name).suffix.lower() == ".csv":
        table = csv_table(Content(path), LIMIT)
        return [fitting(Sheet(name, table.columns, limited(table.rows)))], []
    book = opened(path, name)
    known = by_title()
    titled = {sheet: known.get(normal_header(sheet)) for sheet in book.sheet_names}
    found = [sheet_of(book, title, row_set) for title, row_set in titled.items() if row_set]
    if found:
        return [sheet for sheet in found if sheet.columns], [title for title in titled if not titled[title]]
    filled = [title for title in book.sheet_names if book.get_sheet_by_name(title).height]
    if not filled:
        raise Refused(_("The file is empty."))
    if len(filled) > 1:
        raise Refused(
            _("None of the sheets has a name that the portal knows: %(names)s. Use the template.")
            % {"names": names_of_sheets()}
        )
    return [fitting(sheet_of(book, filled[0], None))], []


def opened(path, name):
    """Return the workbook, after a look at the whole of it."""
    if PurePath(name).suffix.lower() == ".ods":
        check_package(path)
        check_repeats(path)
    else:
        check_spreadsheet(path, LIMIT)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, PasswordError, XmlError, ZipError, OSError, ValueError) as error:
        raise damaged() from error


def sheet_of(book, name, row_set):
    try:
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, XmlError, ZipError, OSError, ValueError) as error:
        raise damaged() from error
    numbered = enumerate(([as_text(cell) for cell in row] for row in sheet.iter_rows()), start=1)
    header = next((cells for _number, cells in numbered if any(cells)), [])
    columns = columns_of(header)
    return Sheet(name, columns, limited(rows_of(numbered, list(columns))), row_set)


def fitting(sheet):
    sheet.row_set = best_fit(sheet.columns)
    if sheet.row_set is None:
        raise Refused(
            _("The portal does not know the columns of this table. Use the headings of the template.")
        )
    return sheet


def names_of_sheets():
    return ", ".join(f"„{sheet_title(row_set)}”" for row_set in TABLES)


def limited(rows):
    """Return the rows as a list, without the marks of uneven ones; Refused where they are too many."""
    found = []
    for number, cells in rows:
        if len(found) == MOST_ROWS:
            raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
        found.append((number, {name: cell for name, cell in cells.items() if name not in {LACKING, SURPLUS}}))
    return found
