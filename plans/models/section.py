"""The state of each section and every text that was ever sent for it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .plan import PlanVersion


class SectionState(models.Model):
    """Guards all texts and rows of one section: a save names the revision it started from."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="section_states")
    key = models.SlugField(max_length=40)
    revision = models.PositiveIntegerField(default=0)
    filled = models.BooleanField(default=False)
    done = models.BooleanField(_("ready"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looks after the section"),
    )
    due = models.DateField(_("internal due date"), null=True, blank=True)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="section_state_once")]

    def __str__(self):
        return f"{self.key} {self.revision}"


class SectionRevision(models.Model):
    """One text sent for a section, as it came. Refused ones are kept too, so that nothing is lost."""

    class Outcome(models.TextChoices):
        SAVED = "saved", _("saved")
        CONFLICT = "conflict", _("somebody else saved first")
        REFUSED = "refused", _("not understood")
        LOCKED = "locked", _("the section was closed")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="section_revisions")
    key = models.SlugField(max_length=40)
    revision = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    payload = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    request_key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key", "by", "request_key", "digest"], name="section_request_once"
            ),
        ]
        indexes = [models.Index(fields=["version", "key", "by"])]

    def __str__(self):
        return f"{self.key} {self.revision} {self.outcome}"
