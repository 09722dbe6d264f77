"""`manage.py import terc`: the official register of units and its history."""

import csv
import os
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jst import demo_register
from jst.models import Jst, JstEvent, JstPeriod, RegisterChange, RegisterImport
from portal.models import User
from tests.factories import UserFactory
from tests.jst.terc_files import (
    UNITS,
    as_csv,
    as_older_xml,
    as_xml,
    as_zip,
    changed,
    everything,
    history,
    rows,
    stored_units,
    without,
)

REAL = os.environ.get("PORTAL_REAL_DATA")
needs_real_files = pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")


# --- Every form of the file -------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
def test_a_csv_file_is_read_as_it_was_downloaded(import_terc, encoding, separator, newline):
    status, document, _sentence = import_terc(as_csv(rows(), separator, newline).encode(encoding), "--apply")
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
def test_other_forms_of_the_file_give_the_same_units(import_terc, content):
    status, document, _sentence = import_terc(content, "--apply")
    assert (status, document["refused"], document["rejected"]) == (0, "", [])
    assert stored_units() == UNITS


def test_parts_of_gminas_and_of_cities_are_no_units(import_terc):
    _status, document, _sentence = import_terc(rows())
    assert document["counts"]["rows"] == 14
    assert document["counts"]["units"] == 8
    assert document["counts"]["kinds"] == {"GM": 1, "GW": 1, "GMW": 1, "MNP": 2, "P": 1, "W": 2}


# --- Dry run, apply, apply again --------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_counts_the_same(import_terc):
    before = everything()
    status, dry, _sentence = import_terc(rows())
    assert everything() == before
    applied = import_terc(rows(), "--apply")[1]
    assert (status, dry["applied"], applied["applied"]) == (0, False, True)
    assert {**dry, "applied": True} == applied
    assert dry["counts"]["new"] == 8


def test_applying_is_recorded_with_the_file_and_an_event(import_terc):
    status, document, _sentence = import_terc(rows(), "--apply")
    row = RegisterImport.objects.get()
    assert (row.source, row.file_name, row.as_of) == ("terc", "TERC.csv", date(2025, 1, 1))
    assert row.sha256 == document["sha256"]
    assert row.counts == document["counts"]
    columns = ["code", "name", "what", "before", "after", "row"]
    assert list(row.changes.values(*columns)) == document["changes"]
    assert not row.rejected.exists()
    event = JstEvent.objects.get(register_import=row).event
    assert (event.kind, event.actor, event.data["as_of"]) == (
        "jst.register.import",
        User.objects.system(),
        "2025-01-01",
    )


def test_an_import_is_recorded_in_the_name_of_a_person(import_terc):
    person = UserFactory(email="koordynator@example.org")
    import_terc(rows(), "--apply", "--by", "Koordynator@example.org")
    assert RegisterImport.objects.get().applied_by == person


@pytest.mark.parametrize("form", [as_csv, as_xml])
def test_applying_the_same_state_again_writes_nothing(import_terc, form):
    import_terc(rows(), "--apply")
    before = everything()
    status, document, _sentence = import_terc(form(rows()).encode(), "--apply")
    assert (status, document["changes"]) == (0, [])
    assert {name: document["counts"][name] for name in ["new", "changed", "missing", "back"]} == {
        "new": 0,
        "changed": 0,
        "missing": 0,
        "back": 0,
    }
    assert everything() == before


def test_a_later_state_without_changes_is_recorded_and_changes_no_unit(import_terc):
    import_terc(rows(), "--apply")
    units = everything()[:2]
    import_terc(rows("2026-01-01"), "--apply")
    assert everything()[:2] == units
    assert [row.as_of.year for row in RegisterImport.objects.order_by("as_of")] == [2025, 2026]


def test_a_person_reads_the_report_in_sentences(db, in_english, tmp_path, capsys):
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


def test_a_changed_kind_closes_one_period_and_opens_the_next(import_terc):
    import_terc(rows(), "--apply")
    newer = changed(rows("2026-01-01"), "0201022", RODZ="3", NAZWA_DOD="gmina miejsko-wiejska")
    _status, document, _sentence = import_terc(newer, "--apply")
    assert document["changes"] == [
        {"code": "020102", "name": "Bolesławiec", "what": "kind", "before": "GW", "after": "GMW", "row": 5}
    ]
    assert history("020102") == [
        ("0201022", "GW", "Bolesławiec", "2025-01-01", "2025-12-31"),
        ("0201023", "GMW", "Bolesławiec", "2026-01-01", "None"),
    ]
    assert Jst.objects.get(code="020102").kind == "GMW"


