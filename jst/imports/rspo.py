"""What the rows of RSPO mean: one school or institution each, checked cell by cell.

Head teachers, e-mail addresses and telephones are not read at all; of bodies that are natural persons
only the kind is kept. Official files have right check digits in REGON and NIP (all 543 rows of a real
one have), so a wrong one is a damaged cell and its row cannot be used.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from stdnum.pl import nip, regon

from jst.imports.applying import Reading, day_of_file
from jst.imports.reading import LACKING, SURPLUS, read_table
from jst.imports.report import Refused, Rejected
from jst.spelling import folded

NEEDED = {
    "numer_rspo": "Numer RSPO",
    "typ": "Typ",
    "nazwa": "Nazwa",
    "kod_terytorialny_gmina": "Kod terytorialny gmina",
    "typ_organu_prowadzacego": "Typ organu prowadzącego",
    "wojewodztwo_organu_prowadzacego": "Województwo organu prowadzącego",
    "powiat_organu_prowadzacego": "Powiat organu prowadzącego",
    "gmina_organu_prowadzacego": "Gmina organu prowadzącego",
}
# Column of the file → the fields of the school that it fills; what a layout lacks stays as it is.
FILLS = {
    "regon": ["regon"],
    "rspo_podmiotu_nadrzednego": ["parent_rspo"],
    "miejscowosc": ["town"],
    "ulica": ["street"],
    "kod_pocztowy": ["postal_code"],
    "publicznosc_status": ["is_public"],
    "liczba_uczniow": ["pupils"],
    "data_likwidacji": ["closed_on"],
    "nazwa_organu_prowadzacego": ["body_name"],
    "regon_organu_prowadzacego": ["body_regon"],
}
ALWAYS = ["name", "kind", "is_complex", "place_code", "authority_id", "authority_basis", "body_kind"]
COMPLEX = "zespol szkol i placowek oswiatowych"
PUBLIC = {"publiczna": True, "niepubliczna": False}
MOST_PUPILS = 20_000
KINDS_OF_PLACES = "1234589"


@dataclass
class Row:
    """One row with the faults found in it; `seat` is the voivodeship, county and gmina of the body."""

    number: int
    rspo: str = ""
    values: dict = field(default_factory=dict)
    seat: tuple = ("", "", "")
    faults: list = field(default_factory=list)

    def fault(self, column, value, reason):
        self.faults.append(Rejected(self.number, column, value[:300], reason))


def read(path, places):
    """Return the Reading of an RSPO file; `places` are the six digits of every gmina of the register."""
    table = read_table(path)
    if missing := [name for key, name in NEEDED.items() if key not in table.columns]:
        raise Refused(
            _("This is not an RSPO file: these columns are missing: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    reading = Reading(day_of_file(path))
    filled = [name for column, names in FILLS.items() if column in table.columns for name in names]
    reading.fields = [*ALWAYS, *filled]
    first = {}
    for number, cells in table.rows:
        reading.rows += 1
        row = checked(number, cells, table.columns, places)
        if row.rspo and row.rspo in first:
            row.fault(
                NEEDED["numer_rspo"],
                row.rspo,
                _("Row %(row)s has the same number.") % {"row": first[row.rspo]},
            )
        elif row.rspo:
            first[row.rspo] = number
        keep(reading, row)
    if not reading.rows:
        raise Refused(_("The file has a header and no rows."))
    return reading


def keep(reading, row):
    if not row.faults:
        reading.records[row.rspo] = row
        return
    reading.rejected += row.faults
    if row.rspo:
        reading.doubtful.add(row.rspo)
    else:
        reading.unreadable = True


def checked(number, cells, columns, places):
    """Return the Row of the cells, with a fault for every cell that cannot be right."""
    row = Row(number)

    def cell(key):
        return cells.get(key, "")

    def fault(key, reason):
        row.fault(columns.get(key, key), cell(key), reason)

    row.rspo = number_of_school(cell("numer_rspo"))
    if not row.rspo:
        fault("numer_rspo", _("Enter digits only, at most seven."))
    check_text(cell("nazwa"), 300, lambda reason: fault("nazwa", reason))
    check_text(cell("typ"), 150, lambda reason: fault("typ", reason))
    place, reason = place_code(cell("kod_terytorialny_gmina"), places)
    if reason:
        fault("kod_terytorialny_gmina", reason)
    values = row.values
    values |= identifiers(cell, fault)
    values |= particulars(cell, fault)
    values |= {"name": cell("nazwa"), "kind": cell("typ"), "place_code": place}
    values["is_complex"] = folded(cell("typ")) == COMPLEX
    values["parent_rspo"] = parent = number_of_school(cell("rspo_podmiotu_nadrzednego"))
    if cell("rspo_podmiotu_nadrzednego") and not parent:
        fault("rspo_podmiotu_nadrzednego", _("Enter digits only, at most seven."))
    elif parent and parent == row.rspo:
        fault("rspo_podmiotu_nadrzednego", _("A school cannot be part of itself."))
    values |= body(cell, values.pop("body_regon"))
    row.seat = tuple(cell(f"{part}_organu_prowadzacego") for part in ["wojewodztwo", "powiat", "gmina"])
    if cells.get(SURPLUS):
        # The cells may hold anything, a person too: their words are not repeated.
        row.fault("", "", _("The row has more cells than the header."))
    if LACKING in cells and ends_early(cells[LACKING], list(columns)):
        fault(cells[LACKING], _("The row ends before this column."))
    return row


def ends_early(lacking, order):
    """Say whether a row lacks a needed column: it was cut, for spreadsheets drop only blank ends."""
    return any(order.index(key) >= order.index(lacking) for key in NEEDED)


def number_of_school(text):
    """Return an RSPO number without zeros in front, or nothing where the text is no number."""
    return text.lstrip("0") if re.fullmatch("[0-9]{1,7}", text) else ""


def check_text(text, longest, fault):
    if not text:
        fault(_("Enter the text."))
    elif len(text) > longest:
        fault(_("The text is longer than %(count)s signs.") % {"count": longest})
    elif text[0] in "=+@\t" or text.startswith("#"):
        fault(_("This is a formula or an error of a spreadsheet."))
    elif "\ufffd" in text or any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in text):
        fault(_("The text has signs that cannot be read."))
    elif not any(sign.isalpha() for sign in text):
        fault(_("The text has no letters."))


def place_code(text, places):
    """Return (seven digits, reason why not); a zero lost in a spreadsheet is put back where it is plain."""
    if not text:
        return "", ""
    if re.fullmatch("[0-9]{6}", text):
        lost, short = "0" + text, text
        if lost[:6] in places and lost[6] in KINDS_OF_PLACES and short not in places:
            return lost, ""
        return text, _("Enter seven digits: a leading zero may have been lost in a spreadsheet.")
    if not re.fullmatch("[0-9]{7}", text):
        return text[:7], _("Enter seven digits.")
    if text[6] not in KINDS_OF_PLACES:
        return text, _("TERC knows the kinds 1, 2, 3, 4, 5, 8 and 9 only.")
    if text[:6] not in places and not is_of_city(text, places):
        return text, _("The register of units has no such place.")
    return text, ""


def is_of_city(place, places):
    """Say whether a place is a district or delegation of a city: counties from 61 on are cities."""
    return place[6] in "89" and place[2:4] > "60" and place[:4] + "01" in places


def identifiers(cell, fault):
    """Return the REGON of the school and of its body; check digits are checked, the NIP's too."""
    values = {}
    for key, name in [("regon", "regon"), ("regon_organu_prowadzacego", "body_regon")]:
        values[name], right = with_zeros(cell(key))
        if not right:
            fault(key, _("The digits of the REGON do not agree."))
    for key in ["nip", "nip_organu_prowadzacego"]:
        if cell(key) and not nip.is_valid(cell(key)):
            fault(key, _("The digits of the NIP do not agree."))
    return values


