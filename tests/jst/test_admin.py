"""Editions, units at work, teams and experts in the admin panel: the same verbs, the same events."""

from datetime import date, timedelta

import pytest

from jst.invitations import invite
from jst.models import (
    ConflictDeclaration,
    Expert,
    ExpertAssignment,
    Invitation,
    JstEvent,
    Participation,
    SchoolScope,
    TeamMembership,
)
from jst.models.dated import today
from portal.models import Event
from tests.factories import ExpertFactory, JstFactory, ParticipationFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def address(name, rest="add/"):
    return f"/admin/jst/{name}/{rest}"


def date_of(day):
    return day.strftime("%d.%m.%Y")


def errors_shown(response):
    return response.context["adminform"].form.non_field_errors()


def last_event():
    event = Event.objects.last()
    return event.kind, event.actor, event.jstevent


# --- Moves --------------------------------------------------------------------------------------


def test_the_buttons_are_the_moves_of_the_table(cast, browse):
    page = browse(cast.coordinator).get(address("participation", f"{cast.participation.pk}/change/"))

    base = f"/admin/jst/participation/{cast.participation.pk}/move/"
    assert [where for _label, where in page.context["buttons"]] == [
        base + name + "/" for name in ("complete", "withdraw", "exclude")
    ]
    assert f'href="/zespoly/{cast.participation.pk}/"' in page.content.decode()


def test_a_move_asks_once_and_leaves_an_event(cast, browse):
    where = address("participation", f"{cast.participation.pk}/move/withdraw/")
    client = browse(cast.coordinator)
    assert client.get(where).status_code == 200
    assert Event.objects.count() == 0

    response = client.post(where, {"on": date_of(today()), "comment": "Uchwała rady"})

    cast.participation.refresh_from_db()
    assert response.url == address("participation", f"{cast.participation.pk}/change/")
    assert (cast.participation.status, cast.participation.until) == ("withdrew", today())
    kind, actor, about = last_event()
    assert (kind, actor, about.participation) == (
        "jst.participation.withdraw",
        cast.coordinator,
        cast.participation,
    )
    shown = client.get(response.url)
    assert "Uchwała rady" in shown.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"on": date_of(today()), "comment": ""},
        {"on": date_of(today() + timedelta(days=1)), "comment": "Uchwała"},
        {"on": "wczoraj", "comment": "Uchwała"},
    ],
)
def test_a_move_that_cannot_be_made_says_why_and_changes_nothing(cast, browse, fields):
    where = address("participation", f"{cast.participation.pk}/move/withdraw/")
    response = browse(cast.coordinator).post(where, fields)

    cast.participation.refresh_from_db()
    assert response.status_code == 200
    assert response.context["form"].errors
    assert (cast.participation.status, Event.objects.count()) == ("in_progress", 0)


def test_the_status_is_no_field(cast, browse):
    where = address("participation", f"{cast.participation.pk}/change/")
    browse(cast.administrator).post(
        where,
        {"status": "completed", "since": "01.01.2020", "until": "01.01.2021", "edition": "1", "jst": "1"},
    )

    after = Participation.objects.get(pk=cast.participation.pk)
    for name in ("status", "since", "until", "edition_id", "jst_id"):
        assert getattr(after, name) == getattr(cast.participation, name)


def test_many_units_begin_at_once_and_each_refusal_is_told(cast, browse):
    waiting = ParticipationFactory.create_batch(3, status="qualified")
    chosen = [row.pk for row in [*waiting, cast.participation]]
    client = browse(cast.coordinator)
    data = {"action": "move_begin", "_selected_action": chosen}

    asked = client.post(address("participation", ""), data)
    assert len(asked.context["objects"]) == 4
    assert Event.objects.count() == 0
    response = client.post(
        address("participation", ""), data | {"confirmed": "1", "comment": ""}, follow=True
    )

    assert Participation.objects.filter(status="in_progress", pk__in=chosen).count() == 4
    assert Event.objects.filter(kind="jst.participation.begin").count() == 3
    told = [(message.level_tag, str(message)) for message in response.context["messages"]]
    assert [level for level, _text in told] == ["error", "success"]
    assert "Brzozów" in told[0][1]


