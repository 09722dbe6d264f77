"""RSPO files with planted defects: which cell of which row is wrong is known before the file is read."""

import csv
import io
from random import Random

from rustpy_xlsxwriter import FastExcel

from tests.jst.rspo_files import HEADER, school

NUMBER, NAME, KIND, PLACE = "Numer RSPO", "Nazwa", "Typ", "Kod terytorialny gmina"
BODY_REGON, BODY_NIP = "REGON organu prowadzącego", "NIP organu prowadzącego"
PARENT, CLOSED, PUPILS = "RSPO podmiotu nadrzędnego", "Data likwidacji", "Liczba uczniów"
# What is planted → (column, the damaged cell).
DAMAGED_CELLS = {
    "no number": (NUMBER, ""),
    "letters in the number": (NUMBER, "12A45"),
    "a number of eight digits": (NUMBER, "12345678"),
    "a number with a fraction": (NUMBER, "123.5"),
    "a number below nothing": (NUMBER, "-17"),
    "no name": (NAME, " "),
    "a name too long": (NAME, "Ż" * 301),
    "a formula for a name": (NAME, "=HYPERLINK(1)"),
    "a sum for a name": (NAME, "+48 123"),
    "an error for a name": (NAME, "#N/D!"),
    "a name without letters": (NAME, "12/3"),
    "a name of two lines": (NAME, "SZKOŁA\nPODSTAWOWA"),
    "a name with a sign of control": (NAME, None),
    "no kind": (KIND, ""),
    "a kind too long": (KIND, "Szkoła " * 30),
    "a place whose lost zero is in doubt": (PLACE, "201044"),
    "a place without its kind": (PLACE, "146501"),
    "a place of five digits": (PLACE, "20104"),
    "letters in the place": (PLACE, "02O1044"),
    "a kind of place that TERC lacks": (PLACE, "0201047"),
    "a place that TERC lacks": (PLACE, "0299992"),
    "a delegation where there is no city": (PLACE, "0201099"),
    "a REGON with a wrong digit": ("REGON", "000557459"),
    "a REGON with letters": ("REGON", "brak"),
    "a REGON of the body with a wrong digit": (BODY_REGON, "00055745800001"),
    "a NIP with a wrong digit": ("NIP", "8621509053"),
    "a NIP of the body that is too short": (BODY_NIP, "862150905"),
    "a postal code with letters": ("Kod pocztowy", "23-32O"),
    "an unknown status": ("Publiczność status", "społeczna"),
    "pupils below nothing": (PUPILS, "-3"),
    "pupils in words": (PUPILS, "dużo"),
    "pupils in halves": (PUPILS, "12,5"),
    "too many pupils": (PUPILS, "20001"),
    "a date with slashes": (CLOSED, "2024/01/31"),
    "a day that does not exist": (CLOSED, "2025-02-30"),
    "a day that does not exist, written with dots": (CLOSED, "31.04.2025"),
    "a day of another age": (CLOSED, "0202-08-31"),
    "letters in the number of the complex": (PARENT, "zespół"),
}
# The file as offices have it: none of these is a defect.
QUIRKS = [
    {},
    {"Specyfika placówki": 'jedno\r\ndrugie; trzecie, "czwarte"'},
    {PLACE: "201022"},
    {PLACE: "1465028"},
    {CLOSED: "31.08.2025"},
    {"REGON": "1188017"},
    {"Kod pocztowy": "2332", PUPILS: ""},
    {"Publiczność status": "niepubliczna o uprawnieniach szkoły publicznej", BODY_REGON: "000557458"},
    {NAME: "  Szkoła „Pod Dębem” \u2013 filia ", "NIP": "862-150-90-52"},
    dict.fromkeys(HEADER, ""),
]
ON_ROWS = ["twice", "itself", "surplus", "cut"]


class Planted:
    """`rows` of cells and `faults` as (row, column); `bad` is how many rows are wrong."""

    def __init__(self, unit, bad, seed, *, xlsx=False):
        self.unit, self.chance, self.xlsx = unit, Random(seed), xlsx
        self.rows, self.faults, self.number = [], [], 10_000
        kinds = [*DAMAGED_CELLS, *ON_ROWS]
        self.good()
        for index in range(bad):
            for _row in range(self.chance.randint(0, 2)):
                self.good()
            self.plant(kinds[index % len(kinds)])
        self.good()

    def next_row(self, **cells):
        self.number += 1
        return [(school(self.unit, self.number) | cells)[name] for name in HEADER]

    def add(self, row, *columns):
        self.rows.append(row)
        # The header is row 1.
        self.faults += [(len(self.rows) + 1, column) for column in columns]

    def good(self):
        self.add(self.next_row(**self.chance.choice(QUIRKS)))
        if any(self.rows[-1]):
            self.last_good = self.rows[-1][0]

    def plant(self, kind):
        if kind in DAMAGED_CELLS:
            column, value = DAMAGED_CELLS[kind]
            if value is None:
                # XML has no signs below the space; Windows-1250 has none of the others.
                value = "SZKOŁA\x81" if self.xlsx else "SZKOŁA\x07"
            self.add(self.next_row(**{column: value}), column)
        elif kind == "twice":
            self.add(self.next_row(**{NUMBER: self.last_good}), NUMBER)
        elif kind == "itself":
            self.add(self.next_row(**{PARENT: str(self.number + 1)}), PARENT)
        elif kind == "surplus":
            self.add([*self.next_row(), "nadmiar"], "")
        elif not self.xlsx:
            self.add(self.next_row()[: HEADER.index("Miejscowość")], "Miejscowość")

    def as_csv(self, separator=";"):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
        writer.writerows([HEADER, *self.rows])
        return text.getvalue()

    def as_xlsx(self):
        data, names = io.BytesIO(), [*HEADER, ""]
        rows = [
            dict(zip(names, [*(cell.removeprefix('="').removesuffix('"') for cell in row), ""], strict=False))
            for row in self.rows
        ]
        FastExcel(data).sheet("RSPO", rows).save()
        return data.getvalue()
