"""Tables as files: CSV for programs, XLSX for people. No cell of either ever runs as a formula.

`columns` are headings, `rows` an iterable of sequences as long. CSV leaves as it is made, XLSX once it is
packed. `about` are pairs (what, value) that say what the file holds (the filter, the day, when it was made):
in CSV below the table, after an empty line, in XLSX on a sheet of their own.
"""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so is a formula to a spreadsheet that opens CSV (OWASP: CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


def table_file(kind, name, columns, rows, *, about=()):
    """Return the table as a download of the kind "csv" or "xlsx"; another kind is missing."""
    if kind not in FORMATS:
        raise Http404
    return FORMATS[kind](name, columns, rows, about=about)


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def csv_file(name, columns, rows, *, about=()):
    """Return a streamed download of a CSV file: semicolons, as Polish spreadsheets expect."""
    writer = csv.writer(Echo(), delimiter=";")

    def lines():
        # The mark by which spreadsheets know UTF-8.
        yield "\ufeff" + writer.writerow([guarded(column) for column in columns])
        for row in chain(rows, [[], *about] if about else []):
            yield writer.writerow([guarded(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def guarded(cell):
    """Return a cell as text that no spreadsheet takes for a formula."""
    text = plain(cell)
    if isinstance(text, str) and text.startswith(DANGEROUS):
        return f"'{text}"
    return text


def plain(cell):
    """Return a cell in a form that every reader understands: Polish local time, no time zone."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return cell if isinstance(cell, int | float | Decimal) else str(cell)


def records(columns, rows):
    """Give the rows as the writer takes them; it finds the headings in the first, so there is always one."""
    empty = True
    for row in rows:
        empty = False
        yield dict(zip(columns, map(plain, row), strict=True))
    if empty:
        yield dict.fromkeys(columns, "")


def xlsx_file(name, columns, rows, *, about=()):
    """Return a download of a spreadsheet with one sheet of rows and one that says what they are."""
    columns = [str(column) for column in columns]
    stream = io.BytesIO()
    explained = [{_("what"): str(what), _("value"): plain(value)} for what, value in about]
    book = FastExcel(stream).format(bold_headers=True).freeze(row=1)
    book = book.sheet(_("Table"), records(columns, rows))
    if explained:
        book = book.sheet(_("About this file"), explained)
    book.save()
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


FORMATS = {"csv": csv_file, "xlsx": xlsx_file}
