"""The commands on the small demo, built once for this file; none of them changes it."""

import json

import pytest
from django.core.management import call_command
from django.db import transaction

from portal import audit, benchmark
from portal.models import Event, Message, User


@pytest.fixture(scope="module")
def small_demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", "--scale", "small", "--no-serve")
        yield
        transaction.set_rollback(True)


def stored():
    return User.objects.count(), Event.objects.count(), Message.objects.count()


def test_the_demo_prints_one_json_document_with_everybody_who_can_sign_in(small_demo, capsys):
    call_command("demo", "--scale", "small", "--no-serve", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert printed["url"] == "http://testserver/"
    assert {"lead", "reviewer", "coordinator", "auditor"} <= {row["role"] for row in printed["accounts"]}
    for account in printed["accounts"]:
        assert sorted(account) == ["email", "name", "password", "role", "totp"]
        person = User.objects.get(email=account["email"])
        assert (str(person), person.check_password(account["password"])) == (account["name"], True)


def test_the_demo_is_built_once(small_demo):
    before = stored()

    call_command("demo", "--scale", "small", "--no-serve")

    assert stored() == before


def test_the_demo_leaves_a_whole_history_and_no_letter_to_send(small_demo):
    assert audit.verify() == (Event.objects.count(), None)
    assert not Message.objects.filter(status="ready").exists()


def test_the_benchmark_measures_every_page_and_changes_nothing(small_demo, capsys, monkeypatch):
    monkeypatch.setattr(benchmark, "ROUNDS", 1)
    monkeypatch.setattr(benchmark, "BLOCK", 1)
    before = stored()

    call_command("benchmark", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert printed["f2_over_f1"] > 1
    measured = [row for row in printed["pages"] if "ratio" in row]
    assert measured[0]["page"] == "empty page with all our middleware"
    assert [row for row in measured if row["status"] not in {200, 302, 303}] == []
    assert stored() == before
