"""Official files that were brought in: what each was, what it changed, which rows could not be used."""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _

from jst.permissions import is_ore_staff
from portal.models import Process, ProcessQuerySet


class Source(models.TextChoices):
    """The official registers that the portal reads."""

    TERC = "terc", _("TERC: units of local government (GUS)")
    JST = "jst", _("offices of local governments (MSWiA)")
    RSPO = "rspo", _("RSPO: schools and institutions (CIE)")
    POPULATION = "population", _("population (GUS)")
    EXAMS = "exams", _("exam results (CKE)")


class RegisterImport(models.Model):
    """One official file: what it was, what it changed and which rows were set aside."""

    source = models.CharField(_("register"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("Digest (SHA-256)"), max_length=64)
    as_of = models.DateField(_("as of"))
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("register import")
        verbose_name_plural = _("register imports")
        ordering = ["-applied_at"]

    def __str__(self):
        return f"{self.source} {self.as_of}"

    def get_absolute_url(self):
        return reverse("jst:register_import", args=[self.pk])

    @property
    def source_name(self):
        """The register in words; the demonstration has a small one of its own."""
        return Source(self.source).label if self.source in Source.values else _("a register for show")


class RegisterChange(models.Model):
    """One difference that an import made: in which unit or school, what, before and after.

    `code` is the key of the register: the TERC code of a unit, the RSPO number of a school. `row` is the
    spreadsheet's number of the row that said so, where the change came from a row.
    """

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="changes")
    code = models.CharField(_("code"), max_length=7, db_index=True)
    name = models.CharField(_("name"), max_length=300)
    what = models.CharField(_("what changed"), max_length=20)
    before = models.CharField(_("before"), max_length=300, blank=True)
    after = models.CharField(_("after"), max_length=300, blank=True)
    row = models.PositiveIntegerField(_("row"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of a register")
        verbose_name_plural = _("changes of a register")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.code} {self.what}"


class RejectedRow(models.Model):
    """One cell that could not be right, of a row that was set aside by choice."""

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="rejected")
    row = models.PositiveIntegerField(_("row"))
    column = models.CharField(_("column"), max_length=100, blank=True)
    value = models.CharField(_("value"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("row set aside")
        verbose_name_plural = _("rows set aside")
        ordering = ["row", "pk"]

    def __str__(self):
        return f"{self.row} {self.column}"


def upload_path(upload, name):
    """Return where an uploaded file is kept: under a name nobody can guess, with its own as the last part."""
    path = PurePath(name.replace("\\", "/"))
    stem = "".join(c for c in path.stem if c.isprintable())[:100] or "plik"
    return f"registers/{uuid.uuid4().hex}/{get_valid_filename(stem + path.suffix.lower()[:10])}"


class RegisterUploadQuerySet(ProcessQuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated and is_ore_staff(user) else self.none()

    def at_work(self):
        return self.filter(status__in=[RegisterUpload.Status.UPLOADED, RegisterUpload.Status.APPLYING])


class RegisterUpload(Process):
    """An official file that staff bring in by the browser: checked, looked at, then applied or dropped.

    What the check found is kept in `lines` until the file is applied or dropped.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("being checked")
        CHECKED = "checked", _("checked")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        FAILED = "failed", _("cannot be used")
        DROPPED = "dropped", _("dropped")

    source = models.CharField(_("register"), max_length=20, choices=Source.choices)
    file = models.FileField(_("file"), upload_to=upload_path, max_length=300)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("Digest (SHA-256)"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked"), null=True)
    as_of = models.DateField(_("as of"), null=True)
    counts = models.JSONField(_("counts"), default=dict)
    differences = models.PositiveIntegerField(_("differences"), default=0)
    # Rows that cannot be used: the file is applied only with the choice to set them aside.
    unusable = models.PositiveIntegerField(_("rows that cannot be used"), default=0)
    set_aside = models.BooleanField(_("rows set aside"), default=False)
    refusal = models.TextField(_("why it cannot be used"), blank=True)
    register_import = models.OneToOneField(
        RegisterImport, on_delete=models.PROTECT, null=True, related_name="upload"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.UPLOADED, editable=False
    )

    objects = RegisterUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded register file")
        verbose_name_plural = _("uploaded register files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="applying"), name="one_register_import_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["uploaded", "checked", "applying", "applied", "failed", "dropped"]),
                name="register_upload_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_source_display()}: {self.file_name}"

    def get_absolute_url(self):
        return reverse("jst:upload", args=[self.pk])


class UploadLine(models.Model):
    """One line of what the check of a file found: a difference, or a cell that cannot be right."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("difference")
        REJECTED = "rejected", _("row that cannot be used")

    upload = models.ForeignKey(RegisterUpload, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    row = models.PositiveIntegerField(_("row"), null=True)
    sentence = models.CharField(_("difference"), max_length=900, blank=True)
    column = models.CharField(_("column"), max_length=100, blank=True)
    value = models.CharField(_("value"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["upload", "kind"], name="upload_lines_by_kind")]

    def __str__(self):
        return self.sentence or f"{self.row} {self.column}"
