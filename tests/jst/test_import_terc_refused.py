"""`manage.py import terc`: rows that cannot be used and files that are refused."""

import io
import zipfile
from collections import Counter
from random import Random

import pytest
from django.core.management import CommandError, call_command

from jst.imports import reading
from jst.imports.report import Refused
from jst.models import Jst, RejectedRow
from tests.jst.terc_files import (
    HEADER,
    UNITS,
    as_csv,
    as_xml,
    as_zip,
    changed,
    everything,
    faults,
    rows,
    stored_units,
    without,
)

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
def test_a_bad_cell_is_named_and_nothing_is_written(import_terc, code, cells, fault):
    before = everything()
    status, document, sentence = import_terc(changed(rows(), code, **cells), "--apply")
    # A county that is elsewhere takes its gminas' place away too: the first fault is the cause.
    assert faults(document)[0] == fault
    assert all(rejected["reason"] for rejected in document["rejected"])
    count = document["counts"]["rejected"]
    noun = "row" if count == 1 else "rows"
    assert (status, sentence) == (1, f"{count} {noun} cannot be used; nothing was written.")
    assert everything() == before


def test_one_bad_row_makes_one_report(import_terc):
    document = import_terc(changed(rows(), "0201", NAZWA=""))[1]
    assert faults(document) == [(3, "NAZWA", "")]


def test_every_bad_row_is_reported_with_the_number_a_spreadsheet_shows(import_terc):
    table = changed(rows(), "0201022", NAZWA="", STAN_NA="x")
    table = changed(table, "1465028", RODZ="6", NAZWA_DOD="")
    text = as_csv(table).replace("14;;;;", "\r\n14;;;;")
    status, document, _sentence = import_terc(text.encode())
    assert faults(document) == [(5, "NAZWA", ""), (5, "STAN_NA", "x"), (16, "RODZ", "6")]
    assert (status, document["counts"]["rejected"]) == (1, 2)


def test_zeros_lost_in_a_spreadsheet_are_reported_in_every_row_and_only_there(import_terc):
    table = [[row[0].lstrip("0"), row[1].lstrip("0"), row[2].lstrip("0"), *row[3:]] for row in rows()]
    document = import_terc(table)[1]
    assert Counter(column for _row, column, _value in faults(document)) == {"WOJ": 10, "POW": 6, "GMI": 9}
    assert {fault["reason"] for fault in document["rejected"]} == {
        "Enter two digits: a leading zero may have been lost in a spreadsheet."
    }


def test_a_code_given_twice_names_the_first_row(import_terc):
    document = import_terc([*rows(), rows()[3]])[1]
    assert document["rejected"] == [
        {"row": 16, "column": "GMI", "value": "02", "reason": "Row 5 has the same code."}
    ]


def test_cells_beyond_the_header_are_reported(import_terc):
    text = as_csv(rows()).replace(
        "Bolesławiec;gmina wiejska;2025-01-01", "Bolesławiec;gmina wiejska;2025-01-01;7"
    )
    assert faults(import_terc(text.encode())[1]) == [(5, "", "7")]


def test_a_city_without_its_row_as_a_gmina_is_reported(import_terc):
    assert faults(import_terc(without(rows(), "0264011"))[1]) == [(9, "POW", "64")]


def test_a_city_with_two_gminas_is_reported(import_terc):
    second = ["02", "64", "07", "1", "Wrocław", "gmina miejska", "2025-01-01"]
    assert faults(import_terc([*rows(), second])[1]) == [(10, "GMI", "01"), (16, "GMI", "07")]


def test_a_person_reads_each_bad_row_in_a_sentence(db, in_english, tmp_path, capsys):
    path = tmp_path / "terc.csv"
    path.write_text(as_csv(changed(rows(), "0201022", RODZ="7", NAZWA_DOD="")))
    with pytest.raises(CommandError, match="^1 row cannot be used; nothing was written.$"):
        call_command("import", "terc", str(path))
    sentence = "Row 5, column “RODZ”: “7” – TERC knows the kinds 1, 2, 3, 4, 5, 8 and 9 only."
    assert sentence in capsys.readouterr().out.splitlines()


# --- Setting rows aside -----------------------------------------------------------------------


