"""`manage.py import rspo`: schools, who runs each, and what an import leaves alone."""

import os
from datetime import date
from pathlib import Path

import pytest

from jst.imports.registry import IMPORTS
from jst.models import Jst, RegisterChange, RegisterImport, School
from tests.jst.rspo_files import HEADER, as_csv, as_xlsx, national, school

REAL = os.environ.get("PORTAL_REAL_DATA")
needs_real_files = pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")
Basis = School.Basis


def numbered(change):
    return change.code, change.what, change.before, change.after


# --- Every form of the file -------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_every_encoding_and_separator_gives_the_same_schools(import_rspo, encoding, separator):
    report = import_rspo(as_csv(national(40), separator=separator).encode(encoding))
    assert (report.refused, report.rejected, School.objects.count()) == ("", [], 40)
    assert School.objects.filter(name__contains="SZKOŁA").count() == 40


def test_a_spreadsheet_gives_the_same_schools(import_rspo):
    import_rspo(list(national(40)))
    report = import_rspo(as_xlsx(national(40)), name="rspo.xlsx")
    assert (report.refused, report.rejected, report.changes) == ("", [], [])


@pytest.mark.parametrize("ending", ['"', '"SZKOŁA'])
def test_a_quote_left_open_on_the_last_line_is_survived(import_rspo, country, ending):
    text = as_csv([school(country["020102"], 7)])
    report = import_rspo((text + ending).encode())
    assert "cannot be read" not in report.refused
    assert report.counts["rows"] == (1 if ending == '"' else 2)


def test_a_quote_left_open_earlier_is_refused_with_its_line(import_rspo, country):
    row = as_csv([school(country["020102"], 7)]).splitlines()
    text = "\r\n".join([row[0], '"8;broken', row[1], row[1]])
    assert import_rspo(text.encode()).refused == "Line 2 cannot be read as CSV."


def test_a_missing_column_is_named_and_unknown_ones_are_ignored(import_rspo, country):
    rows = [school(country["020102"], 7) | {"Nowa kolumna": "x"}]
    assert import_rspo(as_csv(rows, [*HEADER, "Nowa kolumna"]).encode()).refused == ""
    lacking = [name for name in HEADER if name != "Typ organu prowadzącego"]
    sentence = "This is not an RSPO file: these columns are missing: Typ organu prowadzącego."
    assert import_rspo(as_csv(rows, lacking).encode()).refused == sentence


# --- Who runs a school ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "cells", "expected"),
    [
        ("020104", {}, ("020104", Basis.REGISTER)),
        ("020102", {}, ("020102", Basis.PLACE)),
        ("026401", {"Kod terytorialny gmina": "0264029"}, ("026401", Basis.REGISTER)),
        ("020104", {"Typ organu prowadzącego": "Powiat ziemski"}, ("0201", Basis.REGISTER)),
        (
            "020104",
            {"Typ organu prowadzącego": "Powiat ziemski", "Powiat organu prowadzącego": "Wrocław"},
            ("0201", Basis.PLACE),
        ),
        ("026401", {"Typ organu prowadzącego": "Powiat ziemski"}, (None, Basis.UNDECIDED)),
        ("020104", {"Typ organu prowadzącego": "Samorząd województwa"}, ("02", Basis.REGISTER)),
        ("020104", {"Typ organu prowadzącego": "Fundacje"}, (None, Basis.OTHER)),
        ("020104", {"Typ organu prowadzącego": ""}, (None, Basis.UNDECIDED)),
        ("020104", {"Województwo organu prowadzącego": "MAZOWIECKIE"}, (None, Basis.UNDECIDED)),
        ("020104", {"Nazwa organu prowadzącego": "GMINA WARSZAWA"}, ("020104", Basis.REGISTER)),
    ],
)
def test_the_running_authority_is_found_by_kind_and_seat(import_rspo, country, place, cells, expected):
    assert import_rspo([school(country[place], 7, **cells)]).refused == ""
    stored = School.objects.get()
    assert (stored.authority and stored.authority.code, stored.authority_basis) == expected


def test_the_regon_of_the_body_decides_before_its_seat(import_rspo, country):
    Jst.objects.filter(code="020101").update(regon="000557458")
    import_rspo([school(country["020102"], 7, **{"REGON organu prowadzącego": "000557458"})])
    stored = School.objects.get()
    assert (stored.authority.code, stored.authority_basis) == ("020101", Basis.REGISTER)


