"""Nobody finds out who has an account: the same status, the same body, the same work for every address (T17).

The suite compares bodies over a few requests; with PORTAL_SOAK set each path is asked 300 times for a present
and an absent address in turn, and the area under the curve of the times must be 0.40 to 0.60.
"""

import re
import time
from statistics import median

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from jst import invitations
from portal.accounts import open_account
from portal.models import Message, User
from tests.factories import PASSWORD, UserFactory
from tests.jst.invited import FIELDS
from tests.test_access import comparable

pytestmark = pytest.mark.django_db


def login(cast, email):
    client = Client()
    return client, lambda: client.post("/konto/login/", {"login": email, "password": "nie to hasło, inne"})


def reset(cast, email):
    client = Client()
    return client, lambda: client.post("/konto/password/reset/", {"email": email})


def code(cast, email):
    client = Client()
    return client, lambda: client.post("/konto/login/code/", {"email": email})


def join_request(cast, email):
    client = Client()
    fields = {"email": email, "first_name": "Jan", "last_name": "Lis"}
    return client, lambda: client.post(f"/dolacz/{cast.participation.pk}/", fields)


def invitation(cast, email):
    client = Client()
    client.force_login(cast.lead, "allauth.account.auth_backends.AuthenticationBackend")
    where = f"/zespoly/{cast.participation.pk}/zaproszenia/nowe/"
    return client, lambda: client.post(where, FIELDS | {"email": email})


def change_of_address(cast, email):
    person = UserFactory(email=f"zmieniam{User.objects.count():06d}@example.org", last_name="Zmiana")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    return client, lambda: client.post("/konto/email/", {"email": email, "action_add": ""})


WAYS = [login, reset, code, join_request, invitation, change_of_address]


def answered(cast, way, email):
    """Ask once; return what the asker sees but for the address, the seconds, and the letters written."""
    cache.clear()
    client, ask = way(cast, email)
    before = Message.objects.count()
    start = time.perf_counter()
    answer = ask()
    seconds = time.perf_counter() - start
    seen = [comparable(answer)]
    if answer.status_code == 302:
        seen = [(answer.status_code, answer.url), comparable(client.get(answer.url))]
    # The page repeats what was typed, and names who is signed in.
    told = [
        (status, re.sub(r"zmieniam\d+", "", body).replace(email, ""))
        if isinstance(body, str)
        else (status, body)
        for status, body in seen
    ]
    return told, seconds, Message.objects.count() - before


def area(first, second):
    """Return how likely a time of `first` is above one of `second`: a half where they are alike."""
    above = sum((a > b) + (a == b) / 2 for a in first for b in second)
    return above / len(first) / len(second)


@pytest.mark.races
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_present_and_an_absent_address_are_told_apart_by_nothing(cast, settings, figures, way, monkeypatch):
    settings.ACCOUNT_RATE_LIMITS = False
    monkeypatch.setattr(invitations, "LETTERS_PER_DAY", 10_000)
    rounds = figures(small=2, full=300)
    if rounds > 2:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    answered(cast, way, "rozgrzewka@example.org")
    times = {"present": [], "absent": []}
    for number in range(rounds):
        present = f"obecna.osoba{number}@example.org"
        open_account(present, "Obecna", "Osoba")
        kinds = [("present", present), ("absent", f"nieobecna.osoba{number}@example.org")]
        told = {}
        for kind, email in kinds if number % 2 else reversed(kinds):
            told[kind], seconds, letters = answered(cast, way, email)
            times[kind].append(seconds)
            assert letters == (0 if way is login else 1)
            cast.participation.invitations.all().update(status="revoked")
        if way is invitation:
            told = {kind: [first for first, *_rest in [page]] for kind, page in told.items()}
        assert told["present"] == told["absent"]
    auc = area(times["present"], times["absent"])
    print(f"{way.__name__}: {rounds} rounds, AUC {auc:.3f}, {median(times['present']) * 1000:.1f} ms")
    if rounds > 2:
        assert 0.40 <= auc <= 0.60


def test_the_control_that_works_only_for_known_addresses_is_told_apart():
    slow, fast = [0.02 + n / 1000 for n in range(50)], [0.01 + n / 1000 for n in range(50)]

    assert not 0.40 <= area(slow, fast) <= 0.60
