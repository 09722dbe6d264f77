"""RSPO files of any size, made up from the units of the register: schools, complexes, other bodies."""

import csv
import io
from functools import cache
from itertools import count

from rustpy_xlsxwriter import FastExcel
from stdnum.pl import regon

from jst.models import Jst

HEADER = (
    "Numer RSPO;REGON;NIP;Typ;Nazwa;Kod terytorialny województwo;Kod terytorialny powiat;"
    "Kod terytorialny gmina;Kod terytorialny miejscowość;Kod terytorialny ulica;Województwo;Powiat;Gmina;"
    "Miejscowość;Rodzaj miejscowości;Ulica;Numer budynku;Numer lokalu;Kod pocztowy;Poczta;Telefon;Faks;"
    "E-mail;Strona www;Publiczność status;Kategoria uczniów;Specyfika placówki;Imię i nazwisko dyrektora;"
    "Data założenia;Data rozpoczęcia działalności;Data likwidacji;Typ organu prowadzącego;"
    "Nazwa organu prowadzącego;REGON organu prowadzącego;NIP organu prowadzącego;"
    "Województwo organu prowadzącego;Powiat organu prowadzącego;Gmina organu prowadzącego;"
    "Miejsce w strukturze;RSPO podmiotu nadrzędnego;Typ podmiotu nadrzędnego;Nazwa podmiotu nadrzędnego;"
    "Liczba uczniów;Tereny sportowe;Języki nauczane;Czy zatrudnia logopedę;Czy zatrudnia psychologa;"
    "Czy zatrudnia pedagoga;Oddziały podstawowe wg specyfiki;Oddziały dodatkowe;Zawód;Zawód artystyczny;"
    "Zawód w KPSS;Dziedzina BCU"
).split(";")
# The layouts of the register since 2020, by how many columns they have.
OLD_HEADER = (
    "Numer RSPO;Typ;Nazwa;Ulica;Numer budynku;Numer lokalu;Kod pocztowy;Miejscowość;Kod terytorialny ulica;"
    "Kod terytorialny miejscowosc;Kod terytorialny gmina;Telefon;Faks;E-mail;Strona www;Województwo;Powiat;"
    "Gmina;REGON;NIP;Publiczność status;Kategoria uczniów;Specyfika placówki;Imię i nazwisko dyrektora;"
    "Nazwa organu prowadzącego;Typ organu prowadzącego;Województwo organu prowadzącego;"
    "Powiat organu prowadzącego;Gmina organu prowadzącego;Data założenia;Data likwidacji;"
    "Miejsce w strukturze;Typ podmiotu nadrzędnego;RSPO podmiotu nadrzędnego;Nazwa podmiotu nadrzędnego;"
    "Liczba uczniów"
).split(";")
LAYOUTS = {35: OLD_HEADER[:35], 36: OLD_HEADER, 50: HEADER[:50], 54: HEADER}
COMPLEX = "Zespół szkół i placówek oświatowych"
LAST_DIGIT = {"GM": "1", "GW": "2", "GMW": "4", "MNP": "1"}


@cache
def number_with_check_digit(number):
    eight = f"{number:08d}"
    return eight + regon.calc_check_digit(eight)


def school(unit, number, **cells):
    """Return the cells of one school in a gmina, run by the gmina unless `cells` say otherwise."""
    voivodeship = voivodeship_of(unit)
    county = unit.name if unit.kind == "MNP" else unit.parent.name
    body = "Miasto na prawach powiatu" if unit.kind == "MNP" else "Gmina"
    row = dict.fromkeys(HEADER, "") | {
        "Numer RSPO": str(number),
        "REGON": f'="{number_with_check_digit(number)}"',
        "Typ": "Szkoła podstawowa",
        "Nazwa": f"SZKOŁA PODSTAWOWA NR {number} IM. MARII KONOPNICKIEJ",
        "Kod terytorialny gmina": f'="{unit.code}{LAST_DIGIT[unit.kind]}"',
        "Miejscowość": unit.name,
        "Kod pocztowy": "23-320",
        "Strona www": "http://",
        "E-mail": "DANE DO UZUPEŁNIENIA",
        "Imię i nazwisko dyrektora": "Janina Tajna",
        "Publiczność status": "publiczna",
        "Data założenia": "1999-09-01",
        "Typ organu prowadzącego": body,
        "Nazwa organu prowadzącego": f"{body} {unit.name}".upper(),
        "Województwo organu prowadzącego": voivodeship.name.upper(),
        "Powiat organu prowadzącego": county,
        "Gmina organu prowadzącego": unit.name,
        "Miejsce w strukturze": "samodzielna",
        "Liczba uczniów": str(40 + number % 400),
    }
    return row | cells


def voivodeship_of(unit):
    return unit.parent if unit.kind == "MNP" else unit.parent.parent


def national(size):
    """Give `size` rows: complexes after their parts, foundations, natural persons and gminas."""
    gminas = list(Jst.objects.filter(kind__in=LAST_DIGIT).select_related("parent__parent").order_by("code"))
    for index, number in zip(range(size), count(10_000), strict=False):
        unit, cells = gminas[index * len(gminas) // size], {}
        if index % 10 == 9:
            cells = {"Typ": COMPLEX, "Miejsce w strukturze": "zespół", "Liczba uczniów": ""}
        elif index % 10 == 8:
            cells = {"RSPO podmiotu nadrzędnego": str(number + 1), "Typ podmiotu nadrzędnego": COMPLEX}
        elif index % 9 == 0:
            cells = {"Typ organu prowadzącego": "Fundacje", "Nazwa organu prowadzącego": "FUNDACJA OŚWIATA"}
        elif index % 31 == 0:
            cells = {"Typ organu prowadzącego": "Osoba fizyczna", "Nazwa organu prowadzącego": "ANNA TAJNA"}
        yield school(unit, number, **cells)


def as_csv(rows, header=HEADER, separator=";", newline="\r\n"):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=newline)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return text.getvalue()


def as_xlsx(rows):
    data = io.BytesIO()
    plain = [{name: text.removeprefix('="').removesuffix('"') for name, text in row.items()} for row in rows]
    FastExcel(data).sheet("RSPO", plain).save()
    return data.getvalue()
