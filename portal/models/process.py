"""What every object that moves through a process has in common."""

from django.db import models
from django.utils import timezone


class ProcessQuerySet(models.QuerySet):
    def claim(self, obj, statuses):
        """Hold the row for the rest of this transaction, if it still has one of `statuses`.

        A plain UPDATE rather than select_for_update(): SQLite has no row locks, while an
        UPDATE makes writers wait for each other on both databases.
        """
        return bool(self.filter(pk=obj.pk, status__in=statuses).update(changed_at=timezone.now()))


class Process(models.Model):
    """An object with a status that only `portal.workflow` changes."""

    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        abstract = True