def test_a_new_name_is_found_at_once_and_the_old_one_stays_in_the_history(import_terc):
    import_terc(rows(), "--apply")
    newer = changed(rows("2026-01-01"), "0201022", NAZWA="Łąki Bolesławieckie")
    document = import_terc(newer, "--apply")[1]
    assert [(c["what"], c["before"], c["after"]) for c in document["changes"]] == [
        ("renamed", "Bolesławiec", "Łąki Bolesławieckie")
    ]
    assert [period[2] for period in history("020102")] == ["Bolesławiec", "Łąki Bolesławieckie"]
    assert Jst.objects.search("laki").get().code == "020102"


def test_a_unit_that_is_gone_is_kept_and_marked(import_terc):
    import_terc(rows(), "--apply")
    document = import_terc(without(rows("2026-01-01"), "0201022"), "--apply")[1]
    assert [(c["code"], c["what"], c["row"]) for c in document["changes"]] == [("020102", "gone", None)]
    assert document["counts"]["missing"] == 1
    gone = Jst.objects.get(code="020102")
    assert gone.abolished_on == date(2026, 1, 1)
    assert history("020102")[-1][4] == "2025-12-31"
    assert Jst.objects.current().count() == 7


def test_a_unit_that_comes_back_is_the_same_unit_with_a_new_period(import_terc):
    import_terc(rows(), "--apply")
    unit = Jst.objects.get(code="020102")
    import_terc(without(rows("2026-01-01"), "0201022"), "--apply")
    document = import_terc(rows("2027-01-01"), "--apply")[1]
    assert [(c["code"], c["what"]) for c in document["changes"]] == [("020102", "back")]
    assert (document["counts"]["back"], document["counts"]["changed"]) == (1, 0)
    unit.refresh_from_db()
    assert unit.abolished_on is None
    assert [period[3:] for period in history("020102")] == [
        ("2025-01-01", "2025-12-31"),
        ("2027-01-01", "None"),
    ]


def test_a_new_unit_starts_on_the_day_of_the_file(import_terc):
    import_terc(without(rows(), "0201022"), "--apply")
    document = import_terc(rows("2026-01-01"), "--apply")[1]
    assert [(c["code"], c["what"], c["row"]) for c in document["changes"]] == [("020102", "new", 5)]
    assert history("020102") == [("0201022", "GW", "Bolesławiec", "2026-01-01", "None")]


def test_a_corrected_file_of_the_same_day_corrects_the_period(import_terc):
    import_terc(changed(rows(), "0201022", NAZWA="Boleslawiec"), "--apply")
    import_terc(rows(), "--apply")
    assert history("020102") == [("0201022", "GW", "Bolesławiec", "2025-01-01", "None")]


def test_a_unit_of_one_day_only_leaves_no_period(import_terc):
    import_terc(rows(), "--apply")
    import_terc(without(rows(), "0201022"), "--apply")
    assert history("020102") == []
    assert Jst.objects.get(code="020102").abolished_on == date(2025, 1, 1)


def test_an_older_file_is_refused(import_terc):
    import_terc(rows("2026-01-01"), "--apply")
    before = everything()
    status, document, sentence = import_terc(changed(rows(), "0201022", NAZWA="Inna"), "--apply")
    assert (status, sentence) == (1, "The file is as of 2025-01-01, the register already as of 2026-01-01.")
    assert document["refused"] == sentence
    assert document["changes"] == []
    assert everything() == before


def test_the_small_register_of_the_demo_takes_the_official_file(import_terc):
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
    document = import_terc([[*row, "2026-01-01"] for row in table], "--apply")[1]
    assert (document["refused"], document["changes"]) == ("", [])
    assert history("300405") == [("3004052", "GW", "Piaski", "2017-01-01", "None")]


# --- Arguments --------------------------------------------------------------------------------


