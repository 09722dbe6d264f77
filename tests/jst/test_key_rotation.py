"""The key of restricted data is changed while people read and write: nothing is unreadable."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from jst import participants
from jst.models import ParticipantData, ParticipantDataSetup, ParticipantValue
from portal.encryption import Unreadable, decrypt, encrypt, keyed_index, masked
from tests.factories import EditionFactory, MembershipFactory, ParticipationFactory

OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))
PESEL = "44051401359"


@pytest.fixture
def people(settings):
    """People with data under the old key; every process knows the new one already."""
    settings.DATA_KEYS = [OLD]
    participation = ParticipationFactory(edition=EditionFactory())
    project = participation.edition.project
    ParticipantDataSetup.objects.create(
        project=project,
        profile="sl2014",
        fields=["town", "house"],
        purpose="x",
        legal_basis="y",
        pesel=True,
        pesel_basis="z",
    )
    found = [MembershipFactory(participation=participation).person for _number in range(6)]
    given = {"town": ("given", "Opole"), "house": ("given", "1"), "pesel": ("given", PESEL)}
    for person in found:
        participants.save_answers(person, project, given, by=person)
    settings.DATA_KEYS = [NEW, OLD]
    return project, found


def rotate():
    out = StringIO()
    call_command("rotate-data-key", stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
def test_afterwards_the_old_key_may_go(people, settings):
    project, found = people
    assert rotate() == "Encrypted with the first key: 18. Unreadable: 0."

    settings.DATA_KEYS = [NEW]

    assert [participants.answers_of(person, project)["pesel"][1] for person in found] == [PESEL] * 6
    assert set(ParticipantData.objects.values_list("pesel_index", flat=True)) == {keyed_index("pesel", PESEL)}


@pytest.mark.django_db
def test_a_value_of_a_key_that_is_lost_is_counted_and_left(people, settings):
    settings.DATA_KEYS = [NEW]
    before = sorted(ParticipantValue.objects.values_list("token", flat=True))

    with pytest.raises(CommandError, match="keep the old key"):
        rotate()

    assert sorted(ParticipantValue.objects.values_list("token", flat=True)) == before


@pytest.mark.django_db
def test_a_value_that_was_altered_is_not_read(settings):
    settings.DATA_KEYS = [NEW]
    token = encrypt("Opole")
    middle = len(token) // 2
    altered = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]

    assert decrypt(token) == "Opole"
    with pytest.raises(Unreadable):
        decrypt(altered)
    assert encrypt("Opole") != token
    assert masked(PESEL) == "•••••••1359"


def under_load(project, found, rounds, work):
    """Read and write on threads of their own while `work` runs; return how many reads failed."""
    stop, failed = threading.Event(), []

    def busy(number):
        person, turn = found[number], 0
        try:
            while not stop.is_set() or turn < rounds:
                turn += 1
                try:
                    participants.answers_of(person, project)
                    given = {"town": ("given", f"Opole {turn}")}
                    participants.save_answers(person, project, given, by=person)
                except Unreadable:
                    failed.append(person.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(found)) as threads:
        done = [threads.submit(busy, number) for number in range(len(found))]
        try:
            work()
        finally:
            stop.set()
        [one.result() for one in done]
    return len(failed)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_nothing_is_unreadable_while_the_key_is_changed(people, settings, figures):
    project, found = people
    rounds = figures(small=3, full=100)

    unreadable = under_load(project, found[:4], rounds, rotate)
    settings.DATA_KEYS = [NEW]

    assert unreadable == 0
    for person in found:
        assert participants.answers_of(person, project)["pesel"] == ("given", PESEL)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_control_dropping_the_old_key_too_early_is_noticed(people, settings):
    project, found = people
    settings.DATA_KEYS = [NEW]

    assert under_load(project, found[:2], 3, lambda: None) > 0
