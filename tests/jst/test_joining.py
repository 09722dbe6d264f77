"""From the link in the letter to a member of the team, and the links that lead nowhere."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from jst import invitations
from jst.models import Invitation, Participation
from portal import outbox
from portal.models import Event, Message, User
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.jst.invited import JOIN, NEW, invited, link_in_letter, members_of, opened

pytestmark = pytest.mark.django_db


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


# --- At once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
@pytest.mark.parametrize("has_account", [False, True])
def test_twenty_sessions_accept_at_once_and_one_becomes_a_member(
    cast, browse, figures, has_account, monkeypatch
):
    monkeypatch.setattr(invitations, "LETTERS_PER_DAY", 1000)
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
    invitation, all_have_checked = invited(cast), Barrier(20)

    def check_then_write(_number):
        if Invitation.objects.get().status != "invited":
            return False
        all_have_checked.wait(timeout=30)
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
