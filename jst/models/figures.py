"""Figures of official statistics about units and schools, each with the file it came from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .imports import RegisterImport
from .register import Jst
from .schools import School


class Population(models.Model):
    """How many people lived in a unit on 31 December of a year, as GUS counts them (rounded to ten)."""

    jst = models.ForeignKey(Jst, on_delete=models.CASCADE, related_name="population")
    year = models.PositiveSmallIntegerField(_("year"))
    people = models.PositiveIntegerField(_("people"))
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    register_import = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("population")
        ordering = ["jst", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["jst", "year"], name="population_once_a_year"),
        ]

    def __str__(self):
        return f"{self.jst} {self.year}: {self.people}"


class ExamResult(models.Model):
    """The result of a school in one subject of the eighth-grade exam of a year, in per cent of points."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="exam_results")
    year = models.PositiveSmallIntegerField(_("year"))
    subject = models.CharField(_("subject"), max_length=40)
    takers = models.PositiveIntegerField(_("takers"))
    mean = models.DecimalField(_("mean"), max_digits=5, decimal_places=2, null=True, blank=True)
    median = models.DecimalField(_("median"), max_digits=5, decimal_places=2, null=True, blank=True)
    deviation = models.DecimalField(
        _("standard deviation"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    register_import = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("exam result")
        verbose_name_plural = _("exam results")
        ordering = ["school", "-year", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "subject"], name="exam_result_once_a_year"),
            models.CheckConstraint(
                condition=Q(mean=None) | (Q(mean__gte=0) & Q(mean__lte=100)), name="exam_mean_in_per_cent"
            ),
            models.CheckConstraint(
                condition=Q(takers__gt=0) | Q(mean=None, median=None), name="exam_mean_of_somebody"
            ),
        ]

    def __str__(self):
        return f"{self.school} {self.year} {self.subject}"
