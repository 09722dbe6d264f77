"""Accounts that look alike are found by keys, scored, and told in words."""

import time

import pytest
from django.core.management import call_command

from jst import duplicates
from jst.merges import mark_distinct
from jst.models import LikelyDuplicate, ParticipantData
from portal.benchmark import tallied
from portal.models import User
from tests.factories import MembershipFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def found():
    duplicates.find_duplicates()
    return {
        (row.first.email, row.second.email): (row.score, row.reasons)
        for row in LikelyDuplicate.objects.select_related("first", "second")
    }


def person(email, first="Łucja", last="Żak"):
    return UserFactory(email=email, first_name=first, last_name=last)


def test_the_same_name_in_the_same_unit_is_likely_one_person():
    one, other = person("l.zak@gmina.example"), person("kontakt@zak.example", "Lucja", "ZAK")
    team = MembershipFactory(person=one).participation
    MembershipFactory(person=other, participation=team)

    assert found() == {(one.email, other.email): (95, ["name_and_unit", "name"])}


def test_a_common_name_alone_is_not_enough():
    person("jeden@gmina.example")
    person("dwa@powiat.example")

    assert found() == {}


def test_addresses_that_differ_in_dots_and_digits_are_found():
    person("jan.kowalski@gmina.example", "Jan", "Kowalski")
    person("jkowalski@gmina.example", "Jan", "Kowal")
    person("jankowalski2+ore@gmina.example", "J.", "Kowalski")
    person("jan-kowalski@gmina.example", "Ewa", "Lis")

    assert found() == {
        ("jan.kowalski@gmina.example", "jankowalski2+ore@gmina.example"): (55, ["email", "part_of_name"])
    }


def test_the_same_mailbox_elsewhere_counts_with_the_same_name():
    person("lucja.zak@gmina.example")
    person("lucja.zak@poczta.example")
    person("lucja.zak@inna.example", "Ewa", "Nowa")

    assert found() == {("lucja.zak@gmina.example", "lucja.zak@poczta.example"): (50, ["mailbox", "name"])}


def test_the_same_pesel_index_is_certain_and_not_read():
    one, other = person("a@gmina.example", "Ewa", "Lis"), person("b@gmina.example", "Maria", "Wrona")
    for someone in (one, other):
        ParticipantData.objects.create(person=someone, project=ProjectFactory(), pesel_index="a" * 64)

    assert found() == {(one.email, other.email): (100, ["pesel"])}
    assert [str(reason) for reason in duplicates.in_words(["pesel"])] == ["the same PESEL number"]


@pytest.fixture
def administrator(cast):
    """The cast without its two reviewers, whose addresses differ in a digit only."""
    User.objects.filter(pk=cast.other_reviewer.pk).update(email="ktos@example.org")
    return cast.administrator


def test_pairs_told_apart_and_closed_accounts_are_not_found_again(administrator):
    one, other = person("lucja.zak@gmina.example"), person("lucjazak@gmina.example")
    assert len(found()) == 1

    mark_distinct(one, other, by=administrator)
    assert found() == {}
    third = person("lucja-zak@gmina.example")
    assert len(found()) == 2
    User.objects.filter(pk=third.pk).update(is_active=False)
    assert found() == {}


def test_a_new_search_replaces_the_last_one():
    one = person("lucja.zak@gmina.example")
    person("lucjazak@gmina.example")
    found()
    User.objects.filter(pk=one.pk).update(email="calkiem.inna@gmina.example")

    assert found() == {}


def test_a_key_that_hundreds_share_says_nothing():
    User.objects.bulk_create(
        User(email=f"sekretariat{number}@szkola.example", first_name="Jan", last_name="Nowak")
        for number in range(duplicates.MOST_OF_ONE_KEY + 1)
    )

    assert found() == {}


def test_many_people_cost_their_number_and_not_its_square(figures):
    count = figures(small=1_000, full=10_000)
    people = User.objects.bulk_create(
        User(
            email=f"o{number:05d}x{'abcdefghij'[number % 10] * 7}@u{number}.example",
            first_name="A",
            last_name=f"N{number}",
        )
        for number in range(count)
    )
    twin = people[7]
    person(twin.email.replace("@", "9@"), twin.first_name, twin.last_name)

    with tallied() as tally:
        begun = time.monotonic()
        assert len(found()) == 1
        spent = time.monotonic() - begun

    assert tally.queries < 20
    assert spent < 30


def test_the_command_and_the_button_search(administrator, browse, capsys):
    person("lucja.zak@gmina.example")
    person("lucjazak@gmina.example")
    call_command("duplicates")
    assert capsys.readouterr().out == "Pairs found: 1.\n"
    LikelyDuplicate.objects.all().delete()

    assert browse(administrator).post("/osoby/duplikaty/").status_code == 302
    call_command("jobs", "--once")

    assert LikelyDuplicate.objects.count() == 1
