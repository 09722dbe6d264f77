"""`manage.py import terc`: the official register of units, its history, and files that are refused."""

import csv
import io
import json
import os
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from jst import demo_register
from jst.imports import reading
from jst.imports.report import Refused
from jst.models import Jst, JstEvent, JstPeriod, RegisterImport
from portal.models import ChainHead, User
from tests.factories import UserFactory

HEADER = ["WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"]
COUNTRY = """
02;;;;DOLNOŚLĄSKIE;województwo
02;01;;;bolesławiecki;powiat
02;01;01;1;Bolesławiec;gmina miejska
02;01;02;2;Bolesławiec;gmina wiejska
02;01;04;3;Nowogrodziec;gmina miejsko-wiejska
02;01;04;4;Nowogrodziec;miasto
02;01;04;5;Nowogrodziec;obszar wiejski
02;64;;;Wrocław;miasto na prawach powiatu
02;64;01;1;Wrocław;gmina miejska
02;64;02;9;Wrocław-Fabryczna;delegatura
14;;;;MAZOWIECKIE;województwo
14;65;;;Warszawa;miasto stołeczne, na prawach powiatu
14;65;01;1;Warszawa;gmina miejska, miasto stołeczne
14;65;02;8;Bemowo;dzielnica
"""
UNITS = {
    ("02", None, "W", "dolnośląskie", None),
    ("0201", None, "P", "bolesławiecki", "02"),
    ("020101", None, "GM", "Bolesławiec", "0201"),
    ("020102", None, "GW", "Bolesławiec", "0201"),
    ("020104", None, "GMW", "Nowogrodziec", "0201"),
    ("026401", "0264", "MNP", "Wrocław", "02"),
    ("14", None, "W", "mazowieckie", None),
    ("146501", "1465", "MNP", "Warszawa", "14"),
}
REAL = os.environ.get("PORTAL_REAL_DATA")
needs_real_files = pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override(None):
        yield


def rows(as_of="2025-01-01", country=COUNTRY):
    return [[*line.split(";"), as_of] for line in country.strip().splitlines()]


