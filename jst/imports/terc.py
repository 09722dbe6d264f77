"""What the rows of GUS's TERC mean: voivodeships, counties, gminas, and parts that are no units.

Each unit has its code without the last digit as its key, because that digit (RODZ, the kind) changes
over the years. A city with county rights has two rows, one as a county and one as a gmina, and is one
unit (domain.md §5; regulation Dz.U. 1998 no. 157, item 1031).
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from jst.imports.reading import SURPLUS, read_table
from jst.imports.report import Refused, Rejected

COLUMNS = {
    "woj": "WOJ",
    "pow": "POW",
    "gmi": "GMI",
    "rodz": "RODZ",
    "nazwa": "NAZWA",
    "stan_na": "STAN_NA",
}
CODE_COLUMNS = {"WOJ", "POW", "GMI", "RODZ"}
# The whole country is about 1.2 MB as CSV and XML together.
LIMIT = 20 * 1024 * 1024
UNIT_KINDS = {"1": "GM", "2": "GW", "3": "GMW"}
PARTS_OF_GMINAS = {"4", "5"}
PARTS_OF_CITIES = {"8", "9"}
RODZ_WORDS = {
    "gmina miejska": "1",
    "gmina wiejska": "2",
    "gmina miejsko-wiejska": "3",
    "miasto": "4",
    "obszar wiejski": "5",
    "dzielnica": "8",
    "delegatura": "9",
}
# Cities with county rights have county numbers from 61 up.
FIRST_CITY = "61"


@dataclass(frozen=True)
class Unit:
    """One unit of local government as the file gives it."""

    code: str
    teryt: str
    kind: str
    name: str
    row: int
    parent: str = ""
    county_code: str | None = None


@dataclass
class Reading:
    """The units of a file by code, and what could not be used.

    `doubtful` are codes named by rejected rows; `unreadable` says that some row's code is not known,
    so that no unit may be taken for absent.
    """

    as_of: date | None
    rows: int
    units: dict[str, Unit]
    rejected: list[Rejected]
    doubtful: set[str]
    unreadable: bool


@dataclass
class Row:
    """One row of the file with the faults found in it: (column, value, reason)."""

    number: int
    woj: str
    pow: str
    gmi: str
    rodz: str
    name: str
    added: str
    stan_na: str
    surplus: str
    faults: list = field(default_factory=list)

    @property
    def key(self):
        return self.woj + self.pow + self.gmi

    @property
    def place(self):
        """The key with the zeros a spreadsheet may have taken: what lies here is not without a place."""
        return "".join(part.zfill(2) for part in (self.woj, self.pow, self.gmi) if part)

    @property
    def teryt(self):
        return self.key + self.rodz

    @property
    def is_part(self):
        return self.rodz in PARTS_OF_GMINAS | PARTS_OF_CITIES

    @property
    def is_gmina(self):
        return self.rodz in UNIT_KINDS

    @property
    def is_city(self):
        return self.pow >= FIRST_CITY

    def fault(self, column, value, reason):
        self.faults.append((column, value, reason))

    def is_about_code(self):
        """Say whether a fault leaves open which unit the row means."""
        return any(column in CODE_COLUMNS for column, _value, _reason in self.faults)


def read(path):
    """Return the Reading of an official TERC file; raises Refused where it is no such file."""
    table = read_table(path, LIMIT)
    if missing := [name for key, name in COLUMNS.items() if key not in table.columns]:
        raise Refused(
            _("This is not a TERC file: these columns are missing: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    rows = [_row(number, cells) for number, cells in table.rows]
    if not rows:
        raise Refused(_("The file has a header and no rows."))
    as_of = _as_of(rows)
    for row in rows:
        check_code(row)
        check_words(row, as_of)
    check_repeats(rows)
    check_places(rows)
    return _reading(rows, as_of)


def _row(number, cells):
    added = cells.get("nazwa_dod") or cells.get("nazdod") or ""
    return Row(
        number,
        cells["woj"],
        cells["pow"],
        cells["gmi"],
        cells["rodz"],
        cells["nazwa"],
        added,
        cells["stan_na"],
        cells.get(SURPLUS, ""),
    )


def _as_of(rows):
    """Return the day of which most rows are; the others are faults."""
    days = Counter(day for row in rows if (day := _day(row.stan_na)))
    return days.most_common(1)[0][0] if days else None


def _day(text):
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


# --- One row alone ----------------------------------------------------------------------------


def check_code(row):
    """Find faults in the four columns of the code."""
    _check_number(row, "WOJ", row.woj, needed=True)
    _check_number(row, "POW", row.pow, needed=bool(row.gmi or row.rodz))
    _check_number(row, "GMI", row.gmi, needed=bool(row.rodz))
    if row.gmi and not row.rodz:
        row.fault("RODZ", "", _("Enter the kind of the gmina: 1, 2 or 3."))
    elif row.rodz and not (row.is_gmina or row.is_part):
        row.fault("RODZ", row.rodz, _("TERC knows the kinds 1, 2, 3, 4, 5, 8 and 9 only."))
    elif RODZ_WORDS.get(row.added, row.rodz) != row.rodz:
        words = {"number": RODZ_WORDS[row.added], "words": row.added}
        row.fault("RODZ", row.rodz, _("“%(words)s” has the kind %(number)s.") % words)


def _check_number(row, column, value, *, needed):
    if not value:
        if needed:
            row.fault(column, value, _("Enter two digits."))
    elif re.fullmatch("[0-9]", value):
        row.fault(column, value, _("Enter two digits: a leading zero may have been lost in a spreadsheet."))
    elif not re.fullmatch("[0-9]{2}", value):
        row.fault(column, value, _("Enter two digits."))
    elif value == "00":
        row.fault(column, value, _("No unit has this number."))


def check_words(row, as_of):
    """Find faults in the name, the date and beyond the last column."""
    if not row.name:
        row.fault("NAZWA", row.name, _("Enter the name."))
    elif len(row.name) > 100:
        row.fault("NAZWA", row.name[:100], _("The name is longer than 100 signs."))
    elif not all(sign.isalpha() or sign in " -–.'’()" for sign in row.name):
        row.fault("NAZWA", row.name, _("A name has letters, spaces and hyphens only."))
    day = _day(row.stan_na)
    if not day:
        row.fault("STAN_NA", row.stan_na, _("Enter the date as year-month-day, for example 2026-01-01."))
    elif day != as_of:
        row.fault("STAN_NA", row.stan_na, _("The other rows are as of %(day)s.") % {"day": as_of})
    if row.surplus:
        row.fault("", row.surplus, _("The row has more cells than the header."))


# --- Rows among rows --------------------------------------------------------------------------


def check_repeats(rows):
    """Find units and parts that are given twice; the second row is at fault."""
    first = {}
    for row in rows:
        key = row.teryt if row.is_part else row.key
        if key in first and not row.is_about_code():
            row.fault(*_last_code_cell(row), _("Row %(row)s has the same code.") % {"row": first[key]})
        first.setdefault(key, row.number)


def check_places(rows):
    """Find counties without a voivodeship, gminas without a county, parts without a gmina.

    A place whose own row has faults counts as present: its fault is reported once, where it is.
    """
    present = {row.place: row for row in rows if not row.is_part}
    with_gminas = {place[:4] for place in present if len(place) == 6}
    gminas = Counter(row.key[:4] for row in rows if row.rodz == "1" and not row.faults)
    for row in rows:
        if row.is_about_code():
            continue
        if fault := _place_fault(row, present) or _city_fault(row, with_gminas, gminas):
            row.fault(*fault)


def _place_fault(row, present):
    if row.pow and row.woj not in present:
        return "WOJ", row.woj, _("The file has no voivodeship with this code.")
    if row.gmi and row.key[:4] not in present:
        return "POW", row.pow, _("The file has no county %(code)s.") % {"code": row.key[:4]}
    if row.rodz in PARTS_OF_GMINAS:
        whole = present.get(row.key)
        if whole is None or (whole.rodz != "3" and not whole.faults):
            return "GMI", row.gmi, _("The file has no urban-rural gmina %(code)s.") % {"code": row.key}
    if row.rodz in PARTS_OF_CITIES and not row.is_city:
        return "RODZ", row.rodz, _("Only cities with county rights have such parts.")
    return None


def _city_fault(row, with_gminas, gminas):
    if not row.is_city:
        return None
    if row.rodz in {"2", "3"}:
        return "RODZ", row.rodz, _("A city with county rights is an urban gmina: its kind is 1.")
    if not row.gmi and row.key not in with_gminas:
        return "POW", row.pow, _("This city with county rights has no row as a gmina.")
    if row.rodz == "1" and gminas[row.key[:4]] > 1:
        return "GMI", row.gmi, _("A city with county rights is one gmina; the file has more.")
    return None


def _last_code_cell(row):
    """Return the column and value that distinguish the row from others of its level."""
    if row.gmi:
        return "GMI", row.gmi
    return ("POW", row.pow) if row.pow else ("WOJ", row.woj)


# --- Rows into units --------------------------------------------------------------------------


def _reading(rows, as_of):
    good = [row for row in rows if not row.faults]
    bad = [row for row in rows if row.faults]
    units = [_unit(row) for row in good if not row.is_part and not _is_county_row_of_city(row)]
    return Reading(
        as_of=as_of,
        rows=len(rows),
        units={unit.code: unit for unit in units},
        rejected=[Rejected(row.number, *fault) for row in bad for fault in row.faults],
        doubtful={row.key for row in bad},
        unreadable=any(row.is_about_code() for row in bad),
    )


def _is_county_row_of_city(row):
    return bool(row.pow) and not row.gmi and row.is_city


def _unit(row):
    if not row.pow:
        # TERC writes voivodeships in capitals; everybody else writes them small.
        return Unit(row.key, row.teryt, "W", row.name.lower(), row.number)
    if not row.gmi:
        return Unit(row.key, row.teryt, "P", row.name, row.number, parent=row.woj)
    if row.is_city:
        return Unit(row.key, row.teryt, "MNP", row.name, row.number, row.woj, row.key[:4])
    return Unit(row.key, row.teryt, UNIT_KINDS[row.rodz], row.name, row.number, parent=row.key[:4])
