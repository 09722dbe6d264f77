"""Experts: how busy they are, what they state, and many caretakers at once."""

import pytest

from jst import experts
from jst.caretaking import rows_for
from jst.models import (
    ConflictDeclaration,
    ConflictStatement,
    JstEvent,
    Participation,
)
from jst.waiting import waiting_for
from portal.benchmark import tallied
from portal.models import Event
from portal.workflow import NotAllowed
from tests.factories import (
    AssignmentFactory,
    EditionFactory,
    ExpertFactory,
    JstFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.jst.caring import TODAY, date_of, ready_expert, region
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


# --- Statements -----------------------------------------------------------------------------------


def test_an_expert_states_conflicts_once_per_edition(cast, browse):
    edition = cast.setup.edition
    client = browse(cast.reviewer)
    where = f"/moje-konflikty/{edition.slug}/"
    assert "/moje-konflikty/" in {row.url for row in waiting_for(cast.reviewer)}

    done = client.post(
        where, {"units": [cast.participation.pk], "reason": "Praca w tym urzędzie do 2020 roku"}
    )
    client.post(where, {"none": "on"})

    assert done.url == "/moje-konflikty/"
    declared = ConflictDeclaration.objects.get(expert=cast.reviewer.expert)
    assert (declared.jst, declared.reason) == (cast.participation.jst, "Praca w tym urzędzie do 2020 roku")
    assert cast.reviewer.expert.statements.count() == 1
    assert [event.kind for event in Event.objects.all()] == ["jst.conflict.declare", "jst.conflict.state"]
    assert "/moje-konflikty/" not in {row.url for row in waiting_for(cast.reviewer)}


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({}, {"none"}),
        ({"units": "own", "none": "on", "reason": "x"}, {"none"}),
        ({"units": "own"}, {"reason"}),
        ({"units": [987654]}, {"units", "none"}),
    ],
)
def test_a_statement_says_something_and_no_contradiction(cast, browse, fields, wrong):
    if fields.get("units") == "own":
        fields = fields | {"units": [cast.participation.pk]}
    page = browse(cast.reviewer).post(f"/moje-konflikty/{cast.setup.edition.slug}/", fields)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == wrong
    assert ConflictStatement.objects.count() == 0


def test_only_the_expert_and_ore_state_and_declare(cast):
    expert = cast.reviewer.expert
    with pytest.raises(NotAllowed):
        experts.state_conflicts(expert, cast.setup.edition, jsts=[], reason="", by=cast.other_reviewer)
    with pytest.raises(NotAllowed):
        experts.declare_conflict(
            ConflictDeclaration(expert=expert, jst=cast.participation.jst, reason="x"), by=cast.operator
        )
    experts.state_conflicts(expert, cast.setup.edition, jsts=[], reason="", by=cast.coordinator)

    assert expert.statements.count() == 1


# --- Many at once ---------------------------------------------------------------------------------


@pytest.fixture
def edition(cast):
    """Return an edition with three units without a caretaker in two voivodeships."""
    edition = EditionFactory(operator=cast.setup.edition.operator)
    for number, code in enumerate(["180101", "180102", "060101"]):
        jst = JstFactory(code=code, name=f"Gmina {number}")
        ParticipationFactory(edition=edition, jst=jst)
    return edition


def uncared(edition):
    return Participation.objects.filter(edition=edition).without_caretaker().select_related("jst")


def test_the_proposal_goes_by_voivodeship_then_by_load_and_counts_what_it_proposes(cast, edition):
    near = ready_expert(edition, region=region("18"), capacity=1)
    far = ready_expert(edition, region=region("06"))
    ExpertFactory(region=region("18"))

    rows = rows_for(uncared(edition).order_by("jst__code"))

    proposed = {row.participation.jst.code: row.chosen for row in rows}
    assert proposed == {"060101": far, "180101": near, "180102": far}


def test_nothing_is_written_before_the_button_and_then_all_at_once(cast, browse, edition):
    expert = ready_expert(edition)
    client = browse(cast.coordinator)
    where = f"/opiekunowie/{edition.slug}/"
    page = client.get(where)
    chosen = {row.name: str(expert.pk) for row, _field in page.context["rows"]}
    fields = chosen | {"since": date_of(TODAY), "despite": ""}

    preview = client.post(where, fields | {"preview": ""})
    assert [(one, now, then) for one, now, then in preview.context["load"]] == [(expert, 0, 3)]
    assert uncared(edition).count() == 3
    client.post(where, fields | {"confirm": ""})

    assert uncared(edition).count() == 0
    assert JstEvent.objects.filter(event__kind="jst.caretaker.assign").count() == 3


