"""What a project or an edition is to reach, beside what is computed from dated rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .programme import Edition, Project


class Target(models.Model):
    """How much of one indicator a project, or one edition of it, is to reach.

    `indicator` is the code of an indicator (`manage.py report` lists them). Women and men are given where
    the source splits the target.
    """

    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("project"),
    )
    edition = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("edition"),
    )
    indicator = models.SlugField(_("indicator"), max_length=40)
    value = models.PositiveIntegerField(_("target"))
    women = models.PositiveIntegerField(_("of these women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("of these men"), null=True, blank=True)
    is_sample = models.BooleanField(_("a sample, not from a document"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["project", "edition", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["project", "indicator"], name="target_once_per_project"),
            models.UniqueConstraint(fields=["edition", "indicator"], name="target_once_per_edition"),
            models.CheckConstraint(
                condition=Q(project=None, edition__isnull=False) | Q(project__isnull=False, edition=None),
                name="target_of_project_or_edition",
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(men=None) | Q(value=models.F("women") + models.F("men")),
                name="target_is_women_and_men",
            ),
        ]

    def __str__(self):
        return f"{self.indicator}: {self.value}"
