"""What the operator's commands promise: what they print, their exit status, and that they can be repeated."""

import subprocess

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.utils import timezone

from portal import demo
from tests.factories import UserFactory
from tests.processes import MANAGE


@pytest.mark.parametrize("command", ["export", "backup", "restore", "retention"])
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
def people(db):
    """The people of the demo, one for each role, without anything they did."""
    built = demo.Demo(scale="small", seed=1, day=timezone.localdate())
    demo.build(built)
    return built.people


def test_one_click_signs_in_as_anybody_of_the_demo_and_as_nobody_else(people, client, settings):
    settings.DEMO = True
    stranger = UserFactory()

    assert client.post("/demo/wejdz/", {"email": stranger.email}).status_code == 404
    response = client.post("/demo/wejdz/", {"email": "lider@demo.example"})

    assert (response.status_code, response["Location"]) == (302, "/moje/")
    assert client.session["_auth_user_id"] == str(people["lead"].pk)


def test_outside_the_demo_there_is_no_such_door(people, client):
    assert client.post("/demo/wejdz/", {"email": "lider@demo.example"}).status_code == 404
