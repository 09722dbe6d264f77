"""Who cares for which unit on which day, and what stands against it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from jst import experts
from jst.models import (
    ExpertAssignment,
    Participation,
)
from plans.assigning import assign_reviewer
from portal.models import Event, Message
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.factories import (
    AssignmentFactory,
    ConflictFactory,
    ExpertFactory,
    MembershipFactory,
    OperatorStaffFactory,
    ParticipationFactory,
)
from tests.jst.caring import CARETAKER, DEPUTY, TODAY, address, caring, date_of, in_days, ready_expert
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


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
        time.sleep(0.2)
        AssignmentFactory(participation=unit, expert=expert, until=in_days(30))

    assert named_at_once(name, 3) > 1
