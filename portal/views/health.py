"""Addresses by which a machine learns whether the portal works."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.utils import timezone

from portal.models import Message


@login_not_required
def alive(request):
    """The process answers."""
    return JsonResponse({"alive": True})


@login_not_required
def ready(request):
    """The database answers, its migrations are applied, and no letter has waited for an hour."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        overdue = Message.objects.due(timezone.now() - timedelta(hours=1)).exists()
    except DatabaseError:
        return JsonResponse({"ready": False, "database": False}, status=503)
    checks = {"database": True, "migrations": migrated, "outbox": not overdue}
    fine = all(checks.values())
    return JsonResponse({"ready": fine} | checks, status=200 if fine else 503)
