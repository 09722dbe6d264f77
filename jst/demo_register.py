"""A small register for the demonstration, written by hand: real units with their real TERC codes.

Every unit here had the same name and kind on 1 January 2017 and on 1 January 2026. Which of them took
part is made up, except the four that ORE itself names: Piaski, Nidzica, Chęciny and Zawiercie.
There are two gminas called Piaski; the rural one, in the county of Gostyń, calls itself just “Gmina
Piaski”, so it is taken here. The schools are in `demo_schools`.
"""

from datetime import date
from pathlib import Path

from django.db import transaction

from jst.imports.reading import sha256
from jst.imports.report import Report
from jst.imports.terc import Reading, Unit
from jst.imports.units import find_difference, write
from jst.models import Jst
from jst.naming import VOIVODESHIPS
from portal.models import ChainHead

SOURCE = "demo"
AS_OF = date(2017, 1, 1)

COUNTIES = {
    "0202": "dzierżoniowski",
    "0212": "lwówecki",
    "0415": "toruński",
    "0416": "tucholski",
    "0601": "bialski",
    "0614": "puławski",
    "0804": "nowosolski",
    "0808": "świebodziński",
    "1002": "kutnowski",
    "1005": "łowicki",
    "1201": "bocheński",
    "1205": "gorlicki",
    "1206": "krakowski",
    "1216": "tarnowski",
    "1432": "warszawski zachodni",
    "1435": "wyszkowski",
    "1604": "kluczborski",
    "1606": "namysłowski",
    "1804": "jarosławski",
    "1809": "lubaczowski",
    "1821": "leski",
    "2005": "hajnowski",
    "2201": "bytowski",
    "2205": "kartuski",
    "2403": "cieszyński",
    "2409": "myszkowski",
    "2416": "zawierciański",
    "2602": "jędrzejowski",
    "2604": "kielecki",
    "2609": "sandomierski",
    "2806": "giżycki",
    "2811": "nidzicki",
    "2813": "olecki",
    "2815": "ostródzki",
    "3004": "gostyński",
    "3021": "poznański",
    "3029": "wolsztyński",
    "3204": "goleniowski",
    "3209": "koszaliński",
}

GMINAS = {
    "GW": {
        "041504": "Lubicz",
        "120617": "Zielonki",
        "143502": "Długosiodło",
        "182105": "Solina",
        "200508": "Narew",
        "220504": "Sierakowice",
        "260902": "Dwikozy",
        "300405": "Piaski",
        "302117": "Tarnowo Podgórne",
        "320901": "Będzino",
    },
    "GM": {
        "020202": "Dzierżoniów",
        "061401": "Puławy",
        "100201": "Kutno",
        "120101": "Bochnia",
        "180401": "Jarosław",
        "200501": "Hajnówka",
        "240302": "Ustroń",
        "241602": "Zawiercie",
        "280601": "Giżycko",
    },
    "GMW": {
        "021203": "Lwówek Śląski",
        "061408": "Nałęczów",
        "121610": "Tuchów",
        "143201": "Błonie",
        "160402": "Kluczbork",
        "160602": "Namysłów",
        "220102": "Bytów",
        "240902": "Koziegłowy",
        "260403": "Chęciny",
        "281104": "Nidzica",
        "302903": "Wolsztyn",
        "320402": "Goleniów",
    },
    "MNP": {
        "226401": "Sopot",
        "247901": "Żory",
    },
}

# Each kind of the closed pilot: 7 rural, 8 urban (two of them with county rights), 9 urban-rural gminas
# and 8 counties; the last county withdrew.
PILOT = [
    *["300405", "041504", "120617", "182105", "200508", "220504", "260902"],
    *["241602", "020202", "061401", "100201", "120101", "280601", "226401", "247901"],
    *["281104", "260403", "021203", "061408", "143201", "160602", "240902", "302903", "320402"],
    *["0416", "0601", "0804", "1205", "1809", "2602", "2813", "1005"],
]
WITHDREW = "1005"

# The kinds take turns, so that the first few are of all kinds.
CURRENT = [
    *["143502", "240302", "121610", "2604"],
    *["320901", "180401", "160402", "0808"],
    *["302117", "200501", "220102", "2815"],
]


def units():
    """Return every unit of the small register by its code."""
    found = [Unit(code, code, "W", name, row=0) for code, name in VOIVODESHIPS.items()]
    found += [Unit(code, code, "P", name, row=0, parent=code[:2]) for code, name in COUNTIES.items()]
    for kind, gminas in GMINAS.items():
        found += [gmina(kind, code, name) for code, name in gminas.items()]
    return {unit.code: unit for unit in found}


def gmina(kind, code, name):
    teryt = code + {"GW": "2", "GMW": "3"}.get(kind, "1")
    if kind == "MNP":
        return Unit(code, teryt, kind, name, row=0, parent=code[:2], county_code=code[:4])
    return Unit(code, teryt, kind, name, row=0, parent=code[:4])


def load(by):
    """Add those units that the register lacks; what is there, and its history, stays as it is."""
    report = Report(SOURCE, Path(__file__).name, sha256(__file__), AS_OF)
    with transaction.atomic():
        ChainHead.hold()
        known = {jst.code: jst for jst in Jst.objects.all()}
        lacking = {code: unit for code, unit in units().items() if code not in known}
        if not lacking:
            return
        # `unreadable`: this is a part of the country, so nothing counts as gone.
        reading = Reading(AS_OF, len(lacking), lacking, rejected=[], doubtful=set(), unreadable=True)
        difference = find_difference(reading, known)
        report.counts, report.changes = difference.counts(), difference.changes
        write(difference, report, by)
