"""Information clauses: what people are told about their data, in which version, and who read it when."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class InformationClauseQuerySet(models.QuerySet):
    def in_force(self, day=None):
        """Return the latest version of each purpose whose day has come."""
        come = self.filter(valid_from__lte=day or timezone.localdate())
        newer = come.filter(purpose=models.OuterRef("purpose"), version__gt=models.OuterRef("version"))
        return come.filter(~models.Exists(newer)).order_by("purpose")

    def unread_by(self, person, day=None):
        read = ClauseReading.objects.filter(clause=models.OuterRef("pk"), person=person)
        return self.in_force(day).filter(~models.Exists(read))


class InformationClause(models.Model):
    """One version of one clause: one purpose, one text. It never changes; the next version follows it."""

    purpose = models.CharField(
        _("purpose"), max_length=100, help_text=_("The same words for every version of one clause.")
    )
    version = models.PositiveIntegerField(_("version"), editable=False)
    text = models.TextField(
        _("text"), help_text=_("Plain text: an empty line ends a paragraph, “- ” begins an item of a list.")
    )
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)

    objects = InformationClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("information clause")
        verbose_name_plural = _("information clauses")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="clause_version_once"),
        ]

    def __str__(self):
        return f"{self.purpose}, {self.version}"

    def save(self, **kwargs):
        if self.pk:
            raise ValidationError(
                _("A clause that people may have read does not change: write the next version.")
            )
        super().save(**kwargs)


class ClauseReading(models.Model):
    """A person was shown a version of a clause and said so."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clause_readings"
    )
    clause = models.ForeignKey(InformationClause, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField(_("read"), default=timezone.now)

    class Meta:
        verbose_name = _("reading of a clause")
        verbose_name_plural = _("readings of clauses")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "clause"], name="clause_read_once"),
        ]

    def __str__(self):
        return f"{self.person}: {self.clause}"
