"""Two accounts of one person: pairs that look alike, pairs that were merged, pairs that are two people."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.models import EventCompanion


class LikelyDuplicate(models.Model):
    """A pair that looks like one person, how much so and why; found anew by every search."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    # Names of the rules of `jst.duplicates`, told in words where they are shown.
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-score", "first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likely_duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likely_duplicate_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id}, {self.second_id}: {self.score}"


class MergedPerson(EventCompanion):
    """One account was closed because another is the same person's; the event says what moved."""

    kept = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merged")
    dropped = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merged_into"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="merged_person_is_another"),
        ]

    def __str__(self):
        return f"{self.dropped_id} → {self.kept_id}"

    def words(self):
        return {"person": self.kept}


class DistinctPeople(EventCompanion):
    """An administrator has said that two accounts alike belong to two people; they are not offered again."""

    first = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_people_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_people_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id}, {self.second_id}"

    def words(self):
        return {"person": f"{self.first}, {self.second}"}
