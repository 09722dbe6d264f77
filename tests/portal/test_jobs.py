"""Background work is done once it is queued, and offered again when its worker died."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from portal import jobs
from portal.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@task()
def rename(pk, name):
    User.objects.filter(pk=pk).update(first_name=name)


@task()
def rename_later(pk, name):
    rename.enqueue(pk, name)


@task()
def fail():
    raise ValueError("no paper")


def the_job():
    return DBTaskResult.objects.get()


def test_a_queued_job_is_run_once():
    user = UserFactory()
    rename.enqueue(user.pk, "Zofia")

    call_command("jobs", "--once")

    user.refresh_from_db()
    assert user.first_name == "Zofia"
    assert the_job().status == "SUCCESSFUL"
    assert jobs.run_queued() == 0


def test_what_a_job_queues_is_run_too():
    user = UserFactory()
    rename_later.enqueue(user.pk, "Zofia")

    assert jobs.run_queued() == 2
    user.refresh_from_db()
    assert user.first_name == "Zofia"


def test_a_job_goes_with_the_transaction_that_queued_it():
    with transaction.atomic():
        fail.enqueue()
        transaction.set_rollback(True)

    assert jobs.run_queued() == 0


def test_a_failure_stays_with_its_reason_and_does_not_stop_the_others():
    user = UserFactory()
    fail.enqueue()
    rename.enqueue(user.pk, "Zofia")

    assert jobs.run_queued() == 2

    failed = DBTaskResult.objects.failed().get()
    assert failed.exception_class_path == "builtins.ValueError"
    assert DBTaskResult.objects.successful().count() == 1


def test_an_idle_loop_only_reads(django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert not jobs.run_next()

    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def die_in_the_middle(minutes_ago, attempts=1):
    """Leave the only job as a worker that was killed leaves it."""
    DBTaskResult.objects.update(
        status="RUNNING",
        started_at=timezone.now() - timedelta(minutes=minutes_ago),
        worker_ids=[f"worker{number}" for number in range(attempts)],
    )


def test_a_job_whose_worker_died_is_run_by_another():
    user = UserFactory()
    rename.enqueue(user.pk, "Zofia")
    die_in_the_middle(minutes_ago=16)

    call_command("jobs", "--once")

    user.refresh_from_db()
    assert user.first_name == "Zofia"
    assert the_job().status == "SUCCESSFUL"


def test_a_job_at_work_is_left_alone():
    rename.enqueue(UserFactory().pk, "Zofia")
    die_in_the_middle(minutes_ago=14)

    assert jobs.offer_again() == 0
    assert the_job().status == "RUNNING"


def test_a_job_that_kills_its_workers_is_given_up():
    rename.enqueue(UserFactory().pk, "Zofia")
    die_in_the_middle(minutes_ago=16, attempts=3)

    assert jobs.offer_again() == 0
    assert (the_job().status, the_job().traceback) == ("FAILED", "Its workers died.")
