"""What every form of a file shares: cells, headers, limits and the table they become."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jst.imports.report import Refused
from jst.spelling import folded

MEGABYTE = 1024 * 1024
# The largest register, RSPO, is about 42 MB; a file of more than this is not a register.
LIMIT = 200 * MEGABYTE
MOST_ROWS = 500_000
# Cells beyond the last column of the header are kept under this name, so that they can be reported.
SURPLUS = ""
# A row that ends early names here the first column it lacks. Blank ends are no fault: spreadsheets drop
# the last separators of a row.
LACKING = "\0"
# What registers write where they have nothing to say.
BLANKS = {"http://", "https://", "DANE DO UZUPEŁNIENIA"}


@dataclass(frozen=True)
class Table:
    """`columns`: normalised header → header as written; `rows`: (the spreadsheet's number, cells).

    The header is row 1. A row counts once however many lines its quoted cells take, as in a
    spreadsheet, and an empty row counts too. Rows are read while they are asked for.
    """

    columns: dict[str, str]
    rows: Iterator[tuple[int, dict[str, str]]]


def normal_header(header):
    """Return a header as programs compare it: „Kod terytorialny gmina” → `kod_terytorialny_gmina`."""
    return re.sub(r"\W+", "_", folded(header)).strip("_")


def bare(cell):
    """Return a cell without spaces around it and the ="0123" of Excel; blank where it says nothing."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].strip()
    return "" if cell in BLANKS else cell


def columns_of(headers):
    """Return normalised header → header as written, in the order of the file."""
    headers = [" ".join(bare(header).split()) for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    counted = Counter(normal_header(header) for header in headers)
    twice = [header for header in headers if counted[normal_header(header)] > 1]
    if twice:
        raise Refused(_("The column “%(column)s” appears twice.") % {"column": twice[0]})
    return {normal_header(header): header for header in headers}


def rows_of(numbered, names):
    """Give (number, cells by name) of every row that is not empty; raises Refused beyond the limit."""
    for number, cells in numbered:
        if number > MOST_ROWS:
            raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
        cells = [bare(cell) for cell in cells]
        if not any(cells):
            continue
        row = dict(zip(names, cells, strict=False))
        if len(cells) < len(names):
            row = dict.fromkeys(names, "") | row | {LACKING: names[len(cells)]}
        elif surplus := [cell for cell in cells[len(names) :] if cell]:
            row[SURPLUS] = " ".join(surplus)
        yield number, row


def too_large(limit):
    return Refused(_("The file is larger than %(size)s MB once unpacked.") % {"size": limit // MEGABYTE})
