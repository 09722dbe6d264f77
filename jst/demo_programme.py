"""The whole programme in the demonstration: the pilot's project, the competition stage, the second stage.

The sums are those of the deck: 16 projects, 1,032 units, 3,500 people, 23,458,400.00 zł; 3,170,002.00 zł for
the second stage. What each of the 16 was to reach is in `demo_competition.csv`: three from public pages, the
others made up so that the sums are right, and marked as samples.
"""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from jst import demo_pilot
from jst.demo_units import moment, tell
from jst.models import Competition, Edition, Jst, Operator, OperatorStaff, Project, Target
from jst.spelling import folded

COMPETITION_FILE = Path(__file__).with_name("demo_competition.csv")
POWER, MEASURE = "PO WER 2014–2020", "Działanie 2.10 Wysoka jakość systemu oświaty"
CONCEPT_TITLE = (
    "Wsparcie kadry jednostek samorządu terytorialnego w zarządzaniu oświatą ukierunkowanym na rozwój szkół "
    "i kompetencji kluczowych uczniów"
)
TRAINING_TITLE = "Szkolenie i doradztwo dla przedstawicieli JST – województwo %s"
DECK = "prezentacja ORE, wiosna 2018"
PLANNED = "ore.edu.pl/2017/10/zarzadzanie-oswiata-w-samorzadach-informacje-o-projekcie"

CALLS = {
    "1": {
        "number": "POWR.02.10.00-IP.02-00-002/17",
        "title": "Konkurs I: dziewięć województw",
        "announced_on": None,
        "projects_since": date(2017, 12, 1),
        "source_note": (
            "Prezentacja ORE: I edycja projektów ruszyła w grudniu 2017 r. w 9 województwach, a wymienia "
            "10 nazw, w tym podkarpackie dwa razy; tu stoi dziewięć różnych nazw z prezentacji. Strona ORE "
            "z 20.01.2018 podaje dziewięć województw z kujawsko-pomorskim, a bez warmińsko-mazurskiego, "
            "i czterech beneficjentów; inna strona ORE podaje 11 województw. Dzień rozpoczęcia projektów "
            "jest umowny. Alokacja konkursu jest sumą budżetów przykładowych: źródła podają tylko łączną."
        ),
    },
    "2": {
        "number": "konkurs ogłoszony 6.04.2018",
        "title": "Konkurs II: siedem województw",
        "announced_on": date(2018, 4, 6),
        "projects_since": date(2018, 9, 1),
        "source_note": (
            "Prezentacja ORE: 6 kwietnia 2018 r. konkurs na kolejnych 7 województw, około września rusza "
            "II edycja projektów; nazw nie podaje. Tu stoi siedem województw, których nie ma w konkursie I. "
            "Dzień rozpoczęcia projektów jest umowny. Alokacja konkursu jest sumą budżetów, w większości "
            "przykładowych: źródła podają tylko łączną, 23 458 400,00 zł."
        ),
    },
}
OPERATORS = (
    "Operator pokazowy Północ",
    "Operator pokazowy Południe",
    "Operator pokazowy Wschód",
    "Operator pokazowy Zachód",
)
OF_CURRENT = "Operator pokazowy „Szkoła bliżej”"
SAMPLE_TARGETS = {"units": 12, "people": 45, "schools": 75, "plans_sent": 12, "plans_accepted": 10}
PILOT_TARGETS = {"units": 30, "people": 90, "plans_accepted": 27}


def pilot_edition():
    project = Project.objects.create(
        number="POWR.02.10 (projekt koncepcyjny)",
        title=CONCEPT_TITLE,
        stage=Project.Stage.CONCEPT,
        programme=POWER,
        measure=MEASURE,
        since=date(2016, 4, 18),
        until=date(2018, 5, 31),
        budget=Decimal("2917248.17"),
        partner="Związek Miast Polskich",
    )
    edition = Edition.objects.create(
        project=project,
        name="Pilotaż 2017–2018",
        slug="pilot",
        kind=Edition.Kind.PILOT,
        since=demo_pilot.BEGAN,
        until=demo_pilot.ENDED,
        team_min=2,
        team_max=4,
    )
    aim(edition, PILOT_TARGETS, source=PLANNED)
    return edition


