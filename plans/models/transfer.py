"""What a team brings into its plan from a file: kept until its preview is applied or thrown away."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .content import StoredFile
from .plan import PlanVersion


class PlanUpload(models.Model):
    """A spreadsheet of rows, or one section as a text document, waiting to be read over and applied."""

    class Kind(models.TextChoices):
        ROWS = "rows", _("rows from a spreadsheet")
        SECTION = "section", _("a section from a text document")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    section = models.SlugField(_("section"), max_length=40, blank=True)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.stored.name
