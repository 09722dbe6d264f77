"""Experts: who cares for which unit on which day, what stands against it, and how busy everybody is."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from jst import experts
from jst.caretaking import rows_for
from jst.models import (
    ConflictDeclaration,
    ConflictStatement,
    ExpertAssignment,
    Jst,
    JstEvent,
    Participation,
)
from jst.models.dated import today
from jst.waiting import waiting_for
from plans.assigning import assign_reviewer
from portal.benchmark import tallied
from portal.models import Event, Message
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.factories import (
    AssignmentFactory,
    ConflictFactory,
    EditionFactory,
    ExpertFactory,
    JstFactory,
    MembershipFactory,
    OperatorStaffFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.situations import plan_version

pytestmark = pytest.mark.django_db

TODAY = today()
CARETAKER, DEPUTY = ExpertAssignment.Role.CARETAKER, ExpertAssignment.Role.DEPUTY


def in_days(count):
    return TODAY + timedelta(days=count)


def date_of(day):
    return day.strftime("%d.%m.%Y")


def ready_expert(edition, **fields):
    """Return an expert who has stated their conflicts in the edition."""
    expert = ExpertFactory(**fields)
    ConflictStatement.objects.create(expert=expert, edition=edition)
    return expert


def region(code="18"):
    return Jst.objects.filter(code=code).first() or JstFactory(code=code, kind="W", name=f"woj. {code}")


def caring(participation, day=TODAY):
    return [(row.role, row.expert) for row in participation.expert_assignments.on(day).caring()]


def address(participation, what="opiekun"):
    return f"/zespoly/{participation.pk}/opieka/{what}/"


# --- One caretaker at a time ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ((0, None), (0, None), False),
        ((0, None), (5, None), False),
        ((0, 5), (5, None), True),
        ((0, 5), (4, None), False),
        ((5, None), (0, 5), True),
        ((5, None), (0, 6), False),
        ((0, 10), (3, 5), False),
    ],
)
def test_two_caretakers_of_a_unit_share_no_day(cast, first, second, fits):
    unit = cast.other_participation
    one, two = ready_expert(unit.edition), ready_expert(unit.edition)

    def assignment(expert, days):
        until = None if days[1] is None else in_days(days[1])
        return ExpertAssignment(
            participation=unit, expert=expert, role=CARETAKER, since=in_days(days[0]), until=until
        )

    experts.assign(assignment(one, first), by=cast.coordinator)
    try:
        experts.assign(assignment(two, second), by=cast.coordinator)
    except TransitionError:
        assert not fits
    else:
        assert fits
    assert ExpertAssignment.objects.filter(participation=unit).count() == 1 + fits


def test_a_new_caretaker_begins_on_the_day_on_which_the_one_before_ends(cast, browse):
    before = ExpertAssignment.objects.get(participation=cast.participation)
    expert = ready_expert(cast.setup.edition)
    fields = {"expert": expert.pk, "since": date_of(TODAY), "reason": "Zmiana opiekuna", "despite": ""}

    done = browse(cast.coordinator).post(address(cast.participation), fields)

    before.refresh_from_db()
    assert done.url == f"/zespoly/{cast.participation.pk}/"
    assert (before.until, before.reason) == (TODAY, "Zmiana opiekuna")
    assert caring(cast.participation) == [(CARETAKER, expert)]
    kinds = [event.kind for event in Event.objects.all()]
    assert kinds == ["jst.assignment.end", "jst.caretaker.assign"]
    told = {letter.address for letter in Message.objects.filter(event__kind="jst.caretaker.assign")}
    assert told == {cast.lead.email, expert.person.email}


def test_the_caretaker_before_sees_nothing_any_more_and_the_new_one_does(cast, browse):
    expert = ready_expert(cast.setup.edition)
    where = f"/zespoly/{cast.participation.pk}/"
    old, new = browse(cast.caretaker), browse(expert.person)
    assert (old.get(where).status_code, new.get(where).status_code) == (200, 404)

    experts.change_caretaker(
        cast.participation, expert, since=TODAY, reason="Zmiana opiekuna", by=cast.coordinator
    )

    assert (old.get(where).status_code, new.get(where).status_code) == (404, 200)


def test_a_deputy_reads_the_team_for_the_days_named_and_the_team_sees_until_when(cast, browse):
    expert = ready_expert(cast.setup.edition)
    fields = {
        "expert": expert.pk,
        "since": date_of(TODAY),
        "until": date_of(in_days(9)),
        "reason": "Urlop opiekuna",
    }
    browse(cast.coordinator).post(address(cast.participation, "zastepstwo"), fields)

    assert set(caring(cast.participation)) == {(CARETAKER, cast.caretaker.expert), (DEPUTY, expert)}
    assert caring(cast.participation, in_days(9)) == [(CARETAKER, cast.caretaker.expert)]
    where = f"/zespoly/{cast.participation.pk}/"
    assert browse(expert.person).get(where).status_code == 200
    page = browse(cast.reader).get(where)
    assert [one.until for one in page.context["experts"] if one.role == DEPUTY] == [in_days(9)]
    on_the_last_day = Participation.objects.of_caretaker(expert.person, in_days(8))
    afterwards = Participation.objects.of_caretaker(expert.person, in_days(9))
    assert (on_the_last_day.count(), afterwards.count()) == (1, 0)


@pytest.mark.parametrize("since, until", [(0, 0), (5, 2), (0, None)])
def test_a_deputy_has_an_end_after_the_beginning(cast, since, until):
    deputy = ExpertAssignment(
        participation=cast.participation, expert=ExpertFactory(), role=DEPUTY, since=in_days(since)
    )
    if until is None:
        with pytest.raises(IntegrityError), transaction.atomic():
            deputy.save()
        return
    with pytest.raises(TransitionError):
        experts.stand_in(
            cast.participation,
            deputy.expert,
            since=in_days(since),
            until=in_days(until),
            reason="x",
            by=cast.coordinator,
        )


def test_nobody_stands_in_where_there_is_no_caretaker(cast):
    with pytest.raises(TransitionError, match="no caretaker"):
        experts.stand_in(
            cast.other_participation,
            ExpertFactory(),
            since=TODAY,
            until=in_days(3),
            reason="x",
            by=cast.coordinator,
        )


# --- What stands against it -----------------------------------------------------------------------


@pytest.mark.parametrize("tie", ["declared", "member", "reviews"])
def test_a_conflict_is_overridden_by_nobody(cast, tie):
    version = plan_version(cast, "sent")
    expert = ready_expert(cast.setup.edition)
    if tie == "declared":
        ConflictFactory(expert=expert, jst=cast.participation.jst)
    elif tie == "member":
        MembershipFactory(
            participation=cast.participation, person=expert.person, since=date(2025, 1, 1), until=TODAY
        )
    else:
        assign_reviewer(version, expert, by=cast.coordinator)

    with pytest.raises(TransitionError):
        experts.change_caretaker(
            cast.participation, expert, since=TODAY, reason="x", by=cast.coordinator, despite="Trzeba"
        )
    assert caring(cast.participation) == [(CARETAKER, cast.caretaker.expert)]


@pytest.mark.parametrize("doubt", ["no statement", "no room"])
def test_a_doubt_is_overridden_with_a_reason_that_the_history_keeps(cast, browse, doubt):
    edition = cast.setup.edition
    expert = ExpertFactory() if doubt == "no statement" else ready_expert(edition, capacity=0)
    fields = {"expert": expert.pk, "since": date_of(TODAY), "reason": "Zmiana opiekuna"}
    client = browse(cast.coordinator)

    refused = client.post(address(cast.participation), fields)
    assert refused.status_code == 422
    assert caring(cast.participation) == [(CARETAKER, cast.caretaker.expert)]
    client.post(address(cast.participation), fields | {"despite": "Nikt inny nie może"})

    assert caring(cast.participation) == [(CARETAKER, expert)]
    assert Event.objects.get(kind="jst.caretaker.assign").comment == "Nikt inny nie może"


def test_the_page_does_not_offer_an_expert_with_a_conflict(cast, browse):
    fit, tied = ready_expert(cast.setup.edition), ready_expert(cast.setup.edition)
    ConflictFactory(expert=tied, jst=cast.participation.jst)

    page = browse(cast.coordinator).get(address(cast.participation))

    offered = set(page.context["form"].fields["expert"].queryset)
    assert fit in offered
    assert tied not in offered


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


# --- Who sees and does what -----------------------------------------------------------------------

RUNNERS = {"coordinator", "administrator", "operator"}
SEE_EXPERTS = {*RUNNERS, "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_who_names_a_caretaker(cast, browse, role):
    expert = ready_expert(cast.setup.edition)
    fields = {"expert": expert.pk, "since": date_of(TODAY), "reason": "Zmiana opiekuna"}
    answer = browse(person_of(cast, role)).post(address(cast.participation), fields)

    named = caring(cast.participation) == [(CARETAKER, expert)]
    assert named == (role in RUNNERS)
    assert answer.status_code in ({302} if role in {*RUNNERS, "anonymous"} else {403, 404})


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_the_experts(cast, browse, role):
    client = browse(person_of(cast, role))
    codes = {client.get(path).status_code for path in ("/eksperci/", f"/eksperci/{cast.reviewer.expert.pk}/")}

    assert codes == ({200} if role in SEE_EXPERTS else {302} if role == "anonymous" else {403})


def test_an_operator_names_nobody_in_an_edition_of_another(cast, browse):
    stranger = OperatorStaffFactory().person
    assert browse(stranger).post(address(cast.participation), {}).status_code == 404
    assert browse(stranger).get(f"/opiekunowie/{cast.setup.edition.slug}/").status_code == 404
    with pytest.raises(NotAllowed):
        experts.change_caretaker(
            cast.participation, ready_expert(cast.setup.edition), since=TODAY, reason="x", by=stranger
        )


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


# --- At the same time -----------------------------------------------------------------------------


def named_at_once(name, rivals):
    """Let several people name different caretakers for one unit at once; return how many it has then."""
    unit = ParticipationFactory()
    chosen = [ready_expert(unit.edition) for _number in range(rivals)]
    barrier = Barrier(rivals)

    def run(expert):
        barrier.wait()
        try:
            name(unit, expert)
        except TransitionError:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(rivals) as threads:
        list(threads.map(run, chosen))
    return ExpertAssignment.objects.on(TODAY).filter(participation=unit, role=CARETAKER).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_of_caretakers_named_at_once_one_is_named(cast, figures):
    def name(unit, expert):
        until = in_days(30)
        experts.assign(
            ExpertAssignment(participation=unit, expert=expert, role=CARETAKER, since=TODAY, until=until),
            by=cast.coordinator,
        )

    assert {named_at_once(name, 4) for _round in range(figures(small=3, full=100))} == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_the_control_that_looks_and_then_writes_names_two():
    def name(unit, expert):
        others = ExpertAssignment.objects.on(TODAY).filter(participation=unit, role=CARETAKER)
        if others.exists():
            raise TransitionError("x")
        time.sleep(0.05)
        AssignmentFactory(participation=unit, expert=expert, until=in_days(30))

    assert named_at_once(name, 3) > 1
