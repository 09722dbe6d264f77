"""Made-up schools for the units of the demonstration.

Names are of the usual kinds, the RSPO numbers are above any that was ever given out, and the villages
bear names so common that they could lie anywhere.
"""

from itertools import count
from random import Random

from jst.demo_register import CURRENT, PILOT, WITHDREW
from jst.models import Jst, School

# How many schools a unit of the pilot named when it entered: 250 together.
AT_ENTRY = dict(
    zip(
        PILOT,
        [
            *[7, 9, 10, 6, 5, 11, 7],
            *[12, 8, 10, 11, 7, 8, 6, 12],
            *[9, 9, 7, 6, 8, 9, 8, 7, 9],
            *[6, 7, 8, 9, 6, 5, 4, 4],
        ],
        strict=True,
    )
)
# How many it had at the end: 261 in the 31 units that stayed.
AT_COMPLETION = {code: number for code, number in AT_ENTRY.items() if code != WITHDREW} | {
    "300405": 8,
    "041504": 10,
    "241602": 14,
    "061401": 11,
    "100201": 12,
    "281104": 10,
    "260403": 11,
    "160602": 10,
    "320402": 10,
    "0804": 9,
    "1205": 10,
    "0601": 8,
    "2813": 5,
}
IN_CURRENT = dict(zip(CURRENT, [5, 6, 7, 5, 4, 8, 9, 4, 7, 6, 8, 6], strict=True))

COUNTY_TOWNS = {
    "0416": ["Tuchola"],
    "0601": ["Międzyrzec Podlaski", "Terespol"],
    "0804": ["Nowa Sól", "Kożuchów"],
    "0808": ["Świebodzin", "Zbąszynek"],
    "1005": ["Łowicz"],
    "1205": ["Gorlice", "Biecz"],
    "1809": ["Lubaczów", "Oleszyce"],
    "2602": ["Jędrzejów", "Sędziszów"],
    "2604": ["Chmielnik", "Bodzentyn"],
    "2813": ["Olecko"],
    "2815": ["Ostróda", "Morąg"],
}
VILLAGES = [
    "Nowa Wieś",
    "Zalesie",
    "Dąbrowa",
    "Brzezie",
    "Lipniki",
    "Górki",
    "Podlesie",
    "Borki",
    "Olszyny",
    "Łąki",
    "Kamionka",
    "Wólka",
]
PATRONS = [
    "Marii Konopnickiej",
    "Henryka Sienkiewicza",
    "Mikołaja Kopernika",
    "Janusza Korczaka",
    "Tadeusza Kościuszki",
    "Juliana Tuwima",
    "Marii Skłodowskiej-Curie",
    "Jana Brzechwy",
    "Fryderyka Chopina",
    "Kornela Makuszyńskiego",
    "Władysława Stanisława Reymonta",
    "Jana Kochanowskiego",
    "Arkadego Fiedlera",
    "Królowej Jadwigi",
    "Bolesława Prusa",
    "Adama Mickiewicza",
]
COUNTY_PATRONS = [
    "Stanisława Staszica",
    "Stefana Żeromskiego",
    "Ignacego Łukasiewicza",
    "Jarosława Iwaszkiewicza",
    "Cypriana Kamila Norwida",
    "Eugeniusza Kwiatkowskiego",
    "Zofii Nałkowskiej",
    "Hugona Kołłątaja",
]
KINDERGARTENS = ["Słoneczko", "Bajka", "Tęczowa Kraina", "Pod Dębem", "Stokrotka", "Leśne Skrzaty"]

PRIMARY = "Szkoła podstawowa"
KINDERGARTEN = "Przedszkole"
GENERAL = "Liceum ogólnokształcące"
TECHNICAL = "Technikum"
TRADE = "Branżowa szkoła I stopnia"
SPECIAL = "Specjalny ośrodek szkolno-wychowawczy"
CLINIC = "Poradnia psychologiczno-pedagogiczna"
CULTURE = "Młodzieżowy dom kultury"

FIRST_RSPO = 900_001
BLOCK = 20
PUPILS = {KINDERGARTEN: (40, 150), GENERAL: (180, 560), TECHNICAL: (150, 480), TRADE: (60, 210)}


def load_schools():
    """Create the schools that are lacking; return them by the unit's code, in a fixed order.

    The first `AT_ENTRY[code]` of a unit of the pilot are those it named at entry, the first
    `AT_COMPLETION[code]` those it had at the end.
    """
    authorities = {jst.code: jst for jst in Jst.objects.filter(code__in=[*PILOT, *CURRENT])}
    wanted = [
        school
        for position, code in enumerate([*PILOT, *CURRENT])
        for school in schools_of(authorities[code], FIRST_RSPO + position * BLOCK)
    ]
    stored = School.objects.in_bulk([school.rspo for school in wanted], field_name="rspo")
    School.objects.bulk_create(school for school in wanted if school.rspo not in stored)
    found = {}
    for school in wanted:
        found.setdefault(school.authority.code, []).append(stored.get(school.rspo, school))
    return found


