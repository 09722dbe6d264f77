"""A code by letter: every address is answered by mail and sees the same page."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from portal.models import Message
from tests.factories import UserFactory
from tests.portal.test_sign_in import code, is_in, letter, with_totp
from tests.test_access import comparable

pytestmark = pytest.mark.django_db

ASK, CONFIRM = "/konto/login/code/", "/konto/login/code/confirm/"


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


def code_in(body):
    return re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", body, re.MULTILINE)[1]


def test_the_code_signs_in(client):
    person = UserFactory()
    client.post(ASK, {"email": person.email})
    sent = letter()
    answer = client.post(CONFIRM, {"code": code_in(sent.body)})

    assert sent.to == [person.email]
    assert answer.url == "/moje/"
    assert is_in(client)


def test_the_code_works_in_the_browser_that_asked_alone_and_once(client):
    person = UserFactory()
    client.post(ASK, {"email": person.email})
    given = code_in(letter().body)
    thief = Client()
    thief.post(CONFIRM, {"code": given})
    client.post(CONFIRM, {"code": given})
    again = Client()
    again.post(ASK, {"email": person.email})
    again.post(CONFIRM, {"code": given})

    assert (is_in(thief), is_in(client), is_in(again)) == (False, True, False)


def test_every_address_is_answered_by_mail_and_sees_the_same_page():
    answers = []
    for email in [UserFactory().email, "nikogo@example.org", UserFactory(is_active=False).email]:
        browser = Client()
        asked = browser.post(ASK, {"email": email})
        page = browser.get(asked.url)
        wrong = browser.post(CONFIRM, {"code": "ABCDEF"})
        bodies = [comparable(answer)[1].replace(email, "") for answer in (page, wrong)]
        answers.append((asked.status_code, asked.url, page.status_code, wrong.status_code, bodies))
        assert email in page.content.decode()
        assert Message.objects.filter(address=email).count() == 1

    assert answers[0] == answers[1] == answers[2]
    assert "spam" in answers[0][4][0]
    assert "minutes" in answers[0][4][0]


def test_an_unknown_address_gets_the_three_ways_in(client):
    client.post(ASK, {"email": "nikogo@example.org"})
    body = letter().body

    for words in ["ask the lead", "http://testserver/dolacz/", "http://testserver/kontakt/"]:
        assert words in body


def test_three_wrong_codes_end_it(client):
    person = UserFactory()
    client.post(ASK, {"email": person.email})
    right = code_in(letter().body)
    for _number in range(3):
        client.post(CONFIRM, {"code": "ABCDEF"})
    client.post(CONFIRM, {"code": right})

    assert not is_in(client)


def test_a_second_factor_is_asked_for_all_the_same(client):
    person = with_totp(UserFactory())
    client.post(ASK, {"email": person.email})
    answer = client.post(CONFIRM, {"code": code_in(letter().body)})

    assert answer.url == "/konto/2fa/authenticate/"
    assert not is_in(client)
    client.post(answer.url, {"code": code(person)})
    assert is_in(client)


def test_the_letter_loses_its_code_once_sent(client):
    client.post(ASK, {"email": UserFactory().email})
    letter()

    assert list(Message.objects.values_list("subject", "body", "status")) == [("", "", "sent")]


def test_the_fourth_letter_within_minutes_is_refused():
    person = UserFactory()
    answers = [Client(REMOTE_ADDR=f"203.0.113.{n}").post(ASK, {"email": person.email}) for n in range(5)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429, 429]


def test_the_code_of_a_letter_is_offered_on_the_page_of_signing_in(client):
    page = client.get("/konto/login/?next=/moje/").content.decode()

    assert f'action="{ASK}"' in page
