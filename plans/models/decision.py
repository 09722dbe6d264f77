"""What ORE decides, prepared first and released later, and what the team must then correct."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.permissions import is_coordinator

from .content import StoredFile
from .plan import Plan, PlanVersion


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Coordinators all; once released, whoever follows the plan and reads the version; nobody else."""
        if is_coordinator(user):
            return self
        return self.filter(
            released_at__isnull=False,
            version__in=PlanVersion.objects.visible_to(user),
            version__plan__in=Plan.objects.visible_to(user),
        )


class Decision(models.Model):
    """A decision on one version. Until it is released it may be changed or dropped, and only ORE sees it."""

    class Outcome(models.TextChoices):
        ACCEPT = "accept", _("accepted")
        RETURN = "return", _("to be corrected")
        REFUSE = "refuse", _("not accepted")

    version = models.OneToOneField(
        PlanVersion, on_delete=models.PROTECT, related_name="decision", verbose_name=_("plan version")
    )
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices)
    reason = models.TextField(_("reason"))
    own_words = models.TextField(_("own words in the letter"), blank=True)
    without_reviews = models.CharField(_("why without all reviews"), max_length=300, blank=True)
    sections = models.JSONField(_("sections to be corrected"), default=list, blank=True)
    due = models.DateField(_("corrections due"), null=True, blank=True)
    report = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("report or letter of ORE"),
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["prepared_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="decision_released_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.version}: {self.get_outcome_display()}"


class ChangeRequest(models.Model):
    """What a return asks for: the sections that open, everything else stays locked."""

    version = models.OneToOneField(PlanVersion, on_delete=models.PROTECT, related_name="change_request")
    sections = models.JSONField(default=list)
    due = models.DateField(_("due"), null=True)

    def __str__(self):
        return f"{self.version}: {', '.join(self.sections)}"


class DeadlineExtension(models.Model):
    """A later deadline for one plan; the latest one counts."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="extensions", verbose_name=_("plan")
    )
    until = models.DateTimeField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("extension of the deadline")
        verbose_name_plural = _("extensions of the deadline")
        ordering = ["at"]

    def __str__(self):
        return str(self.until)
