"""What the operator's commands promise: what they print, their exit status, and that they can be repeated."""

import json
import subprocess

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line

from portal import audit, benchmark, demo
from portal.models import Event, Message, User
from tests.factories import UserFactory
from tests.processes import MANAGE


@pytest.mark.parametrize("command", ["report", "export", "remind", "backup", "restore", "privacy"])
def test_a_command_that_is_promised_and_not_there_says_so(command):
    done = subprocess.run([*MANAGE, command, "--json"], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{command}: not available yet\n")


@pytest.mark.parametrize(
    "arguments", [["audit"], ["audit", "forge"], ["demo", "--scale", "huge"], ["outbox", "--twice"]]
)
def test_wrong_arguments_end_with_status_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", *arguments])

    assert (ended.value.code, capsys.readouterr().out) == (2, "")


def test_the_national_demo_is_not_there_yet(capsys):
    with pytest.raises(SystemExit) as ended:
        execute_from_command_line(["manage.py", "demo", "--scale", "national"])

    assert ended.value.code == 2
    assert capsys.readouterr().err == "CommandError: demo --scale national: not available yet\n"


@pytest.mark.django_db
def test_the_demo_is_not_built_beside_other_people():
    UserFactory()

    with pytest.raises(CommandError, match=r"^The database holds other people"):
        call_command("demo", "--no-serve")


@pytest.mark.django_db
def test_the_demo_is_refused_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="unset PORTAL_PRODUCTION"):
        call_command("demo", "--no-serve")

    assert demo.is_empty()


@pytest.fixture
def small_demo(db):
    call_command("demo", "--scale", "small", "--no-serve")


def test_the_demo_prints_one_json_document_with_everybody_who_can_sign_in(small_demo, client, capsys):
    capsys.readouterr()
    call_command("demo", "--scale", "small", "--no-serve", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert printed["url"] == "http://testserver/"
    assert {"lead", "reviewer", "coordinator", "auditor"} <= {row["role"] for row in printed["accounts"]}
    for account in printed["accounts"]:
        assert sorted(account) == ["email", "name", "password", "role", "totp"]
        person = User.objects.get(email=account["email"])
        assert (str(person), person.check_password(account["password"])) == (account["name"], True)


def test_the_demo_leaves_a_whole_history_and_no_letter_to_send(small_demo):
    assert audit.verify() == (Event.objects.count(), None)
    assert not Message.objects.filter(status="ready").exists()


def test_the_demo_is_built_once(small_demo):
    before = set(User.objects.values_list("pk", flat=True)), Event.objects.count()

    call_command("demo", "--scale", "small", "--no-serve")

    assert (set(User.objects.values_list("pk", flat=True)), Event.objects.count()) == before


def test_one_click_signs_in_as_anybody_of_the_demo_and_as_nobody_else(small_demo, client, settings):
    settings.DEMO = True
    stranger = UserFactory()

    assert client.post("/demo/wejdz/", {"email": stranger.email}).status_code == 404
    response = client.post("/demo/wejdz/", {"email": "lider@demo.example"})

    assert (response.status_code, response["Location"]) == (302, "/moje/")
    assert client.session["_auth_user_id"] == str(User.objects.get(email="lider@demo.example").pk)


def test_outside_the_demo_there_is_no_such_door(small_demo, client):
    assert client.post("/demo/wejdz/", {"email": "lider@demo.example"}).status_code == 404


def test_the_benchmark_measures_every_page_and_changes_nothing(small_demo, capsys, monkeypatch):
    monkeypatch.setattr(benchmark, "ROUNDS", 1)
    monkeypatch.setattr(benchmark, "BLOCK", 1)
    before = Event.objects.count(), Message.objects.count()
    capsys.readouterr()

    call_command("benchmark", "--json")

    printed = json.loads(capsys.readouterr().out)
    assert printed["f2_over_f1"] > 1
    measured = [row for row in printed["pages"] if "ratio" in row]
    assert measured[0]["page"] == "empty page with all our middleware"
    assert all(row["status"] in {200, 302, 303} for row in measured)
    assert (Event.objects.count(), Message.objects.count()) == before