def test_one_refusal_stops_all_and_names_its_unit(cast, browse, edition):
    fit, silent = ready_expert(edition), ExpertFactory()
    client = browse(cast.coordinator)
    where = f"/opiekunowie/{edition.slug}/"
    rows = [row for row, _field in client.get(where).context["rows"]]
    fields = {row.name: str(fit.pk) for row in rows} | {rows[1].name: str(silent.pk)}

    page = client.post(where, fields | {"since": date_of(TODAY), "confirm": ""})

    (nothing, refusal) = page.context["form"].non_field_errors()
    assert page.status_code == 422
    assert rows[1].participation.jst.full_name in refusal
    assert (uncared(edition).count(), Event.objects.count()) == (3, 0)


def test_the_page_costs_the_same_with_few_units_and_with_many(cast, browse, edition):
    ready_expert(edition)
    client = browse(cast.coordinator)
    where = f"/opiekunowie/{edition.slug}/"
    client.get(where)
    with tallied() as few:
        client.get(where)
    for number in range(20):
        ParticipationFactory(edition=edition, jst=JstFactory(code=f"2001{number:02d}"))
        ready_expert(edition)

    with tallied() as many:
        client.get(where)

    assert few.queries == many.queries <= 14


def test_whoever_runs_the_edition_is_told_of_units_without_a_caretaker(cast, edition):
    told = {row.url: row.reason for row in waiting_for(cast.operator)}

    assert told[f"/opiekunowie/{edition.slug}/"] == "3 units have no caretaker."
    assert f"/opiekunowie/{edition.slug}/" not in {row.url for row in waiting_for(cast.lead)}


# --- Lists ----------------------------------------------------------------------------------------


def test_the_list_says_how_busy_everybody_is(cast, browse):
    version = plan_version(cast, "in_review")
    busy = version.reviews.get().expert
    AssignmentFactory(participation=cast.other_participation, expert=busy)

    page = browse(cast.coordinator).get("/eksperci/")

    numbers = {row.expert: row.numbers for row in page.context["rows"]}
    assert [str(heading) for heading in page.context["headings"]] == ["Units", "Open reviews"]
    assert numbers[busy] == [1, 1]
    assert numbers[cast.caretaker.expert] == [1, 0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("szukaj=zolc", {"Żółć"}),
        ("wolne=on", {"Żółć"}),
        ("dawni=on&szukaj=byl", {"Były"}),
        ("szukaj=byl", set()),
    ],
)
def test_the_list_is_narrowed(cast, browse, query, found):
    ExpertFactory(
        person=UserFactory(last_name="Żółć", email="zolc@example.org"), capacity=2, region=region("18")
    )
    ExpertFactory(person=UserFactory(last_name="Były", email="byly@example.org"), until=TODAY, capacity=0)
    for expert in (cast.reviewer.expert, cast.other_reviewer.expert, cast.caretaker.expert):
        expert.capacity = 0
        expert.save()

    page = browse(cast.auditor).get(f"/eksperci/?{query}")

    assert {row.expert.person.last_name for row in page.context["rows"]} == found


def test_the_list_costs_the_same_with_few_experts_and_with_many(cast, browse):
    client = browse(cast.coordinator)
    client.get("/eksperci/")
    with tallied() as few:
        client.get("/eksperci/")
    ExpertFactory.create_batch(30)
    with tallied() as many:
        client.get("/eksperci/")

    assert few.queries == many.queries <= 10


def test_ore_changes_where_an_expert_works(cast, browse):
    where = f"/eksperci/{cast.reviewer.expert.pk}/zmiana/"
    fields = {"region": region("18").pk, "capacity": "4"}

    assert browse(cast.operator).post(where, fields).status_code == 403
    browse(cast.coordinator).post(where, fields)

    expert = type(cast.reviewer.expert).objects.get(pk=cast.reviewer.expert.pk)
    assert (expert.region, expert.capacity) == (region("18"), 4)
    assert Event.objects.get().kind == "jst.expert.change"


def test_a_caretaker_finds_the_units_they_care_for(cast, browse):
    page = browse(cast.caretaker).get("/moje-jednostki/")

    assert [one.participation for one, _links in page.context["rows"]] == [cast.participation]
    assert browse(cast.reviewer).get("/moje-jednostki/").status_code == 403
