"""Who read restricted data about whom, when and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .event import EventCompanion


class AccessRecord(EventCompanion):
    """One reading of restricted data about a person by somebody else; never the data themselves.

    Who read and when is in the event, the reason is the event's comment. It is a companion of the event, so
    a record that is altered or removed shows in the chain.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="access_records",
        verbose_name=_("whose data"),
    )
    matter = models.CharField(_("in what matter"), max_length=100)
    fields = models.JSONField(_("what was read"), default=list)

    class Meta:
        verbose_name = _("reading of restricted data")
        verbose_name_plural = _("readings of restricted data")
        ordering = ["-event__sequence"]

    def __str__(self):
        return f"{self.event_id}"

    def words(self):
        return {"person": self.person}