def test_an_auditor_moves_nothing(cast, browse):
    client = browse(cast.auditor)
    data = {"action": "move_exclude", "_selected_action": [cast.participation.pk], "confirmed": "1"}
    client.post(address("participation", ""), data | {"comment": "x", "on": date_of(today())})
    client.post(
        address("participation", f"{cast.participation.pk}/move/exclude/"),
        {"comment": "x", "on": date_of(today())},
    )

    cast.participation.refresh_from_db()
    assert cast.participation.status == "in_progress"


def test_a_unit_is_entered_in_an_edition_with_an_event(cast, browse):
    unit = JstFactory()
    fields = {"edition": cast.setup.edition.pk, "jst": unit.pk, "since": "01.09.2026", "status": "completed"}
    browse(cast.coordinator).post(address("participation"), fields)

    entered = Participation.objects.get(jst=unit)
    assert (entered.status, entered.since) == ("qualified", date(2026, 9, 1))
    assert last_event()[0] == "jst.participation.qualify"


def test_an_invitation_is_withdrawn_in_the_panel_and_its_secret_is_not_shown(cast, browse):
    person = {"email": "a@example.org", "first_name": "A", "last_name": "B"}
    invitation = invite(cast.participation, by=cast.lead, **person)
    client = browse(cast.coordinator)
    shown = client.get(address("invitation", f"{invitation.pk}/change/"))
    client.post(address("invitation", f"{invitation.pk}/move/revoke/"), {"comment": ""})

    assert invitation.nonce not in shown.content.decode()
    assert Invitation.objects.get().status == "revoked"
    assert client.get(address("invitation", f"{invitation.pk}/move/accept/")).status_code == 403


# --- Dated rows ---------------------------------------------------------------------------------


def test_a_member_is_added_and_ended_with_events(cast, browse):
    person = UserFactory()
    client = browse(cast.coordinator)
    fields = {"participation": cast.participation.pk, "person": person.pk, "since": date_of(today())}
    client.post(address("teammembership"), fields | {"is_lead": "on"})

    member = TeamMembership.objects.get(person=person)
    assert (member.is_lead, member.until) == (True, None)
    assert last_event() == ("jst.membership.begin", cast.coordinator, JstEvent.objects.get(membership=member))

    ending = {"until": date_of(today()), "reason": "Odeszła", "is_author": "on", "person": cast.lead.pk}
    client.post(address("teammembership", f"{member.pk}/change/"), ending)
    member.refresh_from_db()
    assert (member.until, member.reason, member.is_author, member.person) == (
        today(),
        "Odeszła",
        False,
        person,
    )
    assert last_event()[0] == "jst.membership.end"


def test_a_row_that_stands_ends_only_with_a_day_and_a_reason(cast, browse):
    member = TeamMembership.objects.get(person=cast.author)
    response = browse(cast.coordinator).post(address("teammembership", f"{member.pk}/change/"), {"until": ""})

    member.refresh_from_db()
    assert response.context["adminform"].form.errors.keys() == {"until", "reason"}
    assert member.until is None


def test_a_person_is_not_added_twice_and_the_page_says_so(cast, browse):
    fields = {"participation": cast.participation.pk, "person": cast.author.pk, "since": date_of(today())}
    TeamMembership.objects.filter(person=cast.author).update(until=today() + timedelta(days=9))
    response = browse(cast.coordinator).post(address("teammembership"), fields)

    assert response.status_code == 200
    assert len(errors_shown(response)) == 1
    assert TeamMembership.objects.filter(person=cast.author).count() == 1


def test_a_school_is_taken_on_and_given_up_with_events(cast, browse):
    school = SchoolFactory()
    client = browse(cast.coordinator)
    fields = {"participation": cast.participation.pk, "school": school.pk, "since": "01.02.2026"}
    client.post(address("schoolscope"), fields)
    scope = SchoolScope.objects.get()
    assert last_event()[0] == "jst.school.begin"

    refused = client.post(
        address("schoolscope", f"{scope.pk}/change/"), {"until": "01.01.2026", "reason": "Likwidacja"}
    )
    assert len(errors_shown(refused)) == 1
    client.post(
        address("schoolscope", f"{scope.pk}/change/"), {"until": "01.03.2026", "reason": "Likwidacja"}
    )
    scope.refresh_from_db()
    assert scope.until == date(2026, 3, 1)
    assert last_event()[0] == "jst.school.end"


