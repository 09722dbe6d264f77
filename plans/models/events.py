from django.db import models

from portal.models import EventCompanion

from .flag import Flag
from .plan import Plan, PlanVersion
from .review import Remark, Review


class PlanEvent(EventCompanion):
    """What an event of this app is about: always a plan, and more where it applies."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, related_name="events")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="events")
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, null=True, related_name="events")
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, null=True, related_name="events")

    def __str__(self):
        return str(self.event)

    def words(self):
        """Return what the sentence of the history names besides the person who acted."""
        return {"version": self.version.number if self.version else ""}
