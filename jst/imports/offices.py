"""The offices of units, from MSWiA's register „Baza JST”: names, addresses, official mailboxes.

Units are found by the first six digits of the code, never by name. A blank cell says nothing and
clears nothing; what was corrected by hand stays. A person's own mailbox is not taken.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from jst.imports.applying import Difference, Reading, day_of_file, newest_day, refuse_older, run
from jst.imports.changes import OfficeChange
from jst.imports.reading import SURPLUS, read_table
from jst.imports.report import Refused, Rejected
from jst.models import Jst
from jst.spelling import folded

SOURCE = "jst"
LIMIT = 20 * 1024 * 1024
NEEDED = {"kod_teryt": "Kod_TERYT", "typ_jst": "typ_JST", "nazwa_urzedu_jst": "nazwa_urzędu_JST"}
MAILBOX = "ogolny_adres_poczty_elektronicznej_gminy_powiatu_wojewodztwa"
DISTRICT = "dzielnica"
FIELDS = "office_name town street postal_code phone mailbox website delivery_address".split()
# Domains where anybody can open a mailbox; there an office is known only by the words before the @.
ANYBODYS = re.compile(
    r"(^|\.)(wp|onet|op|o2|interia|gazeta|poczta|gmail|vp|tlen|go2|hotmail|outlook|yahoo)\."
)
OFFICE_WORDS = re.compile(
    "urzad|gmin|powiat|starost|sekretariat|poczt|kancelari|biur|office|info|miast|marszal|umig|wojewod"
    "|kontakt|mail|^u[gm]|[.-_]u[gm]$|samorzad|bip|wojt|burmistrz|prezydent|sp$|^sp|rada"
)


@dataclass
class Row:
    number: int
    code: str = ""
    values: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)

    def fault(self, column, value, reason):
        self.faults.append(Rejected(self.number, column, value[:300], reason))


def import_offices(path, *, apply=False, set_aside=False, by=None, progress=None):
    """Compare MSWiA's register of offices with the portal's and, asked to, apply it; return the Report."""
    return run(SOURCE, path, read, compare, apply=apply, set_aside=set_aside, by=by, progress=progress)


def read(path):
    table = read_table(path, LIMIT)
    if missing := [name for key, name in NEEDED.items() if key not in table.columns]:
        raise Refused(
            _("This is not the register of offices: these columns are missing: %(columns)s.")
            % {"columns": ", ".join(missing)}
        )
    codes = dict(Jst.objects.values_list("code", "kind"))
    if not codes:
        raise Refused(_("The register of units is empty: import TERC first."))
    counties = dict(Jst.objects.exclude(county_code=None).values_list("county_code", "code"))
    reading, first = Reading(day_of_file(path)), {}
    for number, cells in table.rows:
        reading.rows += 1
        if folded(cells["typ_jst"]).startswith(DISTRICT):
            continue
        row = checked(number, cells, table.columns, codes, counties)
        twice = first.setdefault(row.code, row) if row.code else row
        if twice is not row and twice.values != row.values and row.values["_kind"] != "MNP":
            row.fault(
                NEEDED["kod_teryt"],
                cells["kod_teryt"],
                _("Row %(row)s has the same code.") % {"row": twice.number},
            )
        reading.rejected += row.faults
        if twice is row and not row.faults:
            reading.records[row.code] = row
    if not reading.rows:
        raise Refused(_("The file has a header and no rows."))
    return reading


def checked(number, cells, columns, codes, counties):
    row = Row(number)

    def cell(key):
        return " ".join(cells.get(key, "").split())

    def fault(key, reason):
        row.fault(columns.get(key, key), cell(key), reason)

    kind = row.values["_kind"] = cell("typ_jst").upper()
    if kind not in Jst.Kind.values:
        fault("typ_jst", _("Enter GM, GW, GMW, MNP, P or W."))
    else:
        code = unit_code(cell("kod_teryt"), kind)
        row.code = counties.get(code, code) if code else ""
        if not row.code:
            fault("kod_teryt", _("Enter seven digits."))
        elif row.code not in codes:
            fault("kod_teryt", _("The register has no unit with this code."))
    if not cell("nazwa_urzedu_jst"):
        fault("nazwa_urzedu_jst", _("Enter the name of the office."))
    row.values |= office(cell)
    code = row.values["postal_code"]
    if code and not re.fullmatch("[0-9]{2}-[0-9]{3}", code):
        fault("kod_pocztowy", _("Enter the postal code as 00-000."))
    if cells.get(SURPLUS):
        row.fault("", "", _("The row has more cells than the header."))
    return row


def unit_code(text, kind):
    """Return the code of the register: zeros a spreadsheet took are put back by the kind of the unit."""
    text, digits = text.replace(" ", ""), {"W": 2, "P": 4}.get(kind, 6)
    if not re.fullmatch("[0-9]{1,7}", text):
        return ""
    if len(text) <= 4 and digits < 6:
        return text.zfill(digits) if len(text) <= digits else ""
    full = text.zfill(7)
    if digits < 6 and full[digits:].strip("0"):
        return ""
    # A city with county rights may be given as a county: its number ends in zeros.
    if kind == "MNP" and full.endswith("000"):
        return full[:4]
    return full[:digits] if len(text) >= 6 else ""


def office(cell):
    """Return the fields of the unit that the row fills."""
    street = " ".join(filter(None, [cell("ulica"), cell("nr_domu")]))
    code = cell("kod_pocztowy")
    if re.fullmatch("[0-9]{4,5}", code):
        code = f"{code.zfill(5)[:2]}-{code.zfill(5)[2:]}"
    return {
        "office_name": cell("nazwa_urzedu_jst")[:200],
        "town": (cell("miejscowosc") or cell("poczta"))[:100],
        "street": street[:150],
        "postal_code": code,
        "phone": " ".join(filter(None, [cell("telefon_kierunkowy"), cell("telefon")]))[:40],
        "mailbox": official_mailbox(cell(MAILBOX)),
        "website": cell("adres_www_jednostki").rstrip("/")[:200],
        "delivery_address": cell("adres_doreczen_elektronicznych_ade")[:60],
    }


def official_mailbox(text):
    """Return the office's address, or nothing where it is a person's or none at all.

    „imie.nazwisko@gmina.pl” and mailboxes that anybody can open are a person's unless their words
    say otherwise.
    """
    for address in re.split(r"[\s,;]+", text.lower()):
        try:
            validate_email(address)
        except ValidationError:
            continue
        local, _at, domain = address.partition("@")
        if OFFICE_WORDS.search(folded(local)):
            return address
        if not ANYBODYS.search(domain) and not re.fullmatch(r"[a-z]+[._][a-z-]+[0-9]*", local):
            return address
    return ""


def compare(reading, report):
    refuse_older(SOURCE, reading.as_of)
    difference = Difference(Jst)
    difference.records_day = newest_day(SOURCE) != reading.as_of
    units = {unit.code: unit for unit in Jst.objects.filter(code__in=list(reading.records))}
    for code, row in reading.records.items():
        compare_unit(difference, units[code], row)
    changed = {change.code for change in difference.changes}
    report.counts = {
        "rows": reading.rows,
        "units": len(reading.records),
        "mailboxes": sum(bool(row.values["mailbox"]) for row in reading.records.values()),
        "changed": len(changed),
    }
    return difference


def compare_unit(difference, unit, row):
    found, corrected = {}, dict(unit.corrected)
    for name in FIELDS:
        before, after = getattr(unit, name), row.values[name]
        if not after:
            continue
        if name not in corrected:
            if before != after:
                found[name] = after
                difference.changes.append(
                    OfficeChange(unit.code, unit.full_name, name, before, after, row.number)
                )
        elif corrected[name] != after:
            corrected[name] = found.setdefault("corrected", corrected)[name] = after
            difference.changes.append(
                OfficeChange(unit.code, unit.full_name, "kept", before, after, row.number)
            )
    if found:
        difference.updated[unit.pk], difference.seen[unit.pk] = found, unit.corrected