# --- Experts ------------------------------------------------------------------------------------


def test_an_expert_is_appointed_and_dismissed_with_events(cast, browse):
    person = UserFactory()
    client = browse(cast.coordinator)
    client.post(address("expert"), {"person": person.pk, "since": "01.09.2026"})
    expert = Expert.objects.get(person=person)
    assert last_event()[:2] == ("jst.expert.begin", cast.coordinator)

    client.post(
        address("expert", f"{expert.pk}/change/"), {"until": date_of(today()), "reason": "Rezygnacja"}
    )
    assert not Expert.objects.get(person=person).holds_on(today())
    assert last_event()[0] == "jst.expert.end"


def test_visits_are_entered_in_the_panel_and_caretakers_on_the_page_of_the_team(cast, browse):
    expert = ExpertFactory()
    client = browse(cast.coordinator)
    fields = {"participation": cast.participation.pk, "expert": expert.pk, "since": date_of(today())}

    refused = client.post(address("expertassignment"), fields | {"role": "deputy"})
    client.post(address("expertassignment"), fields | {"role": "visiting"})

    assert refused.context["adminform"].form.errors.keys() == {"role"}
    assert [row.role for row in ExpertAssignment.objects.filter(expert=expert)] == ["visiting"]
    assert last_event()[0] == "jst.assignment.add"


def test_somebody_who_is_no_expert_any_more_is_not_assigned(cast, browse):
    expert = ExpertFactory(until=today())
    fields = {"participation": cast.other_participation.pk, "expert": expert.pk, "role": "visiting"}
    response = browse(cast.coordinator).post(
        address("expertassignment"), fields | {"since": date_of(today())}
    )

    assert len(errors_shown(response)) == 1
    assert not ExpertAssignment.objects.filter(expert=expert).exists()


def test_a_declared_conflict_stays(cast, browse):
    fields = {"expert": cast.reviewer.expert.pk, "jst": cast.participation.jst.pk, "reason": "Dawna praca"}
    client = browse(cast.coordinator)
    client.post(address("conflictdeclaration"), fields)

    conflict = ConflictDeclaration.objects.get()
    assert last_event() == ("jst.conflict.declare", cast.coordinator, JstEvent.objects.get(conflict=conflict))
    changed = client.post(address("conflictdeclaration", f"{conflict.pk}/change/"), fields | {"reason": "x"})
    assert changed.status_code == 403
    assert ConflictDeclaration.objects.get().reason == "Dawna praca"


# --- Looking up ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Łódź", "lodz"])
def test_a_unit_is_looked_up_with_and_without_polish_letters(cast, browse, words):
    unit = JstFactory(name="Łódź", kind="MNP")
    client = browse(cast.coordinator)
    query = {"app_label": "jst", "model_name": "participation", "field_name": "jst", "term": words}

    found = client.get("/admin/autocomplete/", query).json()["results"]

    assert [row["id"] for row in found] == [str(unit.pk)]


def test_units_and_schools_are_only_read_in_the_admin(cast, browse):
    unit, school = cast.participation.jst, SchoolFactory(name="Szkoła")
    client = browse(cast.administrator)

    unit_page = client.post(
        address("jst", f"{unit.pk}/change/"), {"name": "Inna", "mailbox": "x@example.org"}
    )
    school_page = client.post(address("school", f"{school.pk}/change/"), {"name": "Inna"})

    assert (unit_page.status_code, school_page.status_code) == (403, 403)
    assert client.get(address("jst", f"{unit.pk}/change/")).status_code == 200
    unit.refresh_from_db()
    school.refresh_from_db()
    assert (unit.name, unit.mailbox, school.name) == ("Brzozów", "", "Szkoła")
