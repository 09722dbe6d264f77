"""Population of units, from the files of GUS's Bank Danych Lokalnych (BDL)."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from jst.imports.applying import Difference, Reading, newest_day, run
from jst.imports.changes import Change
from jst.imports.reading import read_table
from jst.imports.report import Refused, Rejected
from jst.models import Jst, Population

SOURCE = "population"
LIMIT = 20 * 1024 * 1024
COLUMN = re.compile(r"(?:ludnosc_w_tysiacach|ludnosc|ogolem)(_mezczyzni|_kobiety)?_(20\d\d)_(tys_osob|osoba)")
FIELDS = {None: "people", "_kobiety": "women", "_mezczyzni": "men"}
PARTS = {"4", "5", "8", "9"}
# Thousands with two decimals are rounded to ten people, each of the three figures by itself.
ROUNDING = 20


def import_population(path, *, apply=False, set_aside=False, by=None, progress=None):
    """Compare a file of GUS's population with the portal's figures and, asked to, apply it.

    The years stand in the header. An older file adds or corrects its own years only.
    """
    return run(SOURCE, path, read, compare, apply=apply, set_aside=set_aside, by=by, progress=progress)


def read(path):
    table = read_table(path, LIMIT)
    columns = {key: found.groups() for key in table.columns if (found := COLUMN.fullmatch(key))}
    years = sorted({int(year) for part, year, _unit in columns.values() if part is None})
    if "kod" not in table.columns or not years:
        raise Refused(_("This is not a file of population: it needs the columns “Kod” and “ludność”."))
    codes = dict(Jst.objects.values_list("code", "pk"))
    reading = Reading(date(years[-1], 12, 31))
    for number, cells in table.rows:
        reading.rows += 1
        read_row(reading, number, cells, table.columns, columns, codes)
    if not reading.rows:
        raise Refused(_("The file has a header and no rows."))
    return reading


def read_row(reading, number, cells, headers, columns, codes):
    def fault(key, reason):
        reading.rejected.append(Rejected(number, headers[key], cells[key][:300], reason))

    text = cells["kod"]
    code = unit_code(text)
    if code is None:
        fault("kod", _("Enter seven digits: a leading zero may have been lost in a spreadsheet."))
        return
    figures, faulty = {}, False
    for key, (part, year, unit) in columns.items():
        people = number_of_people(cells[key], unit)
        if people is False:
            fault(key, _("Enter a number that is not negative."))
            faulty = True
        elif people is not None:
            figures.setdefault(int(year), {})[FIELDS[part]] = people
    if not code or not figures or faulty:
        return
    if code not in codes:
        fault("kod", _("The register has no unit with this code."))
        return
    for year, values in figures.items():
        if not values.get("people"):
            continue
        if (codes[code], year) in reading.records:
            fault("kod", _("The code is in the file twice."))
            return
        if (
            values.keys() == set(FIELDS.values())
            and abs(values["people"] - values["women"] - values["men"]) > ROUNDING
        ):
            fault("kod", _("Women and men together do not give all people."))
            return
        reading.records[codes[code], year] = (number, code, cells.get("nazwa", "")[:300], values)


def unit_code(text):
    """Return the code of the register, "" for what is no unit of its own, None for no code at all."""
    if re.fullmatch("[0-9]{6}", text):
        text = "0" + text
    if not re.fullmatch("[0-9]{7}", text):
        return None if text.strip("0") else ""
    if text[6] in PARTS or not text.strip("0"):
        return ""
    if text.endswith("00000"):
        return text[:2]
    if text.endswith("000"):
        # A city with county rights follows as a gmina.
        return "" if text[2:4] >= "61" else text[:4]
    return text[:6]


def number_of_people(text, unit):
    """Return whole people, None for a blank cell, False for what is no number."""
    text = text.replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if text in {"", "-", "x"}:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    if not number.is_finite() or not 0 <= number < 100_000_000:
        return False
    return round(number * 1000) if unit == "tys_osob" else round(number)


def compare(reading, report):
    difference = Difference(Population)
    years = {year for _jst, year in reading.records}
    known = {(row.jst_id, row.year): row for row in Population.objects.filter(year__in=years)}
    newest = newest_day(SOURCE)
    difference.records_day = newest is None or newest < reading.as_of
    for (jst, year), (number, code, name, values) in reading.records.items():
        row = known.get((jst, year))
        label = f"{name} {year}"[:300]
        if row is None:
            difference.new.append(Population(jst_id=jst, year=year, **values))
            difference.changes.append(Change(code, label, "new", "", str(values["people"]), number))
        elif found := {key: value for key, value in values.items() if getattr(row, key) != value}:
            difference.updated[row.pk] = found
            before = ", ".join(str(getattr(row, key)) for key in found)
            after = ", ".join(map(str, found.values()))
            difference.changes.append(Change(code, label, "figure", before, after, number))
    report.counts = {
        "rows": reading.rows,
        "units": len({jst for jst, _year in reading.records}),
        "years": sorted(years),
        "new": len(difference.new),
        "changed": len(difference.updated),
    }
    return difference
