"""Events that are about a person, not about a process."""

from django.conf import settings
from django.db import models

from .event import EventCompanion


class PersonEvent(EventCompanion):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events_about"
    )

    def __str__(self):
        return str(self.event)

    def words(self):
        return {"person": self.person}