def as_csv(table, separator=";", newline="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows([HEADER, *table])
    return text.getvalue()


def as_xml(table, declared="utf-8"):
    cells = [
        "".join(
            f"<{name}>{value}</{name}>" if value else f"<{name} />"
            for name, value in zip(HEADER, row, strict=True)
        )
        for row in table
    ]
    body = "\r\n".join(f"<row>{row}</row>" for row in cells)
    return f'<?xml version="1.0" encoding="{declared}"?><teryt><catalog name="TERC">{body}</catalog></teryt>'


def as_older_xml(table):
    body = "".join(
        "<row>"
        + "".join(f'<col name="{name}">{value}</col>' for name, value in zip(HEADER, row, strict=True))
        + "</row>"
        for row in table
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><teryt><catalog name="TERC">{body}</catalog></teryt>'


def as_zip(**members):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, content in members.items():
            archive.writestr(f"TERC_Urzedowy_2025-01-01.{suffix}", content)
    return data.getvalue()


@pytest.fixture
def run(db, tmp_path, capsys):
    """Write a file and import it: returns (exit status, the JSON document, the sentence on stderr)."""

    def run(content, *options):
        path = tmp_path / "TERC.csv"
        if isinstance(content, Path):
            path = content
        elif isinstance(content, list):
            path.write_bytes(as_csv(content).encode())
        else:
            path.write_bytes(content)
        status, sentence = 0, ""
        try:
            call_command("import", "terc", str(path), "--json", *options)
        except CommandError as error:
            status, sentence = error.returncode, str(error)
        printed = capsys.readouterr().out
        return status, json.loads(printed), sentence

    return run


def stored_units():
    return set(Jst.objects.values_list("code", "county_code", "kind", "name", "parent__code"))


def history(code):
    periods = JstPeriod.objects.filter(jst__code=code).order_by("valid_from")
    return [(p.teryt, p.kind, p.name, p.valid_from.isoformat(), str(p.valid_to)) for p in periods]


def everything():
    """All that an import may touch, to show that it touched nothing."""
    return [
        list(model.objects.order_by("pk").values())
        for model in [Jst, JstPeriod, RegisterImport, JstEvent, ChainHead, User]
    ]


def changed(table, code, **cells):
    """Return the table with some cells of the row with this code replaced."""
    return [
        [cells.get(name, value) for name, value in zip(HEADER, row, strict=True)]
        if "".join(row[:4]) == code
        else row
        for row in table
    ]


def without(table, *codes):
    return [row for row in table if "".join(row[:4]) not in codes]


def faults(document):
    return [(fault["row"], fault["column"], fault["value"]) for fault in document["rejected"]]


# --- Every form of the file -------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_a_csv_file_is_read_as_it_was_downloaded(run, encoding, separator, newline):
    status, document, _sentence = run(as_csv(rows(), separator, newline).encode(encoding), "--apply")
    assert (status, document["refused"], document["rejected"]) == (0, "", [])
    assert stored_units() == UNITS


@pytest.mark.parametrize(
    "content",
    [
        as_zip(csv=as_csv(rows()).encode("utf-8-sig"), xml="no XML at all, and not looked at"),
        as_zip(csv=as_csv(rows()).encode("cp1250")),
        as_zip(xml=as_xml(rows())),
        as_xml(rows()).encode(),
        as_xml(rows()).encode("utf-8-sig"),
        as_xml(rows(), "windows-1250").encode("cp1250"),
        as_xml(rows(), "utf-16").encode("utf-16"),
        as_older_xml(rows()).encode(),
        as_csv([[f'="{cell}"' for cell in row] for row in rows()]).encode(),
        as_csv([[f" {cell}\u00a0" for cell in row] for row in rows()]).encode(),
        as_csv(rows()).replace("NAZWA_DOD", "Nazwa dod").replace("WOJ", "Woj").encode(),
    ],
    ids=[
        *[
            "zip with csv and xml",
            "zip with csv",
            "zip with xml",
            "xml",
            "xml with BOM",
            "xml cp1250",
            "xml utf-16",
        ],
        *["older xml", "Excel's armour", "spaces around", "headers in small letters"],
    ],
)
def test_other_forms_of_the_file_give_the_same_units(run, content):
    status, document, _sentence = run(content, "--apply")
    assert (status, document["refused"], document["rejected"]) == (0, "", [])
    assert stored_units() == UNITS


def test_parts_of_gminas_and_of_cities_are_no_units(run):
    _status, document, _sentence = run(rows())
    assert document["counts"]["rows"] == 14
    assert document["counts"]["units"] == 8
    assert document["counts"]["kinds"] == {"GM": 1, "GW": 1, "GMW": 1, "MNP": 2, "P": 1, "W": 2}


# --- Dry run, apply, apply again --------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_counts_the_same(run):
    before = everything()
    status, dry, _sentence = run(rows())
    assert everything() == before
    applied = run(rows(), "--apply")[1]
    assert (status, dry["applied"], applied["applied"]) == (0, False, True)
    assert {**dry, "applied": True} == applied
    assert dry["counts"]["new"] == 8


def test_applying_is_recorded_with_the_file_and_an_event(run):
    status, document, _sentence = run(rows(), "--apply")
    row = RegisterImport.objects.get()
    assert (row.source, row.file_name, row.as_of) == ("terc", "TERC.csv", date(2025, 1, 1))
    assert row.sha256 == document["sha256"]
    assert row.counts == document["counts"]
    assert row.changes == document["changes"]
    assert row.rejected == []
    event = JstEvent.objects.get(register_import=row).event
    assert (event.kind, event.actor, event.data["as_of"]) == (
        "jst.register.import",
        User.objects.system(),
        "2025-01-01",
    )


def test_an_import_is_recorded_in_the_name_of_a_person(run):
    person = UserFactory(email="koordynator@example.org")
    run(rows(), "--apply", "--by", "Koordynator@example.org")
    assert RegisterImport.objects.get().applied_by == person


@pytest.mark.parametrize("form", [as_csv, as_xml])
def test_applying_the_same_state_again_writes_nothing(run, form):
    run(rows(), "--apply")
    before = everything()
    status, document, _sentence = run(form(rows()).encode(), "--apply")
    assert (status, document["changes"]) == (0, [])
    assert {name: document["counts"][name] for name in ["new", "changed", "missing", "back"]} == {
        "new": 0,
        "changed": 0,
        "missing": 0,
        "back": 0,
    }
    assert everything() == before


def test_a_later_state_without_changes_is_recorded_and_changes_no_unit(run):
    run(rows(), "--apply")
    units = everything()[:2]
    run(rows("2026-01-01"), "--apply")
    assert everything()[:2] == units
    assert [row.as_of.year for row in RegisterImport.objects.order_by("as_of")] == [2025, 2026]


def test_a_person_reads_the_report_in_sentences(db, tmp_path, capsys):
    path = tmp_path / "terc.csv"
    path.write_text(as_csv(rows()))
    call_command("import", "terc", str(path), "--apply")
    path.write_text(
        as_csv(changed(rows("2026-01-01"), "0201022", RODZ="3", NAZWA_DOD="gmina miejsko-wiejska"))
    )
    capsys.readouterr()
    call_command("import", "terc", str(path))
    assert capsys.readouterr().out.splitlines() == [
        "terc.csv, as of 2026-01-01",
        "Units in the file: 8, by kind:",
        "    urban gmina: 1",
        "    rural gmina: 0",
        "    urban-rural gmina: 2",
        "    city with county rights: 2",
        "    county: 1",
        "    voivodeship: 2",
        "New: 0, changed: 1, back: 0, missing: 0",
        "Rows: 14, rejected: 0",
        "020102 Bolesławiec: was “rural gmina”, is “urban-rural gmina”",
        "Dry run: nothing was written.",
    ]


# --- History ----------------------------------------------------------------------------------


def test_a_changed_kind_closes_one_period_and_opens_the_next(run):
    run(rows(), "--apply")
    newer = changed(rows("2026-01-01"), "0201022", RODZ="3", NAZWA_DOD="gmina miejsko-wiejska")
    _status, document, _sentence = run(newer, "--apply")
    assert document["changes"] == [
        {"code": "020102", "name": "Bolesławiec", "what": "kind", "before": "GW", "after": "GMW", "row": 5}
    ]
    assert history("020102") == [
        ("0201022", "GW", "Bolesławiec", "2025-01-01", "2025-12-31"),
        ("0201023", "GMW", "Bolesławiec", "2026-01-01", "None"),
    ]
    assert Jst.objects.get(code="020102").kind == "GMW"


def test_a_new_name_is_found_at_once_and_the_old_one_stays_in_the_history(run):
    run(rows(), "--apply")
    newer = changed(rows("2026-01-01"), "0201022", NAZWA="Łąki Bolesławieckie")
    document = run(newer, "--apply")[1]
    assert [(c["what"], c["before"], c["after"]) for c in document["changes"]] == [
        ("renamed", "Bolesławiec", "Łąki Bolesławieckie")
    ]
    assert [period[2] for period in history("020102")] == ["Bolesławiec", "Łąki Bolesławieckie"]
    assert Jst.objects.search("laki").get().code == "020102"


def test_a_unit_that_is_gone_is_kept_and_marked(run):
    run(rows(), "--apply")
    document = run(without(rows("2026-01-01"), "0201022"), "--apply")[1]
    assert [(c["code"], c["what"], c["row"]) for c in document["changes"]] == [("020102", "gone", None)]
    assert document["counts"]["missing"] == 1
    gone = Jst.objects.get(code="020102")
    assert gone.abolished_on == date(2026, 1, 1)
    assert history("020102")[-1][4] == "2025-12-31"
    assert Jst.objects.current().count() == 7


def test_a_unit_that_comes_back_is_the_same_unit_with_a_new_period(run):
    run(rows(), "--apply")
    unit = Jst.objects.get(code="020102")
    run(without(rows("2026-01-01"), "0201022"), "--apply")
    document = run(rows("2027-01-01"), "--apply")[1]
    assert [(c["code"], c["what"]) for c in document["changes"]] == [("020102", "back")]
    assert (document["counts"]["back"], document["counts"]["changed"]) == (1, 0)
    unit.refresh_from_db()
    assert unit.abolished_on is None
    assert [period[3:] for period in history("020102")] == [
        ("2025-01-01", "2025-12-31"),
        ("2027-01-01", "None"),
    ]


def test_a_new_unit_starts_on_the_day_of_the_file(run):
    run(without(rows(), "0201022"), "--apply")
    document = run(rows("2026-01-01"), "--apply")[1]
    assert [(c["code"], c["what"], c["row"]) for c in document["changes"]] == [("020102", "new", 5)]
    assert history("020102") == [("0201022", "GW", "Bolesławiec", "2026-01-01", "None")]


def test_a_corrected_file_of_the_same_day_corrects_the_period(run):
    run(changed(rows(), "0201022", NAZWA="Boleslawiec"), "--apply")
    run(rows(), "--apply")
    assert history("020102") == [("0201022", "GW", "Bolesławiec", "2025-01-01", "None")]


def test_a_unit_of_one_day_only_leaves_no_period(run):
    run(rows(), "--apply")
    run(without(rows(), "0201022"), "--apply")
    assert history("020102") == []
    assert Jst.objects.get(code="020102").abolished_on == date(2025, 1, 1)


def test_an_older_file_is_refused(run):
    run(rows("2026-01-01"), "--apply")
    before = everything()
    status, document, sentence = run(changed(rows(), "0201022", NAZWA="Inna"), "--apply")
    assert (status, sentence) == (1, "The file is as of 2025-01-01, the register already as of 2026-01-01.")
    assert document["refused"] == sentence
    assert document["changes"] == []
    assert everything() == before


def test_the_small_register_of_the_demo_takes_the_official_file(run):
    demo_register.load(User.objects.system())
    gminas = {unit.code: unit for unit in demo_register.units().values() if unit.kind != "W"}
    table = [
        *[
            [code, "", "", "", name.upper(), "województwo"]
            for code, name in demo_register.VOIVODESHIPS.items()
        ],
        *[
            [c[:2], c[2:4], c[4:], unit.teryt[6:], unit.name, ""]
            for c, unit in gminas.items()
            if not unit.county_code
        ],
        *[[c[:2], c[2:4], "", "", unit.name, ""] for c, unit in gminas.items() if unit.county_code],
        *[[c[:2], c[2:4], c[4:], "1", unit.name, ""] for c, unit in gminas.items() if unit.county_code],
    ]
    document = run([[*row, "2026-01-01"] for row in table], "--apply")[1]
    assert (document["refused"], document["changes"]) == ("", [])
    assert history("300405") == [("3004052", "GW", "Piaski", "2017-01-01", "None")]


# --- Rows that cannot be used -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "cells", "fault"),
    [
        ("0201022", {"WOJ": "2"}, (5, "WOJ", "2")),
        ("0201022", {"WOJ": ""}, (5, "WOJ", "")),
        ("0201022", {"POW": "001"}, (5, "POW", "001")),
        ("0201022", {"GMI": "0A"}, (5, "GMI", "0A")),
        ("0201022", {"GMI": "００"}, (5, "GMI", "００")),
        ("0201022", {"GMI": "00"}, (5, "GMI", "00")),
        ("0201022", {"RODZ": "7"}, (5, "RODZ", "7")),
        ("0201022", {"RODZ": ""}, (5, "RODZ", "")),
        ("0201022", {"RODZ": "1"}, (5, "RODZ", "1")),
        ("0201022", {"RODZ": "8", "NAZWA_DOD": ""}, (5, "RODZ", "8")),
        ("0201022", {"GMI": "01"}, (5, "GMI", "01")),
        ("0201022", {"POW": "02"}, (5, "POW", "02")),
        ("0201", {"WOJ": "04"}, (3, "WOJ", "04")),
        ("0201022", {"NAZWA": ""}, (5, "NAZWA", "")),
        ("0201022", {"NAZWA": "=HYPERLINK(1)"}, (5, "NAZWA", "=HYPERLINK(1)")),
        ("0201022", {"NAZWA": "Ż" * 101}, (5, "NAZWA", "Ż" * 100)),
        ("0201022", {"STAN_NA": "01.01.2025"}, (5, "STAN_NA", "01.01.2025")),
        ("0201022", {"STAN_NA": "2025-02-30"}, (5, "STAN_NA", "2025-02-30")),
        ("0201022", {"STAN_NA": ""}, (5, "STAN_NA", "")),
        ("0201022", {"STAN_NA": "2024-01-01"}, (5, "STAN_NA", "2024-01-01")),
        ("0201044", {"GMI": "09"}, (7, "GMI", "09")),
        ("0201044", {"GMI": "02"}, (7, "GMI", "02")),
        ("0264011", {"RODZ": "2", "NAZWA_DOD": ""}, (10, "RODZ", "2")),
        ("0264029", {"RODZ": "4", "NAZWA_DOD": ""}, (11, "GMI", "02")),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_written(run, code, cells, fault):
    before = everything()
    status, document, sentence = run(changed(rows(), code, **cells), "--apply")
    # A county that is elsewhere takes its gminas' place away too: the first fault is the cause.
    assert faults(document)[0] == fault
    assert all(rejected["reason"] for rejected in document["rejected"])
    count = document["counts"]["rejected"]
    noun = "row" if count == 1 else "rows"
    assert (status, sentence) == (1, f"{count} {noun} cannot be used; nothing was written.")
    assert everything() == before


def test_one_bad_row_makes_one_report(run):
    document = run(changed(rows(), "0201", NAZWA=""))[1]
    assert faults(document) == [(3, "NAZWA", "")]


def test_every_bad_row_is_reported_with_the_number_a_spreadsheet_shows(run):
    table = changed(rows(), "0201022", NAZWA="", STAN_NA="x")
    table = changed(table, "1465028", RODZ="6", NAZWA_DOD="")
    text = as_csv(table).replace("14;;;;", "\r\n14;;;;")
    status, document, _sentence = run(text.encode())
    assert faults(document) == [(5, "NAZWA", ""), (5, "STAN_NA", "x"), (16, "RODZ", "6")]
    assert (status, document["counts"]["rejected"]) == (1, 2)


def test_zeros_lost_in_a_spreadsheet_are_reported_in_every_row_and_only_there(run):
    table = [[row[0].lstrip("0"), row[1].lstrip("0"), row[2].lstrip("0"), *row[3:]] for row in rows()]
    document = run(table)[1]
    assert Counter(column for _row, column, _value in faults(document)) == {"WOJ": 10, "POW": 6, "GMI": 9}
    assert {fault["reason"] for fault in document["rejected"]} == {
        "Enter two digits: a leading zero may have been lost in a spreadsheet."
    }


def test_a_code_given_twice_names_the_first_row(run):
    document = run([*rows(), rows()[3]])[1]
    assert document["rejected"] == [
        {"row": 16, "column": "GMI", "value": "02", "reason": "Row 5 has the same code."}
    ]


def test_cells_beyond_the_header_are_reported(run):
    text = as_csv(rows()).replace(
        "Bolesławiec;gmina wiejska;2025-01-01", "Bolesławiec;gmina wiejska;2025-01-01;7"
    )
    assert faults(run(text.encode())[1]) == [(5, "", "7")]


def test_a_city_without_its_row_as_a_gmina_is_reported(run):
    assert faults(run(without(rows(), "0264011"))[1]) == [(9, "POW", "64")]


def test_a_city_with_two_gminas_is_reported(run):
    second = ["02", "64", "07", "1", "Wrocław", "gmina miejska", "2025-01-01"]
    assert faults(run([*rows(), second])[1]) == [(10, "GMI", "01"), (16, "GMI", "07")]


def test_a_person_reads_each_bad_row_in_a_sentence(db, tmp_path, capsys):
    path = tmp_path / "terc.csv"
    path.write_text(as_csv(changed(rows(), "0201022", RODZ="7", NAZWA_DOD="")))
    with pytest.raises(CommandError, match="^1 row cannot be used; nothing was written.$"):
        call_command("import", "terc", str(path))
    sentence = "Row 5, column “RODZ”: “7” – TERC knows the kinds 1, 2, 3, 4, 5, 8 and 9 only."
    assert sentence in capsys.readouterr().out.splitlines()


# --- Setting rows aside -----------------------------------------------------------------------


def test_rows_set_aside_are_recorded_and_the_rest_is_applied(run):
    status, document, _sentence = run(changed(rows(), "0201022", NAZWA=""), "--apply", "--set-aside")
    assert (status, document["counts"]["new"], document["counts"]["rejected"]) == (0, 7, 1)
    assert stored_units() == UNITS - {("020102", None, "GW", "Bolesławiec", "0201")}
    assert RegisterImport.objects.get().rejected == [
        {"row": 5, "column": "NAZWA", "value": "", "reason": "Enter the name."}
    ]


def test_a_unit_whose_row_was_set_aside_is_not_taken_for_gone(run):
    run(rows(), "--apply")
    run(changed(rows("2026-01-01"), "0201022", NAZWA=""), "--apply", "--set-aside")
    assert Jst.objects.current().count() == 8


def test_while_a_code_cannot_be_read_no_unit_is_taken_for_gone(run):
    run(rows(), "--apply")
    table = changed(without(rows("2026-01-01"), "0201011"), "0201022", GMI="2")
    document = run(table, "--apply", "--set-aside")[1]
    assert document["counts"]["missing"] == 0
    assert Jst.objects.current().count() == 8


def test_units_that_would_lie_nowhere_are_set_aside_too(run):
    document = run(changed(rows(), "0201", NAZWA=""), "--apply", "--set-aside")[1]
    assert faults(document) == [
        (3, "NAZWA", ""),
        (4, "NAZWA", "Bolesławiec"),
        (5, "NAZWA", "Bolesławiec"),
        (6, "NAZWA", "Nowogrodziec"),
    ]
    assert Jst.objects.filter(code__startswith="0201").count() == 0


def test_setting_aside_again_writes_nothing(run):
    table = changed(rows(), "0201022", NAZWA="")
    run(table, "--apply", "--set-aside")
    before = everything()
    assert run(table, "--apply", "--set-aside")[0] == 0
    assert everything() == before


# --- Files that are refused -------------------------------------------------------------------


DOCTYPE = '<?xml version="1.0"?><!DOCTYPE teryt [<!ENTITY a "aaaa">]><teryt><row><WOJ>&a;</WOJ></row></teryt>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (",".join(HEADER).encode(), "The file has a header and no rows."),
        (
            b"a;b\r\n1;2\r\n",
            "This is not a TERC file: these columns are missing: WOJ, POW, GMI, RODZ, NAZWA, STAN_NA.",
        ),
        (
            as_csv(rows()).replace("RODZ", "X").encode(),
            "This is not a TERC file: these columns are missing: RODZ.",
        ),
        (as_csv(rows()).replace("RODZ", "GMI").encode(), "The column “GMI” appears twice."),
        (b"%PDF-1.7\x00\x01", "This is neither CSV nor XML: download the file again."),
        (as_csv(rows()).replace("powiat", '"po"wiat').encode(), "Line 3 cannot be read as CSV."),
        (as_xml(rows()).encode()[:900], "Line 6 cannot be read as XML."),
        (DOCTYPE.encode(), "XML with a document type or entities is not accepted: download the file again."),
        (
            DOCTYPE.encode("utf-16"),
            "XML with a document type or entities is not accepted: download the file again.",
        ),
        (as_zip(txt="x"), "The archive holds neither CSV nor XML."),
        (
            as_zip(**{"1.csv": "x", "2.csv": "y"}),
            "The archive holds more than one table: unpack it and import one file.",
        ),
        (
            as_zip(**{str(n): "" for n in range(101)}),
            "The archive holds too many files to be an official register.",
        ),
        (as_zip(csv=as_csv(rows()))[:200], "The archive is damaged: download the file again."),
        (as_zip(csv=b"0" * (20 * 1024 * 1024 + 1)), "The file is larger than 20 MB once unpacked."),
    ],
)
def test_a_file_that_is_no_terc_is_refused_with_one_sentence(run, content, sentence):
    before = everything()
    status, document, said = run(content, "--apply")
    assert (status, said, document["refused"]) == (1, sentence, sentence)
    assert everything() == before


def test_a_spreadsheet_is_refused_with_advice(run, tmp_path):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    sentence = "This is a spreadsheet: save it as CSV and import that file."
    assert run(data.getvalue())[2] == sentence


def test_an_archive_that_lies_about_its_size_is_not_unpacked(tmp_path):
    honest = as_zip(csv=b"0" * 3_000_000)
    size = (3_000_000).to_bytes(4, "little")
    path = tmp_path / "bomb.zip"
    path.write_bytes(honest.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(Refused):
        reading.read_table(path, limit=1_000_000)


def test_a_file_that_is_not_there_is_refused(run, tmp_path):
    path = tmp_path / "missing.zip"
    status, _document, sentence = run(path)
    assert (status, sentence) == (1, f"The file {path} cannot be read: No such file or directory.")


def test_a_file_that_lacks_too_many_units_is_refused(run):
    extra = [
        ["02", "01", f"{number:02d}", "2", "Gmina", "gmina wiejska", "2025-01-01"] for number in range(10, 70)
    ]
    run([*rows(), *extra], "--apply")
    before = everything()
    status, document, sentence = run([*rows(), *extra[:39]], "--apply", "--set-aside")
    assert (status, sentence) == (1, "The file looks filtered: it lacks 21 of the 68 units in the register.")
    assert everything() == before
    assert run([*rows(), *extra[:40]], "--apply")[1]["counts"]["missing"] == 20


# --- Arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize("register", ["jst", "rspo", "population", "exams"])
def test_a_register_that_is_to_come_says_so(db, register):
    with pytest.raises(CommandError, match="not available yet") as raised:
        call_command("import", register, "file.csv")
    assert raised.value.returncode == 2


def test_an_unknown_person_is_a_wrong_argument(db, tmp_path):
    with pytest.raises(CommandError, match="^Nobody has an account") as raised:
        call_command("import", "terc", str(tmp_path), "--by", "nikt@example.org")
    assert raised.value.returncode == 2


# --- The real registers -----------------------------------------------------------------------

OLDER, NEWER = "TERC_Urzedowy_2025-11-18.zip", "TERC_Urzedowy_2026-01-08.zip"


@needs_real_files
def test_the_country_has_2809_units(run):
    status, document, _sentence = run(Path(REAL) / NEWER, "--apply")
    assert (status, document["rejected"]) == (0, [])
    assert document["counts"]["units"] == document["counts"]["new"] == Jst.objects.count() == 2809
    kinds = Counter(Jst.objects.values_list("kind", flat=True))
    assert kinds == {"W": 16, "P": 314, "GM": 236, "GW": 1453, "GMW": 724, "MNP": 66}
    assert kinds.total() - kinds["W"] - kinds["P"] == 2479
    assert Jst.objects.exclude(county_code=None).count() == 66
    assert Jst.objects.exclude(kind="W").filter(parent=None).count() == 0


@needs_real_files
def test_the_year_between_two_files_is_the_history(run):
    run(Path(REAL) / OLDER, "--apply")
    document = run(Path(REAL) / NEWER, "--apply")[1]
    with (Path(REAL) / "terc_zmiany_2017_2026.csv").open(encoding="utf-8-sig") as file:
        official = [r for r in csv.DictReader(file, delimiter=";") if r["STAN_OD"] == "2025-01-01"]
    found = {
        (history(change["code"])[0][0], history(change["code"])[0][2], *history(change["code"])[1][::2][:2])
        for change in document["changes"]
    }
    assert found == {(r["KOD_PRZED"], r["NAZWA_PRZED"], r["KOD_PO"], r["NAZWA_PO"]) for r in official}
    assert len(found) == len(document["changes"]) == document["counts"]["changed"] == 7
    assert JstPeriod.objects.count() == 2809 + 7
    assert {period[3:] for code in found for period in history(code[0][:6])} == {
        ("2025-01-01", "2025-12-31"),
        ("2026-01-01", "None"),
    }


@needs_real_files
def test_the_real_file_changes_nothing_the_second_time(run):
    run(Path(REAL) / NEWER, "--apply")
    before = everything()
    assert run(Path(REAL) / NEWER, "--apply")[1]["changes"] == []
    assert everything() == before


@needs_real_files
def test_the_xml_of_the_real_archive_gives_the_same_units(run, tmp_path):
    run(Path(REAL) / NEWER, "--apply")
    with zipfile.ZipFile(Path(REAL) / NEWER) as archive:
        (xml,) = [name for name in archive.namelist() if name.endswith(".xml")]
        assert run(archive.read(xml), "--apply")[1]["changes"] == []


@needs_real_files
def test_the_real_file_joins_the_small_register_of_the_demo(run):
    demo_register.load(User.objects.system())
    document = run(Path(REAL) / NEWER, "--apply")[1]
    assert document["counts"]["new"] == 2809 - len(demo_register.units())
    assert document["counts"]["changed"] == document["counts"]["missing"] == 0
