"""Tables as files: what is shown comes out whole, and no cell runs as a formula."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from portal.exports import csv_file, xlsx_file

FORMULAS = ["=1+1", "+48 22", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '="0123"', '"=1"']


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def read_xlsx(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_begins_as_a_formula_and_the_text_comes_back(text):
    ((_heading,), (cell,)) = read_csv(csv_file("plik", ["Nazwa"], [[text]]))

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert cell.removeprefix("'") == text


@pytest.mark.parametrize("text", FORMULAS)
def test_cells_of_a_spreadsheet_are_text(text):
    sheets = read_xlsx(xlsx_file("plik", ["Nazwa"], [[text]]))

    assert list(sheets.values())[0] == [["Nazwa"], [text]]


def test_numbers_days_and_moments_come_out_as_people_read_them():
    row = [3, None, date(2026, 3, 1), datetime(2026, 3, 1, 11, 30, tzinfo=UTC), True]
    columns = ["liczba", "nic", "dzień", "chwila", "tak"]

    assert read_csv(csv_file("plik", columns, [row]))[1] == ["3", "", "2026-03-01", "2026-03-01 12:30", "yes"]
    assert list(read_xlsx(xlsx_file("plik", columns, [row])).values())[0][1] == [
        3.0,
        "",
        "2026-03-01",
        "2026-03-01 12:30",
        "yes",
    ]


def test_a_table_without_rows_still_says_what_its_columns_are():
    assert read_csv(csv_file("plik", ["A", "B"], [])) == [["A", "B"]]
    assert list(read_xlsx(xlsx_file("plik", ["A", "B"], [])).values())[0][0] == ["A", "B"]


def test_a_spreadsheet_says_what_it_holds():
    sheets = read_xlsx(xlsx_file("plik", ["A"], [[1]], about=[("Dzień", date(2026, 3, 1))]))

    assert list(sheets.values())[1] == [["what", "value"], ["Dzień", "2026-03-01"]]


def test_the_names_of_the_files_are_those_asked_for():
    assert csv_file("szkoly", ["A"], [])["Content-Disposition"] == 'attachment; filename="szkoly.csv"'
    assert xlsx_file("szkoly", ["A"], [])["Content-Disposition"] == 'attachment; filename="szkoly.xlsx"'
