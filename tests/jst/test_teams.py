"""A team: who sees it, who changes it, and what dates do to rights."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from jst import teams
from jst.models import JstEvent, Participation, TeamMembership
from jst.models.dated import today
from jst.navigation import standing
from jst.permissions import is_lead, rights_in_team
from jst.waiting import waiting_for
from portal import outbox
from portal.benchmark import tallied
from portal.models import Event, Message, User
from portal.workflow import AlreadyMoved, TransitionError
from tests.factories import MembershipFactory, ParticipationFactory, UserFactory
from tests.situations import started_plan

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = today() - timedelta(days=1), today() + timedelta(days=1)


def page(participation):
    return f"/zespoly/{participation.pk}/"


def member_of(cast, role):
    return TeamMembership.objects.get(participation=cast.participation, person=getattr(cast, role))


def address(cast, role, name):
    return f"{page(cast.participation)}osoby/{member_of(cast, role).pk}/{name}/"


# --- Seeing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("reader", 200),
        ("author", 200),
        ("lead", 200),
        ("signatory", 200),
        ("former_member", 404),
        ("other_team", 404),
        ("reviewer", 404),
        ("caretaker", 200),
        ("coordinator", 200),
        ("administrator", 200),
        ("auditor", 200),
    ],
)
def test_the_page_of_a_team_is_for_the_team_its_caretaker_and_ore(cast, browse, role, status):
    assert browse(getattr(cast, role, None)).get(page(cast.participation)).status_code == status


def test_a_strange_team_answers_as_one_that_never_was(cast, browse):
    client = browse(cast.other_team)
    strange, missing = client.get(page(cast.participation)), client.get("/zespoly/999999/")

    assert (strange.status_code, missing.status_code) == (404, 404)
    assert without_token(strange) == without_token(missing)


def without_token(response):
    return re.sub(r"\w{64}", "", response.content.decode())


def test_the_whole_team_sees_who_may_do_what(cast, browse):
    response = browse(cast.reader).get(page(cast.participation))

    shown = {row.person: row.rights for row in response.context["members"]}
    assert set(shown) == {cast.reader, cast.author, cast.lead, cast.signatory}
    assert len({tuple(rights) for rights in shown.values()}) == 4
    assert [row.person for row in response.context["former"]] == [cast.former_member]
    assert f"{page(cast.participation)}zaproszenia/nowe/" not in response.content.decode()


def test_the_page_costs_the_same_with_four_members_and_with_thirty(cast, browse):
    client = browse(cast.lead)
    client.get(page(cast.participation))
    with tallied() as few:
        client.get(page(cast.participation))
    for member in MembershipFactory.create_batch(30, participation=cast.participation):
        teams.change_rights(member, rights={"is_author"}, by=cast.coordinator)

    with tallied() as many:
        client.get(page(cast.participation))

    assert few.queries == many.queries <= 13


def test_the_page_leads_to_the_plan_or_to_its_start(cast, browse):
    where = page(cast.participation)
    start = f"{where}plan/"

    def links(person):
        return [address for _label, address in browse(person).get(where).context["links"]]

    assert (links(cast.lead), links(cast.author)) == ([start], [])
    plan = started_plan(cast)
    assert links(cast.lead) == links(cast.caretaker) == links(cast.auditor) == [f"/plany/{plan.pk}/"]


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "status"),
    [
        ({"since": YESTERDAY}, 200),
        ({"since": today()}, 200),
        ({"since": TOMORROW}, 404),
        ({"since": YESTERDAY, "until": TOMORROW}, 200),
        ({"since": YESTERDAY, "until": today()}, 404),
        ({"since": today() - timedelta(days=9), "until": YESTERDAY}, 404),
    ],
)
def test_a_membership_opens_the_team_from_its_first_day_until_its_end(cast, browse, dates, status):
    person = MembershipFactory(participation=cast.participation, is_lead=True, **dates).person

    client = browse(person)
    assert client.get(page(cast.participation)).status_code == status
    assert client.get(f"{page(cast.participation)}zaproszenia/nowe/").status_code == status
    assert is_lead(person, cast.participation) == (status == 200)


def test_a_member_whose_membership_ends_loses_access_at_the_next_request(cast, browse):
    author = browse(cast.author)
    assert author.get(page(cast.participation)).status_code == 200

    ended = browse(cast.lead).post(address(cast, "author", "koniec"), {"reason": "Odeszła z urzędu"})

    assert ended.status_code == 302
    assert author.get(page(cast.participation)).status_code == 404
    assert author.get("/moje/").status_code == 200
    row = member_of(cast, "author")
    assert (row.until, row.reason) == (today(), "Odeszła z urzędu")


def test_a_deactivated_person_is_out_at_the_next_request(cast, browse):
    client = browse(cast.lead)
    assert client.get(page(cast.participation)).status_code == 200

    User.objects.filter(pk=cast.lead.pk).update(is_active=False)

    assert client.get(page(cast.participation)).status_code == 302
    cast.lead.refresh_from_db()
    assert rights_in_team(cast.lead, cast.participation) is None


def test_staff_who_leave_the_group_see_nothing_at_the_next_request(cast, browse):
    client = browse(cast.coordinator)
    assert client.get(page(cast.participation)).status_code == 200

    cast.coordinator.groups.clear()

    assert client.get(page(cast.participation)).status_code == 404


def test_rights_are_asked_anew_outside_a_request(cast):
    newcomer = UserFactory()
    assert rights_in_team(newcomer, cast.participation) is None

    MembershipFactory(participation=cast.participation, person=newcomer, is_lead=True)

    assert is_lead(newcomer, cast.participation)


# --- Changing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["koniec", "prawa"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("reader", 403),
        ("author", 403),
        ("signatory", 403),
        ("former_member", 404),
        ("other_team", 404),
        ("reviewer", 404),
        ("caretaker", 403),
        ("auditor", 403),
    ],
)
def test_nobody_but_the_lead_and_ore_changes_a_membership(cast, browse, role, status, name):
    before = list(TeamMembership.objects.order_by("pk").values())
    where = address(cast, "signatory", name)
    client = browse(getattr(cast, role))

    assert client.get(where).status_code == status
    assert client.post(where, {"reason": "x", "rights": ["is_lead"]}).status_code == status
    assert list(TeamMembership.objects.order_by("pk").values()) == before


def test_a_lead_of_one_team_does_not_reach_a_member_of_another_through_the_own_address(cast, browse):
    other = TeamMembership.objects.get(person=cast.other_team)
    where = f"{page(cast.participation)}osoby/{other.pk}/koniec/"

    assert browse(cast.lead).post(where, {"reason": "x"}).status_code == 404
    other.refresh_from_db()
    assert other.until is None


def test_opening_the_page_that_asks_ends_nothing(cast, browse):
    assert browse(cast.lead).get(address(cast, "author", "koniec")).status_code == 200
    assert member_of(cast, "author").until is None


def test_other_rights_are_another_membership_and_the_old_one_stays_in_the_record(cast, browse):
    where = address(cast, "author", "prawa")
    response = browse(cast.lead).post(where, {"rights": ["is_signatory"], "reason": "Zastępstwo"})

    old, new = TeamMembership.objects.filter(person=cast.author).order_by("pk")
    assert response.url == page(cast.participation)
    assert (old.is_author, old.is_signatory, old.until, old.reason) == (True, False, today(), "Zastępstwo")
    assert (new.is_author, new.is_signatory, new.since, new.until) == (False, True, today(), None)
    assert rights_in_team(cast.author, cast.participation) == {"is_signatory"}
    event = Event.objects.last()
    assert (event.kind, event.actor, event.comment) == ("jst.membership.change", cast.lead, "Zastępstwo")
    assert event.data == {"rights": ["is_signatory"]}
    assert JstEvent.objects.get(event=event).membership == new


def test_a_change_of_rights_holds_at_the_next_request(cast, browse):
    lead = browse(cast.lead)
    browse(cast.coordinator).post(address(cast, "lead", "prawa"), {"rights": ["is_author"]})

    assert lead.get(f"{page(cast.participation)}zaproszenia/nowe/").status_code == 403


@pytest.mark.parametrize(("name", "data"), [("koniec", {"reason": "x"}), ("prawa", {"rights": []})])
def test_the_only_lead_stays_until_another_is_named(cast, browse, name, data):
    lead = browse(cast.lead)
    where = address(cast, "lead", name)

    assert lead.post(where, data).status_code == 422
    assert is_lead(cast.lead, cast.participation)
    lead.post(address(cast, "author", "prawa"), {"rights": ["is_lead"]})
    assert lead.post(where, data).status_code == 302
    assert not is_lead(cast.lead, cast.participation)


def test_ore_may_leave_a_team_without_a_lead_and_sees_that_one_must_be_invited(cast, browse):
    before = waiting_for(cast.coordinator)
    browse(cast.coordinator).post(address(cast, "lead", "koniec"), {"reason": "Odszedł z urzędu"})

    (row,) = [row for row in waiting_for(User.objects.get(pk=cast.coordinator.pk)) if row not in before]
    assert row.url == "/zespoly/?bez_lidera=on"
    rows = browse(cast.coordinator).get(row.url).context["rows"]
    assert [line["pk"] for line in rows] == [cast.participation.pk]


def test_the_end_needs_a_reason_and_the_person_gets_a_letter(cast, browse):
    client = browse(cast.lead)
    where = address(cast, "author", "koniec")

    assert client.post(where, {"reason": ""}).status_code == 422
    client.post(where, {"reason": "Odeszła z urzędu"})

    letter = Message.objects.get(event__kind="jst.membership.end")
    assert letter.recipient == cast.author
    assert "Odeszła z urzędu" in outbox.render(letter)[1]


def test_a_membership_that_has_ended_is_not_ended_again(cast):
    row = member_of(cast, "author")
    teams.end_membership(row, by=cast.lead, reason="x")

    with pytest.raises(AlreadyMoved):
        teams.end_membership(row, by=cast.lead, reason="y")
    assert Event.objects.filter(kind="jst.membership.end").count() == 1


@pytest.mark.parametrize("status", ["qualified", "completed", "withdrew", "excluded"])
def test_outside_the_work_the_lead_changes_nothing_and_still_reads(cast, browse, status):
    Participation.objects.filter(pk=cast.participation.pk).update(status=status)
    client = browse(cast.lead)

    assert client.get(page(cast.participation)).status_code == 200
    assert client.post(address(cast, "author", "koniec"), {"reason": "x"}).status_code == 403
    assert client.post(f"{page(cast.participation)}zaproszenia/nowe/", {}).status_code == 403


def leads_left(remove):
    """Let the two leads of a new team remove each other at once; return how many leads it has then."""
    participation = ParticipationFactory()
    first, second = MembershipFactory.create_batch(2, participation=participation, is_lead=True)
    barrier = Barrier(2)

    def run(pair):
        barrier.wait()
        try:
            remove(*pair)
        except TransitionError:
            return
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, [(first, second.person), (second, first.person)]))
    return TeamMembership.objects.today().filter(participation=participation, is_lead=True).count()


def check_then_end(member, by):
    """The control: looks for another lead first and ends the membership afterwards."""
    leads = TeamMembership.objects.today().filter(participation=member.participation_id, is_lead=True)
    if leads.count() < 2:
        raise TransitionError("x")
    time.sleep(0.2)
    TeamMembership.objects.filter(pk=member.pk).update(until=today())


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_two_leads_who_remove_each_other_at_once_leave_one_lead(figures):
    def end(member, by):
        teams.end_membership(member, by=by, reason="x")

    assert {leads_left(end) for _round in range(figures(small=3, full=100))} == {1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_the_control_that_looks_and_then_writes_leaves_a_team_without_a_lead():
    assert leads_left(check_then_end) == 0


def test_the_menus_question_and_the_teams_own_tell_the_same_rights(cast):
    """The newest says what one may do, also where one before it is still to end."""
    MembershipFactory(
        participation=cast.participation,
        person=cast.other_team,
        is_lead=True,
        until=today() + timedelta(days=9),
    )
    MembershipFactory(participation=cast.participation, person=cast.other_team, is_author=True)

    for person in (cast.lead, cast.author, cast.signatory, cast.reader, cast.other_team):
        who = standing(person)
        participation = Participation.objects.get(pk=who["team"])
        assert rights_in_team(person, participation) == who["rights"]
    assert standing(cast.other_team)["rights"] == {"is_author"}