def schools_of(jst, first_rspo):
    """Return the unsaved schools of a unit, always the same ones."""
    chance = Random(jst.code)
    number = max(AT_ENTRY.get(jst.code, 0), AT_COMPLETION.get(jst.code, 0), IN_CURRENT.get(jst.code, 0))
    schools = []
    for place, (name, kind, town) in zip(range(number), names(jst, chance), strict=False):
        school = School(
            rspo=str(first_rspo + place),
            name=name,
            kind=kind,
            town=town,
            authority=jst,
            authority_basis=School.Basis.REGISTER,
            pupils=pupils(kind, town in VILLAGES, chance),
        )
        school.spell()
        schools.append(school)
    return schools


def pupils(kind, in_village, chance):
    """Return a likely number; institutions that have no pupils of their own have none."""
    if kind in {CLINIC, CULTURE}:
        return None
    if kind == PRIMARY:
        return chance.randint(60, 160) if in_village else chance.randint(190, 480)
    return chance.randint(*PUPILS.get(kind, (40, 90)))


def names(jst, chance):
    """Return (name, kind, town) of the schools that units of this kind run, the first ones first."""
    patrons = chance.sample(PATRONS, len(PATRONS))
    county_patrons = chance.sample(COUNTY_PATRONS, len(COUNTY_PATRONS))
    if jst.kind == Jst.Kind.P:
        return county_names(COUNTY_TOWNS[jst.code], county_patrons)
    if jst.kind == Jst.Kind.MNP:
        return city_names(jst.name, patrons, county_patrons)
    if jst.kind == Jst.Kind.GM:
        return town_names(jst.name, patrons)
    return village_names(jst, chance.sample(VILLAGES, len(VILLAGES)), patrons)


def village_names(jst, villages, patrons):
    """A school and a kindergarten in the seat, more in the town of an urban-rural gmina, then villages."""
    numbered = jst.kind == Jst.Kind.GMW
    yield primary(1 if numbered else None, patrons[0], jst.name)
    yield f"Przedszkole „{KINDERGARTENS[len(jst.name) % len(KINDERGARTENS)]}”", KINDERGARTEN, jst.name
    if numbered:
        yield primary(2, patrons[1], jst.name)
        yield primary(3, patrons[2], jst.name)
    for village, patron in zip(villages, patrons[3:], strict=False):
        yield primary(None, patron, village)


def town_names(town, patrons):
    for number in count(1):
        yield primary(number, patrons[(number - 1) % len(patrons)], town)
        name = KINDERGARTENS[(number + len(town)) % len(KINDERGARTENS)]
        yield f"Przedszkole Miejskie nr {number} „{name}”", KINDERGARTEN, town


def city_names(town, patrons, county_patrons):
    """A city with county rights runs what a gmina and what a county runs."""
    for gmina_school, county_school in zip(
        town_names(town, patrons), county_names([town], county_patrons), strict=False
    ):
        yield gmina_school
        yield county_school


def county_names(towns, patrons):
    seat, other = towns[0], towns[-1]
    yield f"I Liceum Ogólnokształcące im. {patrons[0]}", GENERAL, seat
    yield f"Technikum nr 1 im. {patrons[1]}", TECHNICAL, seat
    yield "Branżowa Szkoła I Stopnia nr 1", TRADE, seat
    yield "Poradnia Psychologiczno-Pedagogiczna", CLINIC, seat
    yield f"II Liceum Ogólnokształcące im. {patrons[2]}", GENERAL, other
    yield f"Technikum nr 2 im. {patrons[3]}", TECHNICAL, other
    yield f"Specjalny Ośrodek Szkolno-Wychowawczy im. {patrons[4]}", SPECIAL, seat
    yield "Branżowa Szkoła I Stopnia nr 2", TRADE, other
    yield "Młodzieżowy Dom Kultury", CULTURE, seat
    yield f"III Liceum Ogólnokształcące im. {patrons[5]}", GENERAL, seat
    yield f"Technikum nr 3 im. {patrons[6]}", TECHNICAL, seat


def primary(number, patron, town):
    numbered = f" nr {number}" if number else ""
    return f"Szkoła Podstawowa{numbered} im. {patron}", PRIMARY, town
