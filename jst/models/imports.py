"""Official files that were brought in: what each was, what it changed, which rows could not be used."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
