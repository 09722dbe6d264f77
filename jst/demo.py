"""The jst part of the demonstration: the closed pilot and a current edition, their units, teams and experts.

The pilot has the figures of the deck on any day (`demo_pilot`); the current edition has 12 units, one of
which belongs to the people one may sign in as. Higher apps find in `demo.made`:

`pilot`, `current`   lists of `Unit`, in the order of `demo_register`
`experts`            the experts, those one may sign in as first
"""

from datetime import date

from jst import demo_calls, demo_participants, demo_pilot, demo_programme, joining
from jst.demo_offices import load_offices
from jst.demo_people import FUNCTIONS, People
from jst.demo_register import CURRENT, load
from jst.demo_schools import IN_CURRENT, load_schools
from jst.demo_units import (
    AUTHOR,
    LEAD,
    READER,
    SIGNATORY,
    care,
    enter,
    join,
    leave,
    moment,
    take_on,
    tell,
    weekday,
)
from jst.invitations import invite
from jst.models import (
    ConflictDeclaration,
    ConflictStatement,
    Expert,
    ExpertAssignment,
    Jst,
    TeamMembership,
)
from portal import clauses
from portal.models import InformationClause

IN_SMALL = 6
NAMED_EXPERTS = ("reviewer", "caretaker", "other_reviewer")
MORE_EXPERTS = 7
# How many units each expert would care for; one has set no limit.
CAPACITIES = (4, 5, None, 3, 6)
EXPERTS_SINCE = date(2016, 9, 1)


PURPOSE = "Udział w zespole samorządu (wzór)"
CLAUSE = """To jest wzór. Prawdziwą klauzulę wpisuje ORE w panelu administracyjnym.

Administratorem danych jest Ośrodek Rozwoju Edukacji, Aleje Ujazdowskie 28, 00-478 Warszawa.

Dane są potrzebne, żeby:
- było wiadomo, kto w zespole pisze, podpisuje i czyta plan,
- portal mógł wysyłać listy o tym, co czeka.

Możesz zobaczyć swoje dane, poprawić je i zażądać ich usunięcia. Możesz też wnieść skargę do Prezesa UODO."""


def build(demo):
    """Build the register, the experts, the current edition and, at the scale of the pilot, the pilot."""
    load(demo.people["administrator"])
    load_offices()
    demo.made["people"] = People(demo)
    demo.made["schools"] = load_schools()
    demo.made["experts"] = appoint_experts(demo)
    demo.made["pilot"] = []
    if demo.scale != "small":
        demo.made["pilot"] = demo_pilot.build(demo, demo_programme.pilot_edition())
        demo_programme.later_stages()
    demo.made["current"] = build_current(demo, demo_programme.current_edition(demo))
    demo_calls.build(demo, demo.made["current"])
    demo_participants.build(demo, demo.made["current"][0].participation.edition.project)
    # After the last thing that has a time of its own: a request happens when it is made.
    demo.later(demo.at(0, 23), somebody_asks_to_join, demo.made["current"][0])
    tell_about_data(demo)


def somebody_asks_to_join(unit, *, at):
    """One request waits for the lead of the team of the people one may sign in as."""
    request = joining.begin(
        unit.participation,
        email="prosi@demo.example",
        first_name="Marta",
        last_name="Wilk",
        function="podinspektor do spraw oświaty",
        words="Od września zajmuję się w urzędzie przedszkolami. Chcę pomóc przy diagnozie.",
    )
    joining.ask(request)


def tell_about_data(demo):
    """A sample clause, read by everybody, so that it stands before nobody's work."""
    clause = InformationClause(purpose=PURPOSE, text=CLAUSE, valid_from=demo.date(200))
    clauses.read_by_all(clauses.publish(clause))


# --- Experts ------------------------------------------------------------------------------------


def appoint_experts(demo):
    """Make the experts, those one may sign in as first; they have served since the pilot."""
    regions = list(Jst.objects.filter(kind=Jst.Kind.W))
    people = [demo.people[role] for role in NAMED_EXPERTS]
    people += [demo.made["people"].person("eksperci", demo.at(3000)) for _number in range(MORE_EXPERTS)]
    experts = []
    for number, person in enumerate(people):
        region = regions[number * 5 % len(regions)]
        expert = Expert.objects.create(
            person=person, region=region, since=EXPERTS_SINCE, capacity=CAPACITIES[number % len(CAPACITIES)]
        )
        tell(demo, "jst.expert.begin", moment(EXPERTS_SINCE, 9), data={"expert": expert.pk})
        experts.append(expert)
    return experts


# --- The current edition ------------------------------------------------------------------------


