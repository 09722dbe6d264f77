"""Asking to join a team: nobody learns of it before the address has answered, and somebody always answers."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jst import joining
from jst.models import ExpertAssignment, Invitation, JoinRequest, Participation, TeamMembership
from jst.models.dated import today
from portal.models import Event, Message, User
from portal.workflow import NotAllowed, TransitionError
from tests.factories import UserFactory
from tests.jst.asking import ADDRESS, FIELDS, asked, link_in_letter, opened, written
from tests.test_access import comparable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_earlier_tries():
    """The limits of one test must not be used up by another."""
    cache.clear()


def waiting_roles(cast, day):
    roles = ["lead", "author", "reader", "caretaker", "coordinator", "operator", "other_team", "auditor"]
    return {role for role in roles if JoinRequest.objects.waiting_for(getattr(cast, role), day).exists()}


# --- Finding, writing ---------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["brzozow", "Brzozów", "urząd miejski Brzozów", "Kolbuszowa"])
def test_a_unit_is_found_by_its_name_its_office_and_its_town(cast, client, words):
    cast.participation.jst.town = "Kolbuszowa"
    cast.participation.jst.save()

    page = client.get("/dolacz/", {"szukaj": words})

    assert [team.pk for team in page.context["teams"]] == [cast.participation.pk]
    assert str(cast.lead) not in page.content.decode()


def test_a_unit_that_no_longer_takes_part_is_neither_found_nor_asked(cast, client):
    Participation.objects.filter(pk=cast.participation.pk).update(status="withdrew")

    assert client.get("/dolacz/", {"szukaj": "brzozow"}).context["teams"] == []
    assert written(cast).status_code == 404


def test_nobody_learns_of_a_request_before_its_letter_was_answered(cast, browse):
    written(cast)

    assert JoinRequest.objects.get().status == "unproven"
    assert [message.address for message in Message.objects.all()] == [ADDRESS]
    assert Event.objects.count() == 0
    assert waiting_roles(cast, today() + timedelta(days=30)) == set()
    assert browse(cast.lead).get(f"/prosby/{JoinRequest.objects.get().pk}/").status_code == 404


def test_the_page_answers_alike_to_members_to_accounts_and_to_strangers(cast):
    UserFactory(email="konto@example.org")
    answers = []
    for email in [cast.author.email, "konto@example.org", "nikt@example.org", "NIKT@example.org"]:
        client = Client()
        answer = written(cast, client, email=email)
        page = client.get(answer.url)
        body = comparable(page)[1].replace(email.lower(), "")
        answers.append((answer.status_code, answer.url, page.status_code, body, Message.objects.count()))
        Message.objects.all().delete()

    assert answers == [answers[0]] * 4


def test_the_address_typed_is_repeated_with_what_to_do_when_no_letter_comes(cast, client):
    page = client.get(written(cast, client).url).content.decode()

    assert ADDRESS in page
    assert "five minutes" in page
    assert "spam" in page


def test_opening_the_link_five_times_changes_nothing_and_the_secret_leaves_the_address(cast):
    written(cast)
    link = link_in_letter()
    for _number in range(5):
        response = Client().get(link)
        assert (response.url, response["Referrer-Policy"]) == ("/dolacz/potwierdz/", "no-referrer")
        assert opened(link).get("/dolacz/potwierdz/").status_code == 200

    assert JoinRequest.objects.get().status == "unproven"
    secret = link.split("/")[-2]
    rows = [str(row) for model in (JoinRequest, Message, Event) for row in model.objects.values()]
    assert [row for row in rows if secret in row] == []


def test_a_wrong_link_and_an_expired_one_lead_to_the_same_page(cast):
    written(cast)
    link = link_in_letter()
    wrong = opened(link[:-6] + "AAAAA/").get("/dolacz/potwierdz/")
    JoinRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = opened(link).get("/dolacz/potwierdz/")

    assert wrong.status_code == expired.status_code == 404
    assert comparable(wrong) == comparable(expired)
    opened(link).post("/dolacz/potwierdz/")
    assert JoinRequest.objects.get().status == "unproven"


def test_one_request_of_a_person_waits_in_a_team(cast):
    asked(cast)
    written(cast)
    second = opened(link_in_letter())

    assert second.post("/dolacz/potwierdz/").status_code == 409
    assert sorted(JoinRequest.objects.values_list("status", flat=True)) == ["asked", "unproven"]


def test_a_member_is_told_so_behind_the_link_only(cast):
    written(cast, email=cast.author.email)
    page = opened(link_in_letter()).get("/dolacz/potwierdz/")

    assert "already" in page.context["refusal"][0]


def test_the_fourth_letter_to_one_address_within_an_hour_is_refused(cast):
    answers = [written(cast, Client(REMOTE_ADDR=f"203.0.113.{n}")).status_code for n in range(4)]

    assert answers == [302, 302, 302, 429]
    assert Message.objects.count() == 3


@pytest.mark.parametrize("name", ["Jan\r\nBcc: x@evil.example", "evil.example", "<b>Jan</b>"])
def test_a_name_carries_nothing_into_the_letter(cast, name):
    assert written(cast, first_name=name).status_code == 422
    assert Message.objects.count() == 0


# --- Whose turn it is ---------------------------------------------------------------------------


def test_the_lead_then_the_caretaker_then_whoever_runs_the_edition(cast):
    request = asked(cast)
    day = request.asked_on
    runners = {"coordinator", "operator"}

    assert waiting_roles(cast, day) == {"lead"}
    assert waiting_roles(cast, day + timedelta(days=6)) == {"lead"}
    assert waiting_roles(cast, day + timedelta(days=7)) == {"lead", "caretaker"}
    assert waiting_roles(cast, day + timedelta(days=13)) == {"lead", "caretaker"}
    assert waiting_roles(cast, day + timedelta(days=14)) == {"lead", "caretaker", *runners}


def test_without_a_lead_the_caretaker_is_asked_at_once_and_without_either_the_operator(cast):
    request = asked(cast)
    TeamMembership.objects.filter(person=cast.lead).update(is_lead=False)
    day = request.asked_on

    assert waiting_roles(cast, day) == {"caretaker"}
    assert waiting_roles(cast, day + timedelta(days=7)) == {"caretaker", "coordinator", "operator"}
    ExpertAssignment.objects.update(until=day)
    assert waiting_roles(cast, day) == {"coordinator", "operator"}


def test_without_a_caretaker_the_edition_follows_the_lead(cast):
    ExpertAssignment.objects.all().update(until=today())
    day = asked(cast).asked_on

    assert waiting_roles(cast, day + timedelta(days=6)) == {"lead"}
    assert waiting_roles(cast, day + timedelta(days=7)) == {"lead", "coordinator", "operator"}


def test_letters_go_to_whose_turn_it_is_once_each(cast, capsys):
    request = asked(cast)

    def letters(kind):
        rows = Message.objects.filter(event__kind=f"jst.joining.{kind}")
        return sorted(row.address for row in rows)

    assert letters("ask") == [cast.lead.email]
    for days, expected in [
        (6, []),
        (7, [cast.caretaker.email]),
        (7, [cast.caretaker.email]),
        (14, sorted([cast.caretaker.email, cast.operator.email])),
        (20, sorted([cast.caretaker.email, cast.operator.email])),
    ]:
        call_command("remind", "--on", str(request.asked_on + timedelta(days=days)))
        assert (days, letters("escalate")) == (days, expected)

    call_command("remind", "--on", str(request.asked_on + timedelta(days=42)))
    assert letters("lapse") == [ADDRESS]
    assert capsys.readouterr().out.split() == ["0", "1", "0", "1", "0", "1"]
    request.refresh_from_db()
    assert request.status == "lapsed"


def test_the_caretaker_answers_only_once_it_is_their_turn(cast, browse):
    request = asked(cast)
    client = browse(cast.caretaker)
    assert client.get(f"/prosby/{request.pk}/").status_code == 403
    with pytest.raises(NotAllowed):
        joining.approve(request, by=cast.caretaker, rights=set())

    JoinRequest.objects.update(asked_on=today() - timedelta(days=7))

    client.post(f"/prosby/{request.pk}/", {"answer": "approve", "rights": ["is_author"]})
    invitation = Invitation.objects.get()
    assert (invitation.invited_by, invitation.is_author, invitation.is_lead) == (cast.caretaker, True, False)


# --- Answers ------------------------------------------------------------------------------------


def test_a_yes_invites_with_the_rights_the_lead_has_chosen_and_the_person_joins(cast, browse):
    request = asked(cast)
    browse(cast.lead).post(f"/prosby/{request.pk}/", {"answer": "approve", "rights": ["is_signatory"]})
    link = link_in_letter(ADDRESS)
    join = {"first_name": "Jan", "last_name": "Prosty", "password": "cztery konie na strychu"}
    client = opened(link)
    client.post("/zaproszenie/", join)

    member = TeamMembership.objects.get(person__email=ADDRESS)
    assert (member.is_lead, member.is_author, member.is_signatory) == (False, False, True)
    request.refresh_from_db()
    assert request.status == "approved"


def test_a_no_needs_a_reason_and_the_person_reads_it(cast, browse):
    request = asked(cast)
    client = browse(cast.lead)

    assert client.post(f"/prosby/{request.pk}/", {"answer": "decline"}).status_code == 422
    client.post(f"/prosby/{request.pk}/", {"answer": "decline", "comment": "Zespół jest pełny."})

    request.refresh_from_db()
    assert request.status == "declined"
    assert Invitation.objects.count() == 0
    link_in_letter_of_no = Message.objects.get(event__kind="jst.joining.decline")
    assert link_in_letter_of_no.address == ADDRESS


def test_the_person_withdraws_by_the_page_of_the_letter(cast):
    written(cast)
    client = opened(link_in_letter())
    client.post("/dolacz/potwierdz/")
    client.post("/dolacz/potwierdz/", {"withdraw": "1"})

    assert JoinRequest.objects.get().status == "withdrawn"
    with pytest.raises(TransitionError):
        joining.withdraw(JoinRequest.objects.get())
    assert client.get("/dolacz/potwierdz/").status_code == 200


def test_the_lead_sees_the_request_on_the_desk_and_on_the_page_of_the_team(cast, browse):
    request = asked(cast)
    client = browse(cast.lead)

    assert f"/prosby/{request.pk}/" in client.get("/moje/").content.decode()
    assert list(client.get(f"/zespoly/{cast.participation.pk}/").context["requests"]) == [request]
    assert list(browse(cast.reader).get(f"/zespoly/{cast.participation.pk}/").context["requests"]) == []


def test_a_signed_in_person_is_written_to_as_well(cast, browse):
    client = browse(cast.other_team)
    answer = client.post(f"/dolacz/{cast.participation.pk}/", FIELDS)

    request = JoinRequest.objects.get()
    assert (answer.url, request.email, request.status) == (
        "/dolacz/wyslane/",
        cast.other_team.email,
        "unproven",
    )
    opened(link_in_letter(), client).post("/dolacz/potwierdz/")
    assert Event.objects.get(kind="jst.joining.ask").actor == cast.other_team


def test_of_two_clicks_one_puts_the_request_to_the_team(cast):
    request = asked(cast)

    with pytest.raises(TransitionError):
        joining.ask(request)

    assert Event.objects.filter(kind="jst.joining.ask").count() == 1
    assert User.objects.filter(email=ADDRESS).count() == 0
    assert mail.outbox != []
