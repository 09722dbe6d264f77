"""All projects together: targets beside what is reached, in the same few queries for any number."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jst.models import Competition, Project, Target
from portal.benchmark import tallied
from portal.models import Event
from tests.factories import EditionFactory, MembershipFactory, ParticipationFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def shown(client, **query):
    """Return {stage: {project or None for the sum: [(value, target) of each figure]}}."""
    stages = client.get("/program/", query).context["stages"]

    def cells(line):
        return [(cell.value, cell.target) for cell in line.cells]

    found = {}
    for stage in stages:
        lines = {line.project.number: cells(line) for line in stage.lines}
        found[str(stage.name)] = lines | {None: cells(stage.total)}
    return found


def project(number, units, people, **fields):
    """A project with an edition, targets, and the units and people that it has reached."""
    found = ProjectFactory(number=number, **fields)
    edition = EditionFactory(project=found)
    Target.objects.create(project=found, indicator="units", value=units + 1)
    for _number in range(units):
        participation = ParticipationFactory(edition=edition)
        MembershipFactory.create_batch(people, participation=participation)
    return found


def test_projects_stand_by_stage_and_call_with_their_sums(cast, browse):
    call = Competition.objects.create(number="1/17", title="Konkurs", allocation=Decimal(1000))
    project("A", 2, 2, stage="competition", competition=call, budget=Decimal(600))
    project("B", 1, 3, stage="competition", competition=call, budget=Decimal("400.50"))
    project("C", 0, 0, stage="second")

    client = browse(cast.auditor)
    found = shown(client, dzien="2026-06-01")

    assert found["competition projects"] == {
        "A": [(2, 3), (4, None), (0, None), (0, None)],
        "B": [(1, 2), (3, None), (0, None), (0, None)],
        None: [(3, 5), (7, None), (0, None), (0, None)],
    }
    stage = client.get("/program/").context["stages"][0]
    assert (stage.total.budget, stage.allocation) == (Decimal("1000.50"), Decimal(1000))


def test_a_project_has_its_own_target_else_the_sum_of_its_editions(cast, browse):
    found = ProjectFactory(number="S", stage="concept")
    for women in (5, 7):
        target = {"indicator": "people", "value": 10, "women": women, "men": 10 - women}
        Target.objects.create(edition=EditionFactory(project=found), **target)
    Target.objects.create(project=found, indicator="units", value=4)
    Target.objects.create(edition=found.editions.first(), indicator="units", value=3)

    client = browse(cast.coordinator)
    (stage,) = [s for s in client.get("/program/").context["stages"] if s.lines[0].project == found]
    units, people = stage.lines[0].cells[:2]

    assert (units.target, people.target, people.women, people.men) == (4, 20, 12, 8)


def test_women_and_men_are_summed_only_where_every_line_says_them(cast, browse):
    for number, women in enumerate((5, None)):
        men = women and 5
        own = ProjectFactory(stage="concept", number=f"K{number}")
        Target.objects.create(project=own, indicator="people", value=10, women=women, men=men)

    stage = browse(cast.coordinator).get("/program/").context["stages"][0]

    assert (stage.total.cells[1].target, stage.total.cells[1].women) == (20, None)


def test_a_project_that_is_over_stands_as_of_its_last_day(cast, browse):
    old = ProjectFactory(number="O", stage="concept", since=date(2017, 1, 1), until=date(2018, 5, 31))
    edition = EditionFactory(project=old, since=date(2017, 3, 1), until=date(2018, 5, 31))
    ParticipationFactory(edition=edition, since=date(2017, 3, 1), until=date(2018, 5, 31), status="completed")

    client = browse(cast.coordinator)

    assert shown(client)["concept and pilot"]["O"][0] == (1, None)
    assert shown(client, dzien="2017-01-01")["concept and pilot"]["O"][0] == (0, None)


def test_the_overview_costs_the_same_for_three_projects_and_for_sixty(cast, browse):
    client = browse(cast.coordinator)

    def add(count):
        for number in range(count):
            end = date(2026, 2, 1) + timedelta(days=Project.objects.count())
            own = project(f"{count}/{number}", 1, 1, stage="competition")
            own.editions.update(until=end)

    add(3)
    client.get("/program/")
    with tallied() as few:
        client.get("/program/")
    add(57)

    with tallied() as many:
        answer = client.get("/program/")

    assert few.queries == many.queries <= 8
    assert sum(len(stage.lines) for stage in answer.context["stages"]) == 61


# --- Targets ------------------------------------------------------------------------------------


def test_a_target_set_in_the_admin_panel_leaves_what_it_was_before(cast, browse):
    edition, client = cast.setup.edition, browse(cast.coordinator)
    fields = {"edition": edition.pk, "indicator": "people", "value": "96", "women": "52", "men": "44"}
    client.post("/admin/jst/target/add/", fields)
    target = Target.objects.get()
    client.post(f"/admin/jst/target/{target.pk}/change/", fields | {"value": "98", "men": "46"})

    target.refresh_from_db()
    assert (target.value, target.women, target.men) == (98, 52, 46)
    first, second = Event.objects.filter(kind="jst.target.set")
    assert (first.data["before"], second.data["before"]["value"]) == (None, 96)
    assert second.jstevent.edition == edition


@pytest.mark.parametrize(
    "wrong", [{"edition": ""}, {"women": "1", "men": "1"}, {"indicator": "nic"}, {"value": "-1"}]
)
def test_a_target_that_cannot_be_is_refused(cast, browse, wrong):
    fields = {"edition": cast.setup.edition.pk, "indicator": "people", "value": "96"}
    answer = browse(cast.coordinator).post("/admin/jst/target/add/", fields | wrong)

    assert (answer.status_code, Target.objects.count()) == (200, 0)
