"""Results of the eighth-grade exam by school, from the files of CKE and its boards."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.utils.translation import gettext as _

from jst.imports.applying import Difference, Reading, newest_day, run
from jst.imports.changes import SchoolChange
from jst.imports.reading import read_table
from jst.imports.report import Refused, Rejected
from jst.imports.rspo import number_of_school
from jst.models import ExamResult, School

SOURCE = "exams"
LIMIT = 50 * 1024 * 1024
TAKERS = "liczba_zdajacych_"
FIGURES = {"mean": "mean_", "median": "median_", "deviation": "std_dev_"}
FIELDS = ["takers", *FIGURES]


def import_exams(path, *, apply=False, set_aside=False, by=None, progress=None, year=None):
    """Compare a file of exam results with the portal's and, asked to, apply it; return the Report.

    The files do not say of which year they are: it is `year`, else the one in the file's name.
    """

    def read_of_year(path):
        return read(path, year or year_in_name(path))

    return run(
        SOURCE, path, read_of_year, compare, apply=apply, set_aside=set_aside, by=by, progress=progress
    )


def year_in_name(path):
    if found := re.search(r"(?<!\d)(20\d\d)(?!\d)", Path(path).name):
        return int(found[1])
    raise Refused(_("The file does not say of which year it is: give the year."))


def read(path, year):
    table = read_table(path, LIMIT)
    subjects = [key.removeprefix(TAKERS) for key in table.columns if key.startswith(TAKERS)]
    if "rspo" not in table.columns or not subjects:
        raise Refused(
            _("This is not a file of exam results: it needs the columns “RSPO” and “liczba_zdających_…”.")
        )
    schools = dict(School.objects.values_list("rspo", "pk"))
    reading, first = Reading(date(year, 8, 31)), {}
    for number, cells in table.rows:
        reading.rows += 1
        rspo = number_of_school(cells["rspo"])
        if reason := reason_against(rspo, schools, first):
            reading.rejected.append(Rejected(number, table.columns["rspo"], cells["rspo"][:300], reason))
            continue
        first[rspo] = number
        read_row(reading, (number, cells, rspo, schools[rspo], year), table.columns, subjects)
    if not reading.rows:
        raise Refused(_("The file has a header and no rows."))
    return reading


def reason_against(rspo, schools, first):
    if not rspo:
        return _("Enter digits only, at most seven.")
    if rspo in first:
        return _("Row %(row)s has the same number.") % {"row": first[rspo]}
    if rspo not in schools:
        return _("The register has no school with this number: import RSPO first.")
    return ""


def read_row(reading, row, headers, subjects):
    number, cells, rspo, school, year = row
    found, faults = {}, []
    for subject in subjects:
        values = {"takers": figure(cells[TAKERS + subject], 1_000_000)}
        keys = {"takers": TAKERS + subject}
        for name, prefix in FIGURES.items():
            keys[name] = prefix + subject
            values[name] = figure(cells.get(prefix + subject, ""), 100)
        for name, key in keys.items():
            if values[name] is False or (
                name == "takers" and values[name] not in {None, False} and values[name] % 1
            ):
                reason = (
                    _("Enter a number from 0 to 100.") if name != "takers" else _("Enter a whole number.")
                )
                faults.append(Rejected(number, headers.get(key, key), cells.get(key, "")[:300], reason))
        if values["takers"]:
            label = cells.get("nazwa_szkoly", "")[:250]
            found[school, year, subject] = (number, rspo, label, values | {"takers": int(values["takers"])})
    reading.rejected += faults
    if not faults:
        reading.records |= found


def figure(text, most):
    """Return the number with two decimals, None for a blank cell, False for what is no such number."""
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return False
    if not number.is_finite() or not 0 <= number <= most:
        return False
    return number.quantize(Decimal("0.01"))


def compare(reading, report):
    difference = Difference(ExamResult)
    years = {year for _school, year, _subject in reading.records}
    known = {(row.school_id, row.year, row.subject): row for row in ExamResult.objects.filter(year__in=years)}
    newest = newest_day(SOURCE)
    difference.records_day = newest is None or newest < reading.as_of
    for (school, year, subject), (number, rspo, name, values) in reading.records.items():
        row, label = known.get((school, year, subject)), f"{name}, {subject} {year}"
        if row is None:
            difference.new.append(ExamResult(school_id=school, year=year, subject=subject, **values))
            difference.changes.append(SchoolChange(rspo, label, "new", "", in_short(values), number))
        elif found := {key: value for key, value in values.items() if getattr(row, key) != value}:
            difference.updated[row.pk] = found
            before = in_short({key: getattr(row, key) for key in FIELDS})
            difference.changes.append(SchoolChange(rspo, label, "figure", before, in_short(values), number))
    report.counts = {
        "rows": reading.rows,
        "schools": len({school for school, _year, _subject in reading.records}),
        "years": sorted(years),
        "new": len(difference.new),
        "changed": len(difference.updated),
    }
    return difference


def in_short(values):
    return " / ".join("" if values[name] is None else str(values[name]) for name in FIELDS)
