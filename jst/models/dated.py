"""Facts that hold from one day until another.

`until` is the first day on which a fact no longer holds: one that ends today has ended, and the fact that
takes its place begins today, without a gap and without a day on which both hold.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def today():
    """Return the date in Poland."""
    return timezone.localdate()


class DatedQuerySet(models.QuerySet):
    def on(self, day):
        """Return the facts that hold on `day`."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def lasting(self):
        """Return the facts that hold today or will: those whose end has not come."""
        return self.filter(Q(until=None) | Q(until__gt=today()))

    def today(self):
        return self.on(today())


class Dated(models.Model):
    """A fact with a first day and, once it has ended, the day on which it ended."""

    since = models.DateField(_("from"), default=today)
    until = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="%(app_label)s_%(class)s_dates_in_order",
            )
        ]

    def holds_on(self, day):
        return self.since <= day and (self.until is None or self.until > day)
