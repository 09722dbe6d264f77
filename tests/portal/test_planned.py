"""PostgreSQL plans a kept question once for each connection, and answers it as if it were asked plainly."""

import os
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.lookups import IsNull
from django.test.utils import CaptureQueriesContext

from portal.models import User
from portal.prepared import prepared_for_all
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

on_postgres = pytest.mark.skipif(os.environ["TEST_DB"] != "postgres", reason="SQLite prepares nothing")


def named(name, key):
    return User.objects.filter(last_name=name, pk__gte=Value(key))


def asked(name, build, *values):
    """Return (rows, SQL) of one question."""
    with CaptureQueriesContext(connection) as queries:
        rows = prepared_for_all(name, build, *values)
    return rows, [query["sql"] for query in queries]


@on_postgres
def test_a_kept_question_is_executed_by_its_name():
    person = UserFactory(last_name="Nowak")

    first, first_sql = asked("planned.named", named, "Nowak", 0)
    second, second_sql = asked("planned.named", named, "Kowalska", 0)

    assert (first, second) == ([person], [])
    # Preparing it is no question of the page.
    assert [len(first_sql), len(second_sql)] == [1, 1]
    assert second_sql[0].startswith('EXECUTE "planned.named ')
    assert "SELECT" not in second_sql[0]


@pytest.mark.parametrize("name", ["O'Hara", "100 %", "%s", "a\\b", 'say "no"', "Żółć; DROP TABLE x"])
def test_a_value_is_only_a_value(name):
    person = UserFactory(last_name=name)

    assert asked("planned.values", named, name, 0)[0] == [person]
    assert asked("planned.values", named, name, -1)[0] == [person]
    assert asked("planned.values", named, name + "'", person.pk)[0] == []


@on_postgres
def test_what_the_server_cannot_prepare_is_asked_plainly_and_the_transaction_goes_on():
    def told(word):
        # Nothing tells the server of what type this value is.
        return User.objects.filter(IsNull(Value(word), False), last_name="Nowak")

    person = UserFactory(last_name="Nowak")
    with transaction.atomic():
        rows, sql = asked("planned.never", told, "tak")
        again, _sql = asked("planned.never", told, "nie")
        UserFactory(last_name="Wójcik")

    assert (rows, again) == ([person], [person])
    assert sql[0].startswith("SELECT")
    assert User.objects.filter(last_name="Wójcik").exists()


@on_postgres
def test_behind_a_pooler_nothing_is_prepared(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    person = UserFactory(last_name="Nowak")

    rows, sql = asked("planned.pooled", named, "Nowak", 0)

    assert rows == [person]
    assert sql[0].startswith("SELECT")


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_it_anew():
    person = UserFactory(last_name="Nowak")
    assert asked("planned.again", named, "Nowak", 0)[0] == [person]

    connection.close()

    assert asked("planned.again", named, "Nowak", 0)[0] == [person]


def retyped(size):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE portal_user ALTER last_name TYPE varchar({size})")


def forgotten():
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@on_postgres
@pytest.mark.parametrize("lose", [partial(retyped, 301), forgotten], ids=["another type", "forgotten"])
@pytest.mark.django_db(transaction=True)
def test_what_the_server_has_lost_since_is_asked_plainly(lose):
    size = User._meta.get_field("last_name").max_length
    person = UserFactory(last_name="Nowak")
    name = f"planned.lost {lose}"
    assert asked(name, named, "Nowak", 0)[0] == [person]
    lose()
    try:
        assert asked(name, named, "Nowak", 0)[0] == [person]
        rows, sql = asked(name, named, "Nowak", 0)
    finally:
        retyped(size)

    assert (rows, len(sql)) == ([person], 1)
    assert sql[0].startswith("SELECT")


def test_rows_that_were_added_meanwhile_are_found():
    assert asked("planned.fresh", named, "Nowak", 0)[0] == []
    person = UserFactory(last_name="Nowak")
    assert asked("planned.fresh", named, "Nowak", 0)[0] == [person]