def with_zeros(text):
    """Return a REGON with the zeros a spreadsheet may have taken, and whether its digits agree."""
    if not text:
        return "", True
    if not re.fullmatch("[0-9]{6,14}", text):
        return text[:14], False
    full = text.zfill(9 if len(text) <= 9 else 14)
    return full, regon.is_valid(full)


def particulars(cell, fault):
    """Return address, status, pupils and the day of closing."""
    values = {"town": cell("miejscowosc")[:100], "postal_code": cell("kod_pocztowy"), "street": address(cell)}
    code = values["postal_code"]
    if re.fullmatch("[0-9]{4,5}", code):
        code = values["postal_code"] = f"{code.zfill(5)[:2]}-{code.zfill(5)[2:]}"
    if code and not re.fullmatch("[0-9]{2}-[0-9]{3}", code):
        fault("kod_pocztowy", _("Enter the postal code as 00-000."))
    status = folded(cell("publicznosc_status")).partition(" ")[0]
    values["is_public"] = PUBLIC.get(status)
    if status and status not in PUBLIC:
        fault("publicznosc_status", _("Enter „publiczna” or „niepubliczna”."))
    pupils = cell("liczba_uczniow")
    values["pupils"] = int(pupils) if re.fullmatch("[0-9]{1,6}", pupils) else None
    if pupils and (values["pupils"] is None or values["pupils"] > MOST_PUPILS):
        fault("liczba_uczniow", _("Enter a whole number, at most %(count)s.") % {"count": MOST_PUPILS})
    values["closed_on"] = day_of(cell("data_likwidacji"))
    if cell("data_likwidacji") and values["closed_on"] is None:
        fault("data_likwidacji", _("Enter the date as 2026-01-31 or 31.01.2026."))
    return values


def address(cell):
    number = "/".join(filter(None, [cell("numer_budynku"), cell("numer_lokalu")]))
    return " ".join(filter(None, [cell("ulica"), number]))[:150]


def day_of(text):
    """Return the date of either form, or None."""
    for form in ["%Y-%m-%d", "%d.%m.%Y"]:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return day if date(1700, 1, 1) <= day <= date(2100, 1, 1) else None
    return None


def body(cell, body_regon):
    """Return what is kept of the running body; of natural persons and their firms the kind only."""
    kind = cell("typ_organu_prowadzacego")[:100]
    if is_person(kind):
        return {"body_kind": kind, "body_name": "", "body_regon": ""}
    name = cell("nazwa_organu_prowadzacego")[:300]
    return {"body_kind": kind, "body_name": name, "body_regon": body_regon}


def is_person(kind):
    return "osoba fizyczna" in folded(kind) or "osob fizycznych" in folded(kind) or not kind