def test_an_unknown_person_is_a_wrong_argument(db, in_english, tmp_path):
    with pytest.raises(CommandError, match="^Nobody has an account") as raised:
        call_command("import", "terc", str(tmp_path), "--by", "nikt@example.org")
    assert raised.value.returncode == 2


# --- The real registers -----------------------------------------------------------------------

OLDER, NEWER = "TERC_Urzedowy_2025-11-18.zip", "TERC_Urzedowy_2026-01-08.zip"


@needs_real_files
def test_the_country_has_2809_units(import_terc):
    status, document, _sentence = import_terc(Path(REAL) / NEWER, "--apply")
    assert (status, document["rejected"]) == (0, [])
    assert document["counts"]["units"] == document["counts"]["new"] == Jst.objects.count() == 2809
    kinds = Counter(Jst.objects.values_list("kind", flat=True))
    assert kinds == {"W": 16, "P": 314, "GM": 236, "GW": 1453, "GMW": 724, "MNP": 66}
    assert kinds.total() - kinds["W"] - kinds["P"] == 2479
    assert Jst.objects.exclude(county_code=None).count() == 66
    assert Jst.objects.exclude(kind="W").filter(parent=None).count() == 0


@needs_real_files
def test_the_year_between_two_files_is_the_history(import_terc):
    import_terc(Path(REAL) / OLDER, "--apply")
    document = import_terc(Path(REAL) / NEWER, "--apply")[1]
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
def test_every_change_between_two_years_is_kept_in_the_rows_of_the_history(import_terc):
    import_terc(Path(REAL) / OLDER, "--apply")
    import_terc(Path(REAL) / NEWER, "--apply")
    with (Path(REAL) / "terc_zmiany_2017_2026.csv").open(encoding="utf-8-sig") as file:
        official = [r for r in csv.DictReader(file, delimiter=";") if r["STAN_OD"] == "2025-01-01"]
    kinds, expected = {"1": "GM", "2": "GW", "3": "GMW"}, set()
    for row in official:
        before, after = row["KOD_PRZED"], row["KOD_PO"]
        assert before[:6] == after[:6]
        if before[6] != after[6]:
            expected.add((after[:6], "kind", kinds[before[6]], kinds[after[6]]))
        if row["NAZWA_PRZED"] != row["NAZWA_PO"]:
            expected.add((after[:6], "renamed", row["NAZWA_PRZED"], row["NAZWA_PO"]))
    kept = RegisterChange.objects.filter(register_import__as_of="2026-01-01")
    assert set(kept.values_list("code", "what", "before", "after")) == expected
    assert kept.count() == len(expected) == len(official) == 7


@needs_real_files
@pytest.mark.parametrize("file", [OLDER, NEWER])
def test_the_66_cities_with_county_rights_are_counted_once(import_terc, file):
    document = import_terc(Path(REAL) / file, "--apply")[1]
    cities = Jst.objects.filter(kind="MNP")
    assert document["counts"]["kinds"]["MNP"] == cities.count() == 66
    assert cities.values("county_code").distinct().count() == 66
    # Neither is the city there a second time as a county, nor are its districts units.
    assert not Jst.objects.filter(code__in=cities.values("county_code")).exists()
    assert not Jst.objects.filter(parent__in=cities).exists()


@needs_real_files
def test_the_real_file_changes_nothing_the_second_time(import_terc):
    import_terc(Path(REAL) / NEWER, "--apply")
    before = everything()
    assert import_terc(Path(REAL) / NEWER, "--apply")[1]["changes"] == []
    assert everything() == before


@needs_real_files
def test_the_xml_of_the_real_archive_gives_the_same_units(import_terc, tmp_path):
    import_terc(Path(REAL) / NEWER, "--apply")
    with zipfile.ZipFile(Path(REAL) / NEWER) as archive:
        (xml,) = [name for name in archive.namelist() if name.endswith(".xml")]
        assert import_terc(archive.read(xml), "--apply")[1]["changes"] == []


@needs_real_files
def test_the_real_file_joins_the_small_register_of_the_demo(import_terc):
    demo_register.load(User.objects.system())
    document = import_terc(Path(REAL) / NEWER, "--apply")[1]
    assert document["counts"]["new"] == 2809 - len(demo_register.units())
    assert document["counts"]["changed"] == document["counts"]["missing"] == 0
