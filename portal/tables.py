"""Tables to take away: CSV that office programs open, and XLSX. Every file says what it is and of when."""

import csv
import io
from datetime import date

import rustpy_xlsxwriter
from django.http import HttpResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What an office program would take for a formula, also in its wide form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")


def plain(value):
    """Return a cell that is a number or a text and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = value.isoformat() if isinstance(value, date) else force_str(value)
        return f"'{text}" if text.startswith(FORMULA) else text
    return value


def as_csv(name, about, headings, rows):
    """Return a download of the rows as CSV; `about` are pairs of what the file says of itself, on top."""
    written = io.StringIO()
    # The mark by which spreadsheets know UTF-8; the separator that Polish ones expect.
    written.write("\ufeff")
    lines = csv.writer(written, delimiter=";")
    lines.writerows([[plain(cell) for cell in pair] for pair in about])
    lines.writerow([])
    lines.writerow([plain(heading) for heading in headings])
    lines.writerows([[plain(cell) for cell in row] for row in rows])
    return download(written.getvalue().encode(), f"{name}.csv", "text/csv; charset=utf-8")


def as_xlsx(name, about, headings, rows):
    """Return a download of the rows as XLSX: a sheet with the list and one with what it says of itself."""
    titles = [force_str(heading) for heading in headings]
    listed = [dict(zip(titles, map(plain, row), strict=True)) for row in rows]
    told = [{_("About this file"): plain(what), " ": plain(value)} for what, value in about]
    sheets = [(_("List"), listed or [dict.fromkeys(titles, "")]), (_("About"), told)]
    written = io.BytesIO()
    rustpy_xlsxwriter.write_worksheets(sheets, written, autofit=True, bold_headers=True)
    return download(written.getvalue(), f"{name}.xlsx", XLSX)


def download(content, name, content_type):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
