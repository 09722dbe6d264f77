"""From the lead's form to a member of the team: through the letter, its link and the button."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from jst import invitations
from jst.models import Invitation, JstEvent, Participation, TeamMembership
from jst.workflow import INVITATION
from portal import outbox
from portal.models import Event, Message, User
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.factories import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = "nowa.osoba@urzad.example.org"
FIELDS = {"email": NEW, "first_name": "Ewa", "last_name": "Nowa-Kowalska", "rights": ["is_author"]}
JOIN = {"first_name": "Ewa", "last_name": "Nowa", "password": "cztery konie na strychu"}


def form_address(participation):
    return f"/zespoly/{participation.pk}/zaproszenia/nowe/"


def invited(cast, **fields):
    """An invitation from the lead, as the form makes it."""
    rights = {"is_author": True}
    person = {"email": NEW, "first_name": "Ewa", "last_name": "Nowa"} | rights | fields
    return invitations.invite(cast.participation, by=cast.lead, **person)


def link_in_letter():
    """Send what is due and return the path of the link in the last letter."""
    outbox.send_due()
    return re.search(r"http://testserver(/zaproszenie/\S+)", mail.outbox[-1].body)[1]


def opened(link, client=None):
    """A browser that has followed the link to the page with the button."""
    client = client or Client()
    response = client.get(link)
    assert response.url == "/zaproszenie/"
    return client


def members_of(cast, email=NEW):
    return TeamMembership.objects.filter(participation=cast.participation, person__email=email)


# --- Inviting -----------------------------------------------------------------------------------


def test_the_lead_invites_by_mail_and_the_letter_says_who_where_and_with_which_rights(cast, browse):
    response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"email": NEW.upper()})

    invitation = Invitation.objects.get()
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert (invitation.email, invitation.invited_by) == (NEW, cast.lead)
    assert (invitation.is_lead, invitation.is_author, invitation.is_signatory) == (False, True, False)
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[NEW]]
    for words in [str(cast.lead), "Brzozów", str(cast.participation.edition)]:
        assert words in mail.outbox[0].body
    assert list(JstEvent.objects.values_list("event__kind", "invitation")) == [
        ("jst.invitation.invite", invitation.pk)
    ]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("reader", 403),
        ("author", 403),
        ("signatory", 403),
        ("lead", 200),
        ("former_member", 404),
        ("other_team", 404),
        ("reviewer", 404),
        ("caretaker", 403),
        ("auditor", 403),
        ("coordinator", 200),
        ("administrator", 200),
    ],
)
def test_only_the_lead_and_ore_invite(cast, browse, role, status):
    client = browse(getattr(cast, role, None))

    assert client.get(form_address(cast.participation)).status_code == status
    client.post(form_address(cast.participation), FIELDS)

    assert Invitation.objects.exists() == (status == 200)


def test_the_verb_itself_refuses_an_author(cast):
    with pytest.raises(NotAllowed):
        invitations.invite(cast.participation, email=NEW, first_name="Ewa", last_name="Nowa", by=cast.author)


def test_a_coordinator_invites_the_first_lead_before_the_work_begins_and_after_it_ends_nobody_invites(cast):
    Participation.objects.filter(pk=cast.participation.pk).update(status="qualified")
    invitations.invite(
        cast.participation, email=NEW, first_name="Ewa", last_name="Nowa", is_lead=True, by=cast.coordinator
    )
    with pytest.raises(NotAllowed):
        invited(cast, email="druga@example.org")

    Participation.objects.filter(pk=cast.participation.pk).update(status="withdrew")
    with pytest.raises(TransitionError):
        invitations.invite(
            cast.participation, email="x@example.org", first_name="A", last_name="B", by=cast.coordinator
        )


def test_the_form_answers_alike_whether_the_address_has_an_account_or_not(cast, browse):
    UserFactory(email="zajety@example.org")
    answers = []
    for email in ["wolny@example.org", "zajety@example.org"]:
        response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"email": email})
        answers.append((response.status_code, response.url))

    assert answers[0] == answers[1]
    assert Message.objects.count() == 2


def test_nobody_is_invited_twice_nor_into_a_team_they_are_in(cast, browse):
    invited(cast)
    client = browse(cast.lead)

    assert client.post(form_address(cast.participation), FIELDS).status_code == 422
    taken = FIELDS | {"email": cast.author.email}
    assert client.post(form_address(cast.participation), taken).status_code == 422
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["Jan\r\nBcc: x@evil.example", "[Kliknij](http://evil.example)", "evil.example", "<b>Jan</b>", "Jan2"],
)
def test_a_name_carries_no_address_and_no_header_into_the_letter(cast, browse, name):
    response = browse(cast.lead).post(form_address(cast.participation), FIELDS | {"first_name": name})

    assert response.status_code == 422
    assert Message.objects.count() == 0


def test_twenty_invitations_may_wait_and_forty_letters_leave_in_a_day(cast):
    for number in range(20):
        invited(cast, email=f"osoba{number}@example.org")
    with pytest.raises(TransitionError):
        invited(cast, email="nadmiar@example.org")

    for invitation in Invitation.objects.all():
        invitations.revoke(invitation, by=cast.lead)
    for number in range(20, 40):
        invited(cast, email=f"osoba{number}@example.org")
    with pytest.raises(TransitionError):
        invited(cast, email="nadmiar@example.org")


def test_fields_the_form_does_not_name_change_nothing(cast, browse):
    extra = {
        "status": "accepted",
        "participation": cast.other_participation.pk,
        "letters": 0,
        "is_lead": "on",
    }
    browse(cast.lead).post(form_address(cast.participation), FIELDS | extra)

    invitation = Invitation.objects.get()
    assert (invitation.status, invitation.participation, invitation.letters) == (
        "invited",
        cast.participation,
        1,
    )
    assert not invitation.is_lead


# --- The link -----------------------------------------------------------------------------------


def test_a_scanner_that_opens_the_link_five_times_changes_nothing(cast):
    invitation = invited(cast)
    link = link_in_letter()
    events = Event.objects.count()

    for _number in range(5):
        scanner = opened(link)
        assert scanner.get("/zaproszenie/").status_code == 200

    invitation.refresh_from_db()
    assert (invitation.status, Event.objects.count(), User.objects.filter(email=NEW).count()) == (
        "invited",
        events,
        0,
    )


def test_the_secret_leaves_the_address_at_once_and_is_stored_nowhere(cast):
    invitation = invited(cast)
    link = link_in_letter()
    secret = link.split("/")[-2]
    response = Client().get(link)

    assert (response.status_code, response.url) == (302, "/zaproszenie/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert len(secret) == 43
    stored = [str(row) for model in (Invitation, Message, Event) for row in model.objects.values()]
    assert [row for row in stored if secret in row] == []
    assert invitation.nonce not in secret


def test_the_page_names_who_invites_the_unit_and_the_rights(cast):
    invited(cast)
    page = opened(link_in_letter()).get("/zaproszenie/")

    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    for words in [str(cast.lead), "Brzozów", NEW]:
        assert words in page.content.decode()


# --- Joining ------------------------------------------------------------------------------------


def test_a_new_person_sets_a_password_joins_and_is_signed_in(cast):
    invited(cast)
    client = opened(link_in_letter())
    response = client.post("/zaproszenie/", JOIN)

    person = User.objects.get(email=NEW)
    member = members_of(cast).get()
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert client.get(response.url).context["user"] == person
    assert (person.get_full_name(), person.is_staff, person.check_password(JOIN["password"])) == (
        "Ewa Nowa",
        False,
        True,
    )
    assert (member.is_lead, member.is_author, member.is_signatory, member.until) == (False, True, False, None)
    assert Invitation.objects.get().status == "accepted"
    assert Event.objects.last().kind == "jst.invitation.accept"
    assert Event.objects.last().actor == person


def test_the_new_person_signs_in_later_with_address_and_password(cast):
    invited(cast)
    opened(link_in_letter()).post("/zaproszenie/", JOIN)

    response = Client().post("/konto/login/", {"login": NEW, "password": JOIN["password"]})

    assert (response.status_code, response.url) == (302, "/moje/")


def test_the_lead_is_told_who_joined(cast):
    invited(cast)
    opened(link_in_letter()).post("/zaproszenie/", JOIN)

    letters = Message.objects.filter(event__kind="jst.invitation.accept")
    assert [letter.recipient for letter in letters] == [cast.lead]
    outbox.send_due(timezone.now() + timedelta(hours=1))
    assert mail.outbox[-1].to == [cast.lead.email]
    assert "Ewa Nowa" in mail.outbox[-1].body


@pytest.mark.parametrize("password", ["", "za krótkie", "haslohaslohaslo", "nowa.osoba@urzad"])
def test_a_weak_password_opens_no_account(cast, password):
    invited(cast)
    response = opened(link_in_letter()).post("/zaproszenie/", JOIN | {"password": password})

    assert response.status_code == 422
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.get().status == "invited"


def test_a_person_with_an_account_signs_in_first_and_joins_with_one_button(cast):
    person = UserFactory(email=NEW)
    invited(cast)
    client = opened(link_in_letter())

    asked = client.post("/zaproszenie/", JOIN)
    assert members_of(cast).count() == 0
    assert "/konto/login/?next=/zaproszenie/" in asked.content.decode()
    signed_in = client.post("/konto/login/?next=/zaproszenie/", {"login": NEW, "password": PASSWORD})
    response = client.post(signed_in.url)

    assert signed_in.url == "/zaproszenie/"
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert members_of(cast).get().person == person
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_person_of_one_team_joins_another(cast, browse):
    invitations.invite(
        cast.participation, email=cast.other_team.email, first_name="A", last_name="B", by=cast.lead
    )
    client = opened(link_in_letter(), browse(cast.other_team))
    client.post("/zaproszenie/")

    assert client.get(f"/zespoly/{cast.participation.pk}/").status_code == 200
    assert client.get(f"/zespoly/{cast.other_participation.pk}/").status_code == 200


# --- Links that open nothing --------------------------------------------------------------------


def used(cast, link, browse):
    opened(link).post("/zaproszenie/", JOIN)
    return opened(link)


def revoked(cast, link, browse):
    invitations.revoke(Invitation.objects.get(), by=cast.lead)
    return opened(link)


def expired(cast, link, browse):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    return opened(link)


def older_than_the_last_letter(cast, link, browse):
    invitations.resend(Invitation.objects.get(), by=cast.lead)
    return opened(link)


def wrong_secret(cast, link, browse):
    return opened(link[:-5] + "AAAA/")


def missing(cast, link, browse):
    return opened("/zaproszenie/999999/" + "A" * 43 + "/")


def no_link(cast, link, browse):
    return Client()


def unit_gone(cast, link, browse):
    Participation.objects.update(status="excluded")
    return opened(link)


@pytest.mark.parametrize(
    "way",
    [used, revoked, expired, older_than_the_last_letter, wrong_secret, missing, no_link, unit_gone],
)
def test_every_link_that_opens_nothing_leads_to_the_same_page(cast, browse, way):
    invited(cast)
    client = way(cast, link_in_letter(), browse)
    accounts = User.objects.count()
    seen, tried, control = client.get("/zaproszenie/"), client.post("/zaproszenie/", JOIN), Client()

    plain = without_tokens(control.get("/zaproszenie/"))
    assert (seen.status_code, tried.status_code) == (404, 404)
    assert without_tokens(seen) == without_tokens(tried) == plain
    assert User.objects.count() == accounts


def without_tokens(response):
    return re.sub(r'value="\w{64}"|nonce="[^"]+"|"X-CSRFToken": "\w+"', "", response.content.decode())


def test_somebody_else_signed_in_sees_the_page_of_links_that_open_nothing(cast, browse):
    invited(cast)
    client = opened(link_in_letter(), browse(cast.other_team))
    nothing = browse(cast.other_team)

    assert client.get("/zaproszenie/").status_code == 404
    assert without_tokens(client.get("/zaproszenie/")) == without_tokens(nothing.get("/zaproszenie/"))
    assert client.post("/zaproszenie/", JOIN).status_code == 404
    assert members_of(cast, cast.other_team.email).count() == 0


def test_a_deactivated_account_joins_nothing(cast):
    UserFactory(email=NEW, is_active=False)
    invited(cast)
    client = opened(link_in_letter())
    client.post("/zaproszenie/", JOIN)

    assert members_of(cast).count() == 0


def test_an_invitation_of_somebody_added_meanwhile_gives_no_second_membership(cast, browse):
    person = UserFactory(email=NEW)
    invited(cast)
    MembershipFactory(participation=cast.participation, person=person)

    assert opened(link_in_letter(), browse(person)).post("/zaproszenie/").status_code == 404
    assert members_of(cast).count() == 1


# --- Sending again, withdrawing -----------------------------------------------------------------


def test_the_letter_is_sent_again_with_a_link_that_works(cast, browse):
    invitation = invited(cast)
    first = link_in_letter()
    response = browse(cast.lead).post(f"/zaproszenia/{invitation.pk}/resend/")

    second = link_in_letter()
    assert response.url == f"/zespoly/{cast.participation.pk}/"
    assert first != second
    assert opened(second).post("/zaproszenie/", JOIN).status_code == 302
    assert members_of(cast).count() == 1


def test_an_expired_invitation_lives_again_when_sent_again(cast):
    invitation = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    invitations.resend(invitation, by=cast.lead)

    assert opened(link_in_letter()).get("/zaproszenie/").status_code == 200


def test_five_letters_go_to_one_invited_person(cast, browse):
    invitation = invited(cast)
    client = browse(cast.lead)
    answers = [client.post(f"/zaproszenia/{invitation.pk}/resend/").status_code for _ in range(5)]

    assert answers == [302, 302, 302, 302, 409]
    assert Message.objects.filter(address=NEW).count() == 5


def test_a_letter_not_sent_yet_stays_unsent_once_the_invitation_is_withdrawn(cast):
    invitations.revoke(invited(cast), by=cast.lead)

    assert outbox.send_due() == 0
    assert mail.outbox == []


def test_asking_to_withdraw_changes_nothing_until_the_button(cast, browse):
    invitation = invited(cast)
    address = f"/zaproszenia/{invitation.pk}/revoke/"
    client = browse(cast.lead)

    assert client.get(address).status_code == 200
    assert Invitation.objects.get().status == "invited"
    client.post(address)
    assert Invitation.objects.get().status == "revoked"


@pytest.mark.parametrize(
    ("role", "status"),
    [("author", 403), ("caretaker", 403), ("auditor", 403), ("other_team", 404), ("former_member", 404)],
)
@pytest.mark.parametrize("move", ["resend", "revoke"])
def test_nobody_but_the_lead_and_ore_moves_an_invitation(cast, browse, role, status, move):
    invitation = invited(cast)
    response = browse(getattr(cast, role)).post(f"/zaproszenia/{invitation.pk}/{move}/")

    invitation.refresh_from_db()
    assert (response.status_code, invitation.status, invitation.letters) == (status, "invited", 1)


def test_acceptance_is_no_button_of_the_lead(cast, browse):
    invitation = invited(cast)

    assert browse(cast.lead).post(f"/zaproszenia/{invitation.pk}/accept/").status_code == 404
    with pytest.raises(NotAllowed):
        INVITATION.perform(invitation, "accept", by=cast.lead)


def test_a_used_invitation_is_not_moved_again(cast):
    invitation = invited(cast)
    opened(link_in_letter()).post("/zaproszenie/", JOIN)

    with pytest.raises(AlreadyMoved):
        invitations.revoke(invitation, by=cast.lead)


# --- At once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
@pytest.mark.parametrize("has_account", [False, True])
def test_twenty_sessions_accept_at_once_and_one_becomes_a_member(cast, browse, figures, has_account):
    for number in range(figures(small=2, full=100)):
        email = f"osoba{number}@example.org"
        person = UserFactory(email=email) if has_account else None
        invited(cast, email=email)
        link = link_in_letter()
        clients = [opened(link, browse(person)) for _ in range(20)]
        answers = at_once(clients, lambda client: client.post("/zaproszenie/", JOIN).status_code)

        assert answers.count(302) == 1
        assert set(answers) <= {200, 302, 404}
        assert members_of(cast, email).count() == User.objects.filter(email=email).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_the_control_that_checks_and_then_writes_lets_several_in(cast):
    invitation = invited(cast)

    def check_then_write(_number):
        if Invitation.objects.get().status != "invited":
            return False
        time.sleep(0.02)
        Invitation.objects.filter(pk=invitation.pk).update(status="accepted")
        return True

    assert at_once(range(20), check_then_write).count(True) > 1


def at_once(clients, work):
    barrier = Barrier(len(clients))

    def run(client):
        barrier.wait()
        try:
            return work(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as threads:
        return list(threads.map(run, clients))
