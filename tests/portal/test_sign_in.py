"""Ways in: password, letter, second factor. And the ways that stay shut."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal import outbox
from portal.accounts import open_account
from portal.models import Message, User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

LOGIN, RESET = "/konto/login/", "/konto/password/reset/"
ANOTHER = "cztery konie na strychu"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    """The limits of one test must not be used up by another."""
    cache.clear()


def sign_in(client, person, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": person.email, "password": password}, **extra)


def is_in(client):
    return client.get("/moje/").status_code == 200


def letter():
    """Send what is due and return the last letter."""
    outbox.send_due()
    return mail.outbox[-1]


def link_in(body):
    return re.search(r"http://testserver(/konto/\S+)", body)[1]


def same(response):
    """The body without what differs at every request, and without what the person typed."""
    return re.sub(r'\w{64}|[\w.]+@example\.org|nonce="[^"]+"', "", response.content.decode())


# --- Password -----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_address_and_password_lead_to_the_desk(client, change):
    person = UserFactory(email="anna.nowak@example.org")
    response = client.post(LOGIN, {"login": change(person.email), "password": PASSWORD})

    assert response.url == "/moje/"
    assert is_in(client)


def test_whoever_opened_a_private_page_returns_to_it(client, cast):
    page = f"/zespoly/{cast.participation.pk}/"
    asked = client.get(page)
    response = client.post(asked.url, {"login": cast.lead.email, "password": PASSWORD})

    assert asked.url == f"{LOGIN}?next={page}"
    assert response.url == page


@pytest.mark.parametrize(
    "target", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_to_no_other_host(client, target):
    person = UserFactory()
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": target})

    assert response.url == "/moje/"


def test_a_wrong_password_and_a_missing_account_answer_alike(client):
    wrong = sign_in(client, UserFactory(), "nie to hasło, inne")
    missing = client.post(LOGIN, {"login": "nikogo@example.org", "password": "nie to hasło, inne"})

    assert (wrong.status_code, missing.status_code) == (200, 200)
    assert same(wrong) == same(missing)


def test_a_deactivated_account_does_not_sign_in(client):
    sign_in(client, UserFactory(is_active=False))

    assert not is_in(client)


def test_nobody_signs_up(client):
    response = client.post("/konto/signup/", {"email": "nowa@example.org", "password1": ANOTHER})

    assert response.status_code == 200
    assert User.objects.count() == 0


def test_the_portal_answers_to_its_own_name_only(client):
    assert client.get(LOGIN, headers={"host": "evil.example"}).status_code == 400


# --- Guessing -----------------------------------------------------------------------------------


def test_ten_guesses_are_heard_and_the_owner_still_gets_in_from_elsewhere(client):
    owner = UserFactory()
    answers = [
        sign_in(client, owner, f"próba numer {number}, zła", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        for number in range(100)
    ]

    heard = [answer for answer in answers if answer.status_code == 200]
    shut = [answer for answer in answers if answer.status_code == 429]
    assert len(heard) <= 10
    assert len(heard) + len(shut) == 100
    assert {answer["Retry-After"] for answer in shut} == {"300"}
    assert sign_in(client, owner).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.113.7"), owner).url == "/moje/"


def test_guesses_at_many_accounts_from_one_place_are_limited_too(client):
    answers = [sign_in(client, UserFactory(), "haslo, ktore zna kazdy").status_code for _number in range(15)]

    assert answers == [200] * 10 + [429] * 5


def test_a_signed_in_person_cannot_guess_the_old_password(client):
    person = UserFactory()
    sign_in(client, person)
    fields = {"password1": ANOTHER, "password2": ANOTHER}
    answers = [
        client.post("/konto/password/change/", fields | {"oldpassword": f"próba {number}"}).status_code
        for number in range(10)
    ]

    assert 429 in answers
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


# --- Letter -------------------------------------------------------------------------------------


def test_a_forgotten_password_is_set_by_a_letter(client):
    person = UserFactory()
    asked = client.post(RESET, {"email": person.email})
    link = link_in(letter().body)
    page = client.get(link)
    done = client.post(page.url, {"password1": ANOTHER, "password2": ANOTHER})

    assert (asked.status_code, done.status_code) == (302, 302)
    assert link not in page.url
    person.refresh_from_db()
    assert person.check_password(ANOTHER)
    assert mail.outbox[0].to == [person.email]


def test_the_letter_works_once_and_opening_it_changes_nothing(client):
    person = UserFactory()
    client.post(RESET, {"email": person.email})
    link = link_in(letter().body)
    for _number in range(3):
        Client().get(link, follow=True)
    page = client.get(link)
    client.post(page.url, {"password1": ANOTHER, "password2": ANOTHER})
    again = Client()
    second = again.get(link)

    assert second.status_code == 200
    assert second.context["token_fail"] is True


@pytest.mark.parametrize("password", ["krótkie", "haslohaslohaslo"])
def test_the_letter_sets_no_weak_password(client, password):
    person = UserFactory()
    client.post(RESET, {"email": person.email})
    page = client.get(link_in(letter().body))
    response = client.post(page.url, {"password1": password, "password2": password})

    assert response.context["form"].errors
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_asking_for_a_letter_tells_nobody_who_has_an_account(client):
    answers = []
    for email in [UserFactory().email, "nikogo@example.org", UserFactory(is_active=False).email]:
        before = Message.objects.count()
        response = client.post(RESET, {"email": email})
        answers.append((response.status_code, response.url, same(client.get(response.url))))
        assert Message.objects.count() == before + 1

    assert answers[0] == answers[1] == answers[2]


def test_an_unknown_address_gets_the_ways_in(client):
    client.post(RESET, {"email": "nikogo@example.org"})
    sent = letter()

    assert sent.to == ["nikogo@example.org"]
    assert "http://testserver/kontakt/" in sent.body
    assert "/konto/password/reset/key/" not in sent.body


def test_letters_about_signing_in_lose_their_words_once_sent(client):
    client.post(RESET, {"email": UserFactory().email})
    letter()

    assert list(Message.objects.values_list("subject", "body", "status")) == [("", "", "sent")]


def test_a_person_who_lost_the_second_factor_does_not_get_around_it_by_a_letter(client):
    person = with_totp(UserFactory())
    client.post(RESET, {"email": person.email})
    page = client.get(link_in(letter().body))
    client.post(page.url, {"password1": ANOTHER, "password2": ANOTHER})

    assert not is_in(client)


# --- Second factor ------------------------------------------------------------------------------


def with_totp(person):
    """Give the person a second factor whose secret the tests know."""
    person.totp_secret = generate_totp_secret()
    TOTP.activate(person, person.totp_secret)
    return person


def code(person):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(person.totp_secret, counter))


def test_anyone_may_switch_a_second_factor_on(client, cast):
    for person in (cast.reader, cast.coordinator, cast.reviewer):
        browser = Client()
        sign_in(browser, person)
        asked = browser.get("/konto/2fa/totp/activate/")
        page = browser.post(asked.url, {"password": PASSWORD}, follow=True)
        person.totp_secret = page.context["form"].secret
        browser.post("/konto/2fa/totp/activate/", {"code": code(person)})

        assert Authenticator.objects.filter(user=person, type="totp").count() == 1


def test_with_a_second_factor_the_password_alone_opens_nothing(client):
    person = with_totp(UserFactory())
    response = sign_in(client, person)

    assert response.url == "/konto/2fa/authenticate/"
    assert not is_in(client)
    client.post(response.url, {"code": code(person)})
    assert is_in(client)


def test_a_code_counts_once(client):
    person = with_totp(UserFactory())
    used = code(person)
    sign_in(client, person)
    client.post("/konto/2fa/authenticate/", {"code": used})
    thief = Client()
    sign_in(thief, person)
    thief.post("/konto/2fa/authenticate/", {"code": used})

    assert is_in(client)
    assert not is_in(thief)


def test_guessing_codes_is_limited(client):
    person = with_totp(UserFactory())
    sign_in(client, person)
    answers = [
        client.post("/konto/2fa/authenticate/", {"code": f"{number:06d}"}).status_code for number in range(20)
    ]

    assert answers.count(200) <= 10
    assert answers[-1] == 429


# --- Sessions -----------------------------------------------------------------------------------


def test_a_session_planted_before_signing_in_is_not_the_one_after(client):
    client.get("/zaproszenie/1/" + "A" * 43 + "/")
    planted = client.cookies["sessionid"].value
    sign_in(client, UserFactory())

    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_a_cookie_copied_before_signing_out_is_worth_nothing_after(client):
    sign_in(client, UserFactory())
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_in(thief)

    client.post("/konto/logout/")

    assert not is_in(thief)


def test_asking_to_sign_out_signs_nobody_out(client):
    sign_in(client, UserFactory())
    client.get("/konto/logout/")

    assert is_in(client)


def test_a_new_password_ends_the_other_sessions_and_a_letter_says_so(client):
    person = UserFactory()
    other = Client()
    sign_in(client, person)
    sign_in(other, person)

    fields = {"oldpassword": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    client.post("/konto/password/change/", fields)

    assert is_in(client)
    assert not is_in(other)
    assert letter().to == [person.email]


def test_pages_of_signed_in_people_stay_in_no_cache(client):
    sign_in(client, UserFactory())
    response = client.get("/moje/")

    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert "Cookie" in response["Vary"]


# --- Address ------------------------------------------------------------------------------------


def test_an_address_counts_only_once_its_own_link_was_used(client):
    person = open_account("stary@example.org", "Anna", "Nowak", proven=True)
    person.set_password(PASSWORD)
    person.save()
    sign_in(client, person)
    links = []
    for email in ["pierwszy@example.org", "drugi@example.org"]:
        client.post("/konto/email/", {"email": email, "action_add": ""})
        links.append(link_in(letter().body))
        person.refresh_from_db()
        assert person.email == "stary@example.org"

    client.get(links[1])
    person.refresh_from_db()
    assert person.email == "stary@example.org"
    client.post(links[1])
    person.refresh_from_db()
    assert person.email == "drugi@example.org"
    client.post(links[0])
    person.refresh_from_db()
    assert person.email == "drugi@example.org"
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified")) == [
        ("drugi@example.org", True)
    ]
