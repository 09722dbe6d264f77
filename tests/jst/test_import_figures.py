"""`manage.py import jst|population|exams`: offices and figures; and spreadsheets nobody should open."""

import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from jst.imports.offices import official_mailbox
from jst.imports.registry import IMPORTS
from jst.models import ExamResult, Jst, Population, RegisterImport
from tests.factories import SchoolFactory
from tests.jst import terc_files

REAL = os.environ.get("PORTAL_REAL_DATA")
needs_real_files = pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder of official files")
OFFICES = (
    "Kod_TERYT;nazwa_samorządu;typ_JST;nazwa_urzędu_JST;miejscowość;Kod pocztowy;Ulica;Nr domu;"
    "ogólny adres poczty elektronicznej gminy/powiatu/województwa\n"
)
PEOPLE = (
    '"Kod","Nazwa","ludność w tysiącach,2024,[tys. osób]","ludność w tysiącach mężczyźni,2024,[tys. osób]",'
    '"ludność w tysiącach kobiety,2024,[tys. osób]",\n'
)
EXAMS = 'RSPO,"rodzaj placówki\n",liczba_zdających_polski,mean_polski,std_dev_polski,median_polski\n'


@pytest.fixture
def bring(import_terc, tmp_path):
    import_terc(terc_files.rows(), "--apply")

    def bring(source, content, name="2025.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return IMPORTS[source](path, apply=True)

    return bring


def test_an_office_is_found_by_code_although_zeros_and_signs_are_lost(bring):
    report = bring(
        "jst",
        OFFICES
        + "201;Powiat;P;Starostwo;;;;;starostwo@example.pl\n"
        + "201022;Inna nazwa;GW;Urząd Gminy; Bolesławiec ;59700;Rynek;1;jan.kowalski@gmina.pl\n"
        + "1465028;Bemowo;dzielnica;Urząd Dzielnicy;;;;;bemowo@um.warszawa.pl\n"
        + "0264000;Wrocław;MNP;Urząd Miejski;;;;;\n0264011;Wrocław;MNP;Urząd Miejski;;;;;\n",
    )
    assert (report.refused, report.rejected, report.counts["units"]) == ("", [], 3)
    office = Jst.objects.get(code="020102")
    assert (office.name, office.town, office.postal_code, office.street) == (
        "Bolesławiec",
        "Bolesławiec",
        "59-700",
        "Rynek 1",
    )
    assert (office.mailbox, Jst.objects.get(code="0201").mailbox) == ("", "starostwo@example.pl")


def test_an_office_corrected_by_hand_stays(bring):
    Jst.objects.filter(code="020102").update(office_name="Nasza", corrected={"office_name": ""})
    report = bring("jst", OFFICES + "0201022;x;GW;Urząd;;;;;\n")
    office = Jst.objects.get(code="020102")
    assert (office.office_name, office.corrected, report.changes[0].what) == (
        "Nasza",
        {"office_name": "Urząd"},
        "kept",
    )


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        ("urzad@gmina.pl", "urzad@gmina.pl"),
        ("ugpiaski@wp.pl", "ugpiaski@wp.pl"),
        ("jan.kowalski@gmina.pl", ""),
        ("kowalski71@wp.pl", ""),
        ("jan.kowalski@gmina.pl; sekretariat@gmina.pl", "sekretariat@gmina.pl"),
        ("brak", ""),
    ],
)
def test_only_an_official_mailbox_is_taken(cell, taken):
    assert official_mailbox(cell) == taken


def test_population_counts_each_unit_once_and_keeps_its_source(bring):
    rows = '0000000,"POLSKA",1,1,1,\n0201044,"miasto (4)",4.05,1.99,2.06,\n'
    rows += '0201043,"Nowogrodziec (3)","14,52",7.23,7.29,\n'
    rows += '0264000,"Powiat m.",672.88,316.60,356.29,\n0264011,"Wrocław (1)",672.88,316.60,356.29,\n'
    assert bring("population", PEOPLE + rows).refused == ""
    stored = Population.objects.order_by("jst__code").values_list(
        "jst__code", "year", "people", "women", "men", "register_import__source"
    )
    assert list(stored) == [
        ("020104", 2024, 14520, 7290, 7230, "population"),
        ("026401", 2024, 672880, 356290, 316600, "population"),
    ]
    assert bring("population", PEOPLE + rows).changes == []
    assert RegisterImport.objects.filter(source="population").count() == 1


def test_population_that_cannot_be_is_reported(bring):
    report = bring(
        "population", PEOPLE + '0201022,"x",15.36,-1,7.67,\n0299022,"y",1,,,\n0201022,"z",9,1,1,\n'
    )
    assert [(r.row, r.value) for r in report.rejected] == [(2, "-1"), (3, "0299022"), (4, "0201022")]
    assert not Population.objects.exists()


def test_exam_results_are_keyed_by_school_year_and_subject(bring):
    SchoolFactory(rspo="53424")
    assert bring("exams", EXAMS + '53424,x,14,"63,357","17,43","61,5"\n').refused == ""
    result = ExamResult.objects.get()
    assert (result.school.rspo, result.year, result.subject, result.takers, result.mean, result.median) == (
        "53424",
        2025,
        "polski",
        14,
        Decimal("63.36"),
        Decimal("61.5"),
    )
    assert bring("exams", EXAMS + "53424,x,14,101,,\n99,x,1,1,,\n").applied is False
    sentence = "The file does not say of which year it is: give the year."
    assert bring("exams", EXAMS, "e8.csv").refused == sentence


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"xl/vbaProject.bin": b""}, "The spreadsheet holds more than cells"),
        ({"xl/externalLinks/a.xml": b""}, "The spreadsheet holds more than cells"),
        ({"inner.zip": b""}, "The spreadsheet holds more than cells"),
        ({"../a.xml": b""}, "The archive is damaged"),
        ({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>'}, "XML with a document type"),
        ({"xl/workbook.xml": "<a/>".encode("utf-16")}, "XML with a document type"),
        ({"xl/worksheets/a.xml": b'<c r="XFD1048576"/>'}, "The file has more than 500000 rows"),
        ({"xl/worksheets/a.xml": b" " * (21 * 1024 * 1024)}, "The file is larger than 20 MB once unpacked"),
    ],
)
def test_a_hostile_spreadsheet_is_refused_before_it_is_read(bring, members, sentence):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            archive.writestr(name, content)
    assert bring("jst", data.getvalue(), "jst.xlsx").refused.startswith(sentence)


@needs_real_files
def test_the_real_offices_population_and_exams(import_terc):
    import_terc(Path(REAL) / "TERC_Urzedowy_2026-01-08.zip", "--apply")
    offices = IMPORTS["jst"](Path(REAL) / "jst_urzedy.csv", apply=True)
    assert (offices.refused, offices.counts["units"]) == ("", 2807)
    people = IMPORTS["population"](Path(REAL) / "gus_bdl_LUDN_2425_2024.csv", apply=True)
    assert (people.refused, people.counts["units"]) == ("", 2807)
    assert Population.objects.filter(jst__kind="MNP").count() == 66