def current_edition(demo):
    """Return the current edition, run by an operator as whose employee one may sign in."""
    project = Project.objects.create(
        number=f"DEMO.01/{demo.day.year}",
        title="Lokalne plany rozwoju oświaty i wspomagania szkół (projekt pokazowy)",
        programme="Program pokazowy",
        since=demo.date(240),
        until=demo.date(-500),
        budget=Decimal("1250000.00"),
    )
    operator = Operator.objects.create(name=OF_CURRENT)
    edition = Edition.objects.create(
        project=project,
        operator=operator,
        name=f"Edycja {demo.day.year}",
        slug=f"edycja-{demo.day.year}",
        kind=Edition.Kind.COMPETITION,
        since=demo.date(200),
        until=demo.date(-400),
        team_min=3,
        team_max=5,
    )
    aim(edition, SAMPLE_TARGETS, is_sample=True)
    since = demo.date(220)
    employee = OperatorStaff.objects.create(operator=operator, person=demo.people["operator"], since=since)
    tell(demo, "jst.operator.employ", moment(since, 9), employee=employee)
    return edition


def aim(edition, values, **fields):
    """Give an edition its targets: indicator → value."""
    Target.objects.bulk_create(
        Target(edition=edition, indicator=code, value=value, **fields) for code, value in values.items()
    )


# --- The stages after the pilot -------------------------------------------------------------------


def later_stages():
    """Add the competition stage and the second stage of the deck."""
    competition_stage()
    project = Project.objects.create(
        number="POWR.02.10 (II etap)",
        title=f"{CONCEPT_TITLE} – II etap",
        stage=Project.Stage.SECOND,
        programme=POWER,
        measure=MEASURE,
        since=date(2018, 4, 1),
        until=date(2020, 11, 30),
        budget=Decimal("3170002.00"),
        partner="Związek Miast Polskich",
        source_note="Prezentacja ORE podaje Działanie 2.10; strona Związku Miast Polskich podaje 2.18.",
    )
    Edition.objects.create(
        project=project,
        name="Model doradztwa 2018–2020",
        slug="doradztwo-2018",
        kind=Edition.Kind.ADVISORY,
        since=project.since,
        until=project.until,
        team_min=2,
        team_max=4,
    )


def rows():
    """Return the lines of the table of the 16 projects."""
    with COMPETITION_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def competition_stage():
    lines = rows()
    operators = [Operator.objects.create(name=name) for name in OPERATORS]
    voivodeships = Jst.objects.filter(kind=Jst.Kind.W).in_bulk(field_name="code")
    for key, fields in CALLS.items():
        own = [line for line in lines if line["konkurs"] == key]
        allocation = sum(Decimal(line["budżet"]) for line in own)
        call = Competition.objects.create(allocation=allocation, **fields)
        call.voivodeships.set([voivodeships[line["kod"]] for line in own])
        for number, line in enumerate(own):
            run_project(line, call, operators[number % len(operators)], voivodeships[line["kod"]])


def run_project(line, call, operator, voivodeship):
    """Add one project of the competition stage with its edition, run by a made-up operator."""
    name = line["województwo"]
    notes = [
        "Operator jest przykładowy.",
        "Budżet jest przykładowy." * bool(line["budżet_próbny"]),
        f"Cele i to, co wiadomo: {line['źródło']}." if line["źródło"] else "Cele i daty są przykładowe.",
    ]
    project = Project.objects.create(
        number=f"konkurs {line['konkurs']}, {name}",
        title=TRAINING_TITLE % name,
        stage=Project.Stage.COMPETITION,
        competition=call,
        programme=POWER,
        measure=MEASURE,
        since=line["od"],
        until=line["do"],
        budget=Decimal(line["budżet"]),
        source_note=" ".join(filter(None, notes)),
    )
    edition = Edition.objects.create(
        project=project,
        operator=operator,
        name=f"{call.title.partition(':')[0]}, {name}",
        slug=f"konkurs-{folded(name)}",
        kind=Edition.Kind.COMPETITION,
        since=line["od"],
        until=line["do"],
        team_min=2,
        team_max=5,
    )
    edition.voivodeships.add(voivodeship)
    Target.objects.bulk_create(targets_of(line, project))


def targets_of(line, project):
    """Return the targets of one project; that every unit writes a plan is an assumption, so a sample."""
    known = {"is_sample": bool(line["cele_próbne"]), "source": line["źródło"]}
    women, men = line["kobiety"] or None, line["mężczyźni"] or None
    return [
        Target(project=project, indicator="units", value=line["jst"], **known),
        Target(project=project, indicator="people", value=line["osoby"], women=women, men=men, **known),
        Target(project=project, indicator="schools", value=line["szkoły"], **known),
        Target(project=project, indicator="plans_accepted", value=line["jst"], is_sample=True),
    ]
