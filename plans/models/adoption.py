"""The adoption of an accepted plan by the unit's own bodies: a fact beside the process, not a state of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .content import StoredFile
from .plan import PlanVersion


class AdoptionAct(models.Model):
    """By what act, if any, a unit adopted an accepted version; its number is free text."""

    class Form(models.TextChoices):
        RESOLUTION = "resolution", _("resolution of the council or the board")
        ORDER = "order", _("order of the head of the unit")
        OTHER = "other", _("another act")
        NONE = "none", _("no separate act")

    version = models.OneToOneField(
        PlanVersion, on_delete=models.PROTECT, related_name="adoption", verbose_name=_("plan version")
    )
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    number = models.CharField(_("number of the act"), max_length=100, blank=True)
    adopted_on = models.DateField(_("date"), null=True, blank=True)
    organ = models.CharField(_("who adopted it"), max_length=200, blank=True)
    address = models.URLField(_("address in the public bulletin (BIP)"), max_length=500, blank=True)
    scan = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("scan"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ["-recorded_at"]

    def __str__(self):
        return f"{self.version}: {self.get_form_display()}"