def build_current(demo, edition):
    """Enter the units of the current edition, each with its schools, team and caretaker."""
    codes = CURRENT[:IN_SMALL] if demo.scale == "small" else CURRENT
    jsts = Jst.objects.in_bulk(codes, field_name="code")
    units = []
    for number, code in enumerate(codes):
        unit = enter(demo, edition, jsts[code], since=weekday(demo.date(190)), begins=weekday(demo.date(184)))
        schools = demo.made["schools"][code][: IN_CURRENT[code]]
        take_on(demo, unit, schools, since=weekday(demo.date(190)), reason="deklaracja przy przystąpieniu")
        if number == 0:
            showcase_team(demo, unit)
        else:
            lead = demo.people["other_lead"] if number == 1 else None
            fill_team(demo, unit, 3 + number % 2, lead)
        care(demo, unit, caretaker(demo, number), since=weekday(demo.date(180)))
        units.append(unit)
    declare_conflicts(demo, units)
    state_conflicts(demo, edition)
    name_deputy(demo, units[1])
    return units


def showcase_team(demo, unit):
    """The team of the people one may sign in as; one of them has left it, one is invited."""
    people, functions = demo.people, FUNCTIONS[unit.jst.kind]
    left = join(demo, unit, people["former_member"], functions[1], LEAD, since=weekday(demo.date(183)))
    join(demo, unit, people["lead"], functions[0], LEAD, since=weekday(demo.date(183)))
    join(demo, unit, people["signatory"], functions[2], SIGNATORY, since=weekday(demo.date(180)))
    join(demo, unit, people["author"], functions[1], AUTHOR, since=weekday(demo.date(112)))
    join(demo, unit, people["reader"], functions[3], READER, since=weekday(demo.date(112)))
    leave(demo, left, until=weekday(demo.date(110)), reason="zmiana miejsca pracy", by=people["lead"])
    unit.people = {role: people[role] for role in ("lead", "author", "signatory")}
    demo.later(demo.at(1, 14), invite_librarian, unit)


def invite_librarian(unit, *, at):
    invite(
        unit.participation,
        email="biblioteka@demo.example",
        first_name="Celina",
        last_name="Maj",
        function="kierownik biblioteki gminnej",
        role_kind=TeamMembership.RoleKind.OPERATIONAL,
        is_author=True,
        by=unit.people["lead"],
    )


def fill_team(demo, unit, size, lead):
    """Give the unit a lead (made up where none is given), an author, a signatory and perhaps a reader."""
    places = zip(
        ("lead", "author", "signatory", "reader")[:size],
        FUNCTIONS[unit.jst.kind],
        (LEAD, AUTHOR, SIGNATORY, READER),
        strict=False,
    )
    for role, function, rights in places:
        person = lead if role == "lead" else None
        person = person or demo.made["people"].person(unit.jst.name, demo.at(184))
        join(demo, unit, person, function, rights, since=weekday(demo.date(183)))
        unit.people[role] = person


def caretaker(demo, number):
    """The first unit has the caretaker one may sign in as; none of the named reviewers cares for a unit."""
    others = demo.made["experts"][len(NAMED_EXPERTS) :]
    return demo.made["experts"][1] if number == 0 else others[number % len(others)]


def state_conflicts(demo, edition):
    """Every expert but the last has stated their conflicts in the edition."""
    for expert in demo.made["experts"][:-1]:
        statement = ConflictStatement.objects.create(expert=expert, edition=edition)
        data = {"expert": expert.pk, "edition": edition.pk, "conflicts": expert.conflicts.count()}
        tell(demo, "jst.conflict.state", demo.at(184, 12), by=expert.person, data=data)
        ConflictStatement.objects.filter(pk=statement.pk).update(stated_at=demo.at(184, 12))


def name_deputy(demo, unit):
    """The caretaker of this unit is away for a week."""
    deputy = demo.made["experts"][-2]
    assignment = ExpertAssignment.objects.create(
        participation=unit.participation,
        expert=deputy,
        role=ExpertAssignment.Role.DEPUTY,
        since=demo.date(3),
        until=demo.date(-5),
        reason="urlop opiekuna",
    )
    subject = {"participation": unit.participation, "assignment": assignment}
    tell(demo, "jst.deputy.assign", demo.at(4, 9), comment="urlop opiekuna", **subject)


def declare_conflicts(demo, units):
    """Two experts have said that they may not judge: one worked in an office, one has kin in a school."""
    experts = demo.made["experts"]
    declared = [
        (experts[2], units[2].jst, "do 2019 roku praca w tym urzędzie"),
        (experts[5], units[-1].jst, "osoba bliska kieruje szkołą prowadzoną przez ten samorząd"),
    ]
    for expert, jst, reason in declared:
        conflict = ConflictDeclaration.objects.create(expert=expert, jst=jst, reason=reason)
        tell(demo, "jst.conflict.declare", demo.at(185), comment=reason, conflict=conflict)
    ConflictDeclaration.objects.update(declared_at=demo.at(185))
