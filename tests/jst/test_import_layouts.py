"""RSPO as it was downloaded over the years: every known layout is read, what lacks a needed column is not."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import pytest

from jst.imports.rspo import NEEDED
from jst.models import School
from tests.jst.rspo_files import LAYOUTS, as_csv, school

REAL = os.environ.get("PORTAL_REAL_DATA")
needs_real_files = pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")
# What the newer layouts tell and the older ones lack.
SINCE = {"pupils": 36, "body_regon": 50}
CELLS = {
    "Typ": "Technikum",
    "Liczba uczniów": "231",
    "Ulica": "Rynek",
    "Numer budynku": "7",
    "REGON organu prowadzącego": "000557458",
    "RSPO podmiotu nadrzędnego": "8",
    "Data likwidacji": "31.08.2025",
    "Zawód": "kucharz",
}
STORED = {
    "rspo": "7",
    "kind": "Technikum",
    "place_code": "0201044",
    "authority__code": "020104",
    "authority_basis": "register",
    "parent_rspo": "8",
    "street": "Rynek 7",
    "town": "Nowogrodziec",
    "postal_code": "23-320",
    "is_public": True,
    "pupils": 231,
    "body_regon": "000557458",
}


def header_of(columns):
    assert len(LAYOUTS[columns]) == columns
    return LAYOUTS[columns]


@pytest.mark.parametrize("columns", LAYOUTS)
def test_a_layout_is_read_with_all_it_tells(import_rspo, country, columns):
    unit = country["020104"]
    rows = [school(unit, 7, **CELLS | {"Kod terytorialny gmina": '="0201044"'})]
    report = import_rspo(as_csv(rows, header_of(columns)).encode())
    assert (report.refused, report.rejected, report.applied) == ("", [], True)
    lacking = {"pupils": None, "body_regon": ""}
    expected = {
        name: lacking[name] if columns < SINCE.get(name, 0) else value for name, value in STORED.items()
    }
    assert School.objects.values(*STORED).get() == expected
    assert School.objects.get().closed_on.isoformat() == "2025-08-31"


@pytest.mark.parametrize("columns", LAYOUTS)
def test_what_a_layout_lacks_stays_as_it_was(import_rspo, country, columns):
    rows = [school(country["020104"], 7, **CELLS)]
    import_rspo(rows)
    report = import_rspo(as_csv(rows, header_of(columns)).encode(), "2026-02-28")
    assert (report.refused, report.changes) == ("", [])
    assert (School.objects.get().pupils, School.objects.get().body_regon) == (231, "000557458")


@pytest.mark.parametrize("columns", LAYOUTS)
def test_columns_nobody_knows_are_ignored_wherever_they_stand(import_rspo, country, columns):
    rows = [school(country["020104"], 7, **CELLS)]
    header = ["Nowa", *reversed(header_of(columns)), "Najnowsza"]
    import_rspo(as_csv(rows, header_of(columns)).encode())
    stored = School.objects.values().get()
    assert import_rspo(as_csv(rows, header).encode()).changes == []
    assert School.objects.values().get() == stored


@pytest.mark.parametrize("column", NEEDED.values())
@pytest.mark.parametrize("columns", LAYOUTS)
def test_a_needed_column_that_is_missing_is_named(import_rspo, country, columns, column):
    header = [name for name in header_of(columns) if name != column]
    report = import_rspo(as_csv([school(country["020104"], 7)], header).encode())
    assert report.refused == f"This is not an RSPO file: these columns are missing: {column}."
    assert not School.objects.exists()


@needs_real_files
def test_every_known_header_is_read_or_told_what_it_lacks(import_rspo, country):
    known = defaultdict(list)
    with (Path(REAL) / "rspo_naglowki.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file, delimiter=";"):
            known[row["wersja"]].append(row["kolumna"])
    exports = {len(header): header for name, header in known.items() if name.startswith("RSPO-eksport-")}
    assert exports == LAYOUTS
    others = {name: header for name, header in known.items() if not name.startswith("RSPO-eksport-")}
    assert len(others) == 4
    for name, header in others.items():
        refused = import_rspo(as_csv([school(country["020104"], 7)], header).encode()).refused
        told = refused.removeprefix("This is not an RSPO file: these columns are missing: ").rstrip(".")
        assert set(told.split(", ")) <= set(NEEDED.values()), name
    assert not School.objects.exists()
