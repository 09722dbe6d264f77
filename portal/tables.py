"""Tables as files: CSV as Polish offices open it, and XLSX.

Nothing in a cell is ever a formula: in CSV a cell that a spreadsheet would run begins with an apostrophe, in
XLSX every cell is text.
"""

import csv
from datetime import date
from tempfile import TemporaryFile

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(kind, name, header, rows, notes=()):
    """Return the table as a file of `kind` csv or xlsx; `notes` are sentences about it, kept in the file."""
    if kind not in FILES:
        raise Http404
    return FILES[kind](name, header, rows, notes)


def csv_response(name, header, rows, notes=()):
    """Return the table as it is read from the database; the notes stand below it, after an empty line."""
    lines = csv_lines(header, rows, notes)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_lines(header, rows, notes):
    writer = csv.writer(Echo(), delimiter=";")
    # The mark by which spreadsheets know UTF-8.
    yield "\ufeff" + writer.writerow([guarded(cell) for cell in header])
    for row in rows:
        yield writer.writerow([guarded(cell) for cell in row])
    if notes:
        yield writer.writerow([])
    for note in notes:
        yield writer.writerow([guarded(note)])


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def plain(cell):
    """Return a cell as text: days as 2026-01-31, nothing for nothing."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def guarded(cell):
    text = plain(cell)
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text


def xlsx_response(name, header, rows, notes=()):
    """Return the table as a workbook; the notes have a sheet of their own."""
    stream = TemporaryFile()  # noqa: SIM115 – the response closes it
    header = [str(label) for label in header]
    table = (dict(zip(header, map(plain, row), strict=True)) for row in rows)
    book = FastExcel(stream).freeze(row=1).format(bold_headers=True)
    book = book.sheet(_("Table"), with_header(header, table))
    if notes:
        book = book.sheet(_("About this table"), [{_("About this table"): str(note)} for note in notes])
    book.save()
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def with_header(header, table):
    """Give the rows, or one empty row where there are none: a sheet without rows would lose its header."""
    empty = True
    for row in table:
        empty = False
        yield row
    if empty:
        yield dict.fromkeys(header, "")


FILES = {"csv": csv_response, "xlsx": xlsx_response}
