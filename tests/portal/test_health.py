"""Addresses by which a machine learns whether the portal works."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal.models import Message

pytestmark = pytest.mark.django_db

FINE = {"ready": True, "database": True, "migrations": True, "outbox": True}


def test_the_process_answers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/zdrowie/zyje")

    assert response.json() == {"alive": True}


def test_all_is_well(client):
    response = client.get("/zdrowie/gotowe")

    assert (response.status_code, response.json()) == (200, FINE)


def test_a_migration_that_is_not_applied_is_told(client):
    [newest] = MigrationLoader(connection).graph.leaf_nodes("plans")
    MigrationRecorder.Migration.objects.filter(app=newest[0], name=newest[1]).delete()

    response = client.get("/zdrowie/gotowe")

    assert (response.status_code, response.json()) == (503, FINE | {"ready": False, "migrations": False})


@pytest.mark.parametrize(("minutes", "fine"), [(59, True), (61, False)])
def test_a_letter_that_nobody_took_for_an_hour_is_told(client, minutes, fine):
    Message.objects.create(address="a@example.org", ready_at=timezone.now() - timedelta(minutes=minutes))

    assert client.get("/zdrowie/gotowe").json() == FINE | {"ready": fine, "outbox": fine}


def test_a_letter_that_the_mail_server_refuses_is_no_fault_of_the_portal(client, settings):
    settings.EMAIL_BACKEND = "tests.portal.test_outbox.RefusingBackend"
    from portal import outbox

    long_ago = timezone.now() - timedelta(hours=3)
    Message.objects.create(address="a@example.org", subject="A", body="B", ready_at=long_ago)
    outbox.send_due()

    assert client.get("/zdrowie/gotowe").json() == FINE
