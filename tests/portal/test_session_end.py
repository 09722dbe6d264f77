"""How long a session lasts: it is told, it is made longer by one request, and a day is its most."""

import json
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.sessions import SIGNED_IN_AT
from tests.factories import UserFactory
from tests.portal.test_sign_in import is_in, sign_in
from tests.situations import started_plan

pytestmark = pytest.mark.django_db

HOUR = 60 * 60
WHERE = reverse("account_session")


@pytest.fixture
def client():
    """A browser whose owner has just signed in by the form."""
    client = Client()
    sign_in(client, UserFactory())
    return client


def row(client):
    return Session.objects.get(session_key=client.cookies["sessionid"].value)


def hours_left(client):
    return round((row(client).expire_date - timezone.now()).total_seconds() / HOUR, 2)


def leave(client, seconds, signed_in=0):
    """Let the session end in so many seconds, of somebody who signed in so many seconds ago."""
    session = client.session
    session[SIGNED_IN_AT] = int(time.time()) - signed_in
    session.save()
    Session.objects.filter(pk=session.session_key).update(
        expire_date=timezone.now() + timedelta(seconds=seconds)
    )


def asked(client):
    return json.loads(client.get(WHERE).content)


def extended(client):
    return json.loads(client.post(WHERE).content)


def test_a_session_ends_half_a_day_after_signing_in_whatever_is_done_in_it(client):
    assert hours_left(client) == 12
    leave(client, 3 * HOUR, signed_in=9 * HOUR)
    for address in (reverse("desk"), reverse("contact"), WHERE):
        client.get(address)

    assert hours_left(client) == 3


def test_one_request_makes_it_half_a_day_longer(client):
    leave(client, 200, signed_in=12 * HOUR - 200)
    told = asked(client)
    assert 190 <= told["left"] <= 200
    assert told["at"] == timezone.localtime(row(client).expire_date).strftime("%H:%M")
    assert told["may_be_longer"] is True

    answer = extended(client)
    assert answer["left"] == pytest.approx(12 * HOUR, abs=5)
    assert answer["at"] == timezone.localtime(row(client).expire_date).strftime("%H:%M")
    assert hours_left(client) == 12
    assert is_in(client)


def test_a_day_after_signing_in_it_is_not_made_longer(client):
    leave(client, 200, signed_in=23 * HOUR)
    assert extended(client)["left"] == pytest.approx(HOUR, abs=5)
    assert hours_left(client) == 1
    again = extended(client)
    assert again["left"] == pytest.approx(HOUR, abs=5)
    assert again["may_be_longer"] is False

    leave(client, 200, signed_in=24 * HOUR + 1)
    client.post(WHERE)
    assert not is_in(client)


def test_no_other_change_of_the_session_passes_the_day(client):
    leave(client, 200, signed_in=23 * HOUR)
    session = client.session
    session["anything"] = 1
    session.save()

    assert hours_left(client) == 1


def test_a_session_of_an_earlier_release_counts_its_day_from_the_first_time(client):
    session = client.session
    del session[SIGNED_IN_AT]
    session.save()
    client.post(WHERE)

    assert client.session[SIGNED_IN_AT] == pytest.approx(time.time(), abs=5)


def test_what_has_ended_or_was_signed_out_is_not_made_longer(client):
    copied = Client()
    copied.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    assert copied.post(WHERE).status_code == 302
    assert copied.post(WHERE, headers={"HX-Request": "true"}).status_code == 401
    assert not is_in(copied)

    sign_in(client, UserFactory())
    leave(client, -1)
    assert client.post(WHERE, headers={"HX-Request": "true"}).status_code == 401
    assert not is_in(client)


def test_a_page_that_tries_on_with_a_dead_session_takes_no_cookie_away(client):
    """Its answer may come after that of the other tab, where the person has just signed in again."""
    for ended in (False, True):
        if ended:
            Session.objects.all().delete()
        tries = [client.post(WHERE, headers={"HX-Request": "true"}), client.get(reverse("desk"))]
        assert [one.status_code for one in tries] == ([401, 302] if ended else [200, 200])
        # The page one goes to still clears up.
        assert ["sessionid" in one.cookies for one in tries] == [not ended, ended]


def test_a_link_elsewhere_makes_nothing_longer(client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = client.cookies["sessionid"].value
    leave(client, 200)

    assert strict.post(WHERE).status_code == 403
    assert hours_left(client) < 0.1


def test_to_make_a_session_longer_proves_nobody_anew(client):
    """Who is to see a PESEL number has given the password in the last five minutes; a key pressed is none."""
    session = client.session
    methods = [dict(one, at=time.time() - 600) for one in session["account_authentication_methods"]]
    session["account_authentication_methods"] = methods
    session.save()
    client.post(WHERE)

    assert client.session["account_authentication_methods"] == methods
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))


def test_every_page_of_a_signed_in_person_knows_the_end_and_asks_nothing_for_it(cast, browse, settings):
    plan = started_plan(cast)
    addresses = [reverse("plans:section", args=[plan.pk, "wizja"]), reverse("desk"), reverse("contact")]
    counts = {}
    for engine in ("django.contrib.sessions.backends.db", "portal.sessions"):
        settings.SESSION_ENGINE = engine
        client = browse(cast.lead)
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                page = client.get(address).content.decode()
            counts.setdefault(address, []).append(len(captured))
            if engine == "portal.sessions":
                left = int(page.split('data-left="')[1].split('"')[0])
                assert left == pytest.approx(12 * HOUR, abs=60)

    assert all(plain == ours for plain, ours in counts.values())


def test_the_administration_and_no_visitor_is_told(cast, browse):
    assert "session-end" in browse(cast.administrator).get("/admin/").content.decode()
    assert "session-end" not in browse(None).get(reverse("contact")).content.decode()
