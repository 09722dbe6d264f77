"""Background work: queued as rows with the change that needs it, run by `manage.py jobs`.

A job may run twice and must not mind: one whose worker died is offered again.
"""

import os
import platform
import uuid
from datetime import timedelta

from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

# Longer than any job takes, so that nothing still at work is taken for dead.
LIMIT = timedelta(minutes=15)
MAX_ATTEMPTS = 3
RUNNING = TaskResultStatus.RUNNING


def run_next():
    """Run one queued job, if there is one; return whether there was. A failure stays on its row."""
    ready = DBTaskResult.objects.ready()
    # The worker of django-tasks-db looks under an exclusive lock; an idle loop of ours only reads.
    if not (job := ready.first()):
        return False
    name = f"{platform.node()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    mine = ready.filter(pk=job.pk)
    if mine.update(status=RUNNING, started_at=timezone.now(), worker_ids=[*job.worker_ids, name]):
        job.refresh_from_db()
        worker(name).run_task(job)
    return True


def worker(name):
    return Worker(
        queue_names=[DEFAULT_TASK_QUEUE_NAME],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=1,
        worker_id=name,
        excluded_queue_names=[],
    )


def run_queued():
    """Run every queued job, also those that the jobs themselves queue; return how many were run."""
    done = 0
    while run_next():
        done += 1
    return done


def offer_again(now=None):
    """Queue again the jobs whose worker died; one that was tried often enough counts as failed."""
    now = now or timezone.now()
    offered = 0
    for job in DBTaskResult.objects.running().filter(started_at__lt=now - LIMIT):
        # Conditional, so that a job that has just ended or was offered by another loop is left alone.
        same = DBTaskResult.objects.running().filter(pk=job.pk, started_at=job.started_at)
        if len(job.worker_ids) >= MAX_ATTEMPTS:
            same.update(status=TaskResultStatus.FAILED, finished_at=now, traceback="Its workers died.")
        else:
            offered += same.update(status=TaskResultStatus.READY)
    return offered
