"""The closed pilot of 2017–2018: its figures on any day are those of the deck.

On 1 April 2017: 32 units, 101 people, 250 schools. On 31 March 2018: 31 units (a county withdrew),
102 people, 261 schools. Which units took part and who the people were is made up.
"""

from datetime import date

from jst.demo_people import FUNCTIONS
from jst.demo_register import PILOT, WITHDREW
from jst.demo_schools import AT_COMPLETION, AT_ENTRY
from jst.demo_units import AUTHOR, LEAD, READER, SIGNATORY, care, enter, join, leave, moment, take_on
from jst.models import Jst, SchoolScope
from jst.workflow import PARTICIPATION

BEGAN, ENDED = date(2017, 3, 1), date(2018, 5, 31)
FIRST_MODULE = date(2017, 3, 20)
WITHDRAWN_ON = date(2017, 10, 16)
WITHDRAWN_WHY = "Rada powiatu zaczęła łączyć szkoły. Zespół nie zdąży opracować planu i rezygnuje z udziału."

# People of each team at the beginning: 101 together, in the order of `PILOT`.
TEAMS = dict(
    zip(
        PILOT,
        [
            *[4, 3, 4, 2, 3, 4, 3],
            *[3, 4, 3, 2, 4, 3, 4, 3],
            *[4, 3, 3, 2, 3, 4, 2, 4, 3],
            *[3, 4, 2, 4, 3, 2, 3, 3],
        ],
        strict=True,
    )
)
# Four teams grew by one, in five somebody took another's place.
GREW = {
    "182105": date(2017, 9, 4),
    "100201": date(2017, 6, 1),
    "061408": date(2017, 10, 2),
    "302903": date(2017, 9, 18),
}
REPLACED = {
    "041504": (date(2017, 7, 1), "przejście na emeryturę"),
    "020202": (date(2017, 9, 1), "zmiana stanowiska w urzędzie"),
    "226401": (date(2017, 11, 2), "zmiana miejsca pracy"),
    "0601": (date(2017, 8, 16), "urlop rodzicielski"),
    "1205": (date(2018, 1, 8), "zmiana stanowiska w starostwie"),
}
# Where schools came in during the pilot: after the new school year began, or after the debate.
JOINED = (
    (date(2017, 9, 4), "przystąpiła z nowym rokiem szkolnym"),
    (date(2017, 10, 23), "zgłosiła się po debacie oświatowej"),
    (date(2017, 11, 6), "decyzja zespołu po diagnozie"),
)
# In two units another expert took over as caretaker.
CARETAKER_CHANGED = {
    "143201": (date(2017, 9, 11), "zmiana regionu eksperta"),
    "1809": (date(2017, 12, 4), "długa nieobecność eksperta"),
}
RIGHTS_BY_PLACE = (LEAD, AUTHOR, SIGNATORY, READER, READER)
ROLES_BY_PLACE = ("lead", "author", "signatory")


def build(demo, edition):
    """Build the units of the pilot; what happened to them goes into the diary."""
    jsts = Jst.objects.in_bulk(PILOT, field_name="code")
    units = []
    for number, code in enumerate(PILOT):
        unit = enter(demo, edition, jsts[code], since=BEGAN, begins=FIRST_MODULE)
        fill_team(demo, unit)
        bring_schools(demo, unit, number)
        find_caretaker(demo, unit, number)
        if code == WITHDREW:
            withdraw(demo, unit)
        else:
            complete(demo, unit)
        units.append(unit)
    return units


def fill_team(demo, unit):
    for place in range(TEAMS[unit.code]):
        add(demo, unit, place, since=BEGAN)
    if unit.code in GREW:
        add(demo, unit, TEAMS[unit.code], since=GREW[unit.code])
    if unit.code in REPLACED:
        day, reason = REPLACED[unit.code]
        place = TEAMS[unit.code] - 1
        left = unit.participation.memberships.get(person=unit.people.pop("last"))
        leave(demo, left, until=day, reason=reason)
        add(demo, unit, place, since=day)


def add(demo, unit, place, *, since):
    """Add one person to the team, with the function and the rights of the place."""
    functions = FUNCTIONS[unit.jst.kind]
    person = demo.made["people"].person(unit.jst.name, moment(since, 8))
    join(demo, unit, person, functions[place % len(functions)], RIGHTS_BY_PLACE[place], since=since)
    if place < len(ROLES_BY_PLACE):
        unit.people[ROLES_BY_PLACE[place]] = person
    unit.people["last"] = person


def bring_schools(demo, unit, number):
    schools = demo.made["schools"][unit.code]
    entry = schools[: AT_ENTRY[unit.code]]
    take_on(demo, unit, entry, since=BEGAN, reason="deklaracja przy przystąpieniu do pilotażu")
    later = schools[AT_ENTRY[unit.code] : AT_COMPLETION.get(unit.code, 0)]
    for place, school in enumerate(later):
        since, reason = JOINED[(number + place) % len(JOINED)]
        take_on(demo, unit, [school], since=since, reason=reason)


def find_caretaker(demo, unit, number):
    experts = demo.made["experts"]
    first, second = experts[number % len(experts)], experts[(number + 1) % len(experts)]
    ends = WITHDRAWN_ON if unit.code == WITHDREW else ENDED
    if unit.code in CARETAKER_CHANGED:
        day, reason = CARETAKER_CHANGED[unit.code]
        care(demo, unit, first, since=FIRST_MODULE, until=day, reason=reason)
        care(demo, unit, second, since=day, until=ends, reason="koniec pilotażu")
    else:
        care(demo, unit, first, since=FIRST_MODULE, until=ends, reason="koniec udziału w pilotażu")


def withdraw(demo, unit):
    """The unit withdraws: from that day nobody and no school takes part for it."""
    data = {"on": WITHDRAWN_ON.isoformat()}
    demo.later(
        moment(WITHDRAWN_ON, 12),
        PARTICIPATION.perform,
        unit.participation,
        "withdraw",
        by=demo.people["coordinator"],
        comment=WITHDRAWN_WHY,
        data=data,
    )
    reason = "rezygnacja powiatu z udziału"
    for membership in unit.participation.memberships.all():
        leave(demo, membership, until=WITHDRAWN_ON, reason=reason)
    SchoolScope.objects.filter(participation=unit.participation).update(until=WITHDRAWN_ON, reason=reason)


def complete(demo, unit):
    demo.later(
        moment(ENDED, 12),
        PARTICIPATION.perform,
        unit.participation,
        "complete",
        by=demo.people["coordinator"],
        data={"on": ENDED.isoformat()},
    )