def test_no_person_is_stored(import_rspo, country):
    cells = {"Typ organu prowadzącego": "Osoba fizyczna", "Nazwa organu prowadzącego": "ANNA TAJNA"}
    import_rspo([school(country["020104"], 7, **cells)])
    assert "tajna" not in str([list(m.objects.values()) for m in [School, RegisterChange]]).lower()
    assert School.objects.get().body_kind == "Osoba fizyczna"


# --- Places, complexes, history ---------------------------------------------------------------


def test_a_lost_zero_is_put_back_where_it_is_plain(import_rspo, country):
    import_rspo([school(country["020104"], 7, **{"Kod terytorialny gmina": "201044"})])
    assert School.objects.get().place_code == "0201044"


def test_a_part_keeps_its_complex_wherever_that_is(import_rspo, country):
    import_rspo(list(national(40)))
    assert School.objects.counted().count() == 36
    assert School.objects.get(rspo="10008").parent_rspo == "10009"


def test_the_same_number_twice_names_the_first_row(import_rspo, country):
    report = import_rspo([school(country["020104"], 7), school(country["020104"], 7)])
    assert [(r.row, r.column, r.reason) for r in report.rejected] == [
        (3, "Numer RSPO", "Row 2 has the same number.")
    ]
    assert (report.applied, School.objects.count()) == (False, 0)
    assert import_rspo([school(country["020104"], 7)] * 2, set_aside=True).applied
    assert RegisterImport.objects.get(source="rspo").rejected.count() == 1


def test_the_same_file_again_writes_nothing(import_rspo):
    import_rspo(list(national(40)))
    before = [list(m.objects.order_by("pk").values()) for m in [School, RegisterImport, RegisterChange]]
    assert import_rspo(list(national(40))).changes == []
    assert [
        list(m.objects.order_by("pk").values()) for m in [School, RegisterImport, RegisterChange]
    ] == before


def test_a_school_that_is_gone_is_marked_and_comes_back(import_rspo, country):
    schools = [school(country["020104"], number) for number in range(7, 27)]
    import_rspo(schools)
    assert import_rspo(schools[1:], "2026-02-28").counts["missing"] == 1
    assert School.objects.get(rspo="7").absent_since == date(2026, 2, 28)
    report = import_rspo(schools, "2026-03-31")
    assert [numbered(c)[:2] for c in report.changes] == [("7", "back")]
    assert School.objects.get(rspo="7").absent_since is None


def test_a_file_of_one_county_says_nothing_of_the_others(import_rspo, country):
    import_rspo([school(country["020104"], 7), school(country["026401"], 8)])
    report = import_rspo([school(country["020104"], 7)], "2026-02-28")
    assert (report.refused, report.changes) == ("", [])


def test_a_filtered_and_an_older_file_are_refused(import_rspo, country):
    schools = [school(country["020104"], number) for number in range(7, 27)]
    import_rspo(schools)
    sentence = "The file looks filtered: it lacks 10 of the 20 schools of its counties."
    assert import_rspo(schools[10:], "2026-02-28").refused == sentence
    sentence = "The file is as of 2025-12-31, the register already as of 2026-01-31."
    assert import_rspo(schools, "2025-12-31").refused == sentence


def test_what_was_corrected_by_hand_stays_and_the_register_is_noted(import_rspo, country):
    import_rspo([school(country["020104"], 7)])
    School.objects.update(town="Inne", corrected={"town": "Nowogrodziec"})
    assert import_rspo([school(country["020104"], 7)], "2026-02-28").changes == []
    report = import_rspo([school(country["020104"], 7, Miejscowość="Nowe")], "2026-03-31")
    assert [numbered(c) for c in report.changes] == [("7", "kept", "Inne", "Nowe")]
    assert (School.objects.get().town, School.objects.get().corrected) == ("Inne", {"town": "Nowe"})


# --- The real register ------------------------------------------------------------------------


@needs_real_files
def test_543_real_schools_are_linked_or_listed(import_terc, tmp_path):
    import_terc(Path(REAL) / "TERC_Urzedowy_2026-01-08.zip", "--apply")
    path = Path(REAL) / "rspo_sample_2020_36kol.csv"
    report = IMPORTS["rspo"](path, apply=True)
    assert (report.refused, report.counts["authority"]) == (
        "",
        {"register": 412, "place": 24, "other": 106, "undecided": 1},
    )
    assert (School.objects.count(), School.objects.counted().count()) == (543, 484)
    assert not School.objects.filter(authority=None, authority_basis__in=["register", "place"]).exists()
    assert IMPORTS["rspo"](path, apply=True).changes == []