def test_rows_set_aside_are_recorded_and_the_rest_is_applied(import_terc):
    status, document, _sentence = import_terc(changed(rows(), "0201022", NAZWA=""), "--apply", "--set-aside")
    assert (status, document["counts"]["new"], document["counts"]["rejected"]) == (0, 7, 1)
    assert stored_units() == UNITS - {("020102", None, "GW", "Bolesławiec", "0201")}
    assert list(RejectedRow.objects.values("row", "column", "value", "reason")) == [
        {"row": 5, "column": "NAZWA", "value": "", "reason": "Enter the name."}
    ]


def test_a_unit_whose_row_was_set_aside_is_not_taken_for_gone(import_terc):
    import_terc(rows(), "--apply")
    import_terc(changed(rows("2026-01-01"), "0201022", NAZWA=""), "--apply", "--set-aside")
    assert Jst.objects.current().count() == 8


def test_while_a_code_cannot_be_read_no_unit_is_taken_for_gone(import_terc):
    import_terc(rows(), "--apply")
    table = changed(without(rows("2026-01-01"), "0201011"), "0201022", GMI="2")
    document = import_terc(table, "--apply", "--set-aside")[1]
    assert document["counts"]["missing"] == 0
    assert Jst.objects.current().count() == 8


def test_units_that_would_lie_nowhere_are_set_aside_too(import_terc):
    document = import_terc(changed(rows(), "0201", NAZWA=""), "--apply", "--set-aside")[1]
    assert faults(document) == [
        (3, "NAZWA", ""),
        (4, "NAZWA", "Bolesławiec"),
        (5, "NAZWA", "Bolesławiec"),
        (6, "NAZWA", "Nowogrodziec"),
    ]
    assert Jst.objects.filter(code__startswith="0201").count() == 0


def test_setting_aside_again_writes_nothing(import_terc):
    table = changed(rows(), "0201022", NAZWA="")
    import_terc(table, "--apply", "--set-aside")
    before = everything()
    assert import_terc(table, "--apply", "--set-aside")[0] == 0
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
def test_a_file_that_is_no_terc_is_refused_with_one_sentence(import_terc, content, sentence):
    before = everything()
    status, document, said = import_terc(content, "--apply")
    assert (status, said, document["refused"]) == (1, sentence, sentence)
    assert everything() == before


def test_a_spreadsheet_without_sheets_is_refused(import_terc):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert import_terc(data.getvalue())[2] == "The archive is damaged: download the file again."


def test_an_archive_that_lies_about_its_size_is_not_unpacked(tmp_path):
    honest = as_zip(csv=b"0" * 3_000_000)
    size = (3_000_000).to_bytes(4, "little")
    path = tmp_path / "bomb.zip"
    path.write_bytes(honest.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(Refused):
        reading.read_table(path, limit=1_000_000)


def test_a_file_that_is_not_there_is_refused(import_terc, tmp_path):
    path = tmp_path / "missing.zip"
    status, _document, sentence = import_terc(path)
    assert (status, sentence) == (1, f"The file {path} cannot be read: No such file or directory.")


def test_a_file_that_lacks_too_many_units_is_refused(import_terc):
    extra = [
        ["02", "01", f"{number:02d}", "2", "Gmina", "gmina wiejska", "2025-01-01"] for number in range(10, 70)
    ]
    import_terc([*rows(), *extra], "--apply")
    before = everything()
    status, document, sentence = import_terc([*rows(), *extra[:39]], "--apply", "--set-aside")
    assert (status, sentence) == (1, "The file looks filtered: it lacks 21 of the 68 units in the register.")
    assert everything() == before
    assert import_terc([*rows(), *extra[:40]], "--apply")[1]["counts"]["missing"] == 20


def test_an_archive_with_altered_bytes_is_read_or_refused_and_nothing_else(tmp_path):
    chance, path = Random(1), tmp_path / "terc.zip"
    outcomes = Counter()
    for _attempt in range(300):
        data = bytearray(as_zip(csv=as_csv(rows())))
        for _byte in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            reading.read_table(path)
            outcomes["read"] += 1
        except Refused:
            outcomes["refused"] += 1
    assert outcomes.total() == 300
    assert outcomes["refused"] > 0
