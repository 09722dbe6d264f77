"""Projects and their editions: the frame in which units take part."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Project(models.Model):
    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    programme = models.CharField(_("programme"), max_length=60, blank=True)
    measure = models.CharField(_("measure"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    budget = models.DecimalField(_("budget, PLN"), max_digits=14, decimal_places=2, null=True, blank=True)
    partner = models.CharField(_("partner"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["since", "number"]

    def __str__(self):
        return self.title


class Edition(models.Model):
    class Kind(models.TextChoices):
        PILOT = "pilot", _("pilot")
        COMPETITION = "competition", _("competition")
        ADVISORY = "advisory", _("advisory")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="editions", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name for addresses and commands"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    team_min = models.PositiveSmallIntegerField(_("smallest team"), default=2)
    team_max = models.PositiveSmallIntegerField(_("largest team"), default=5)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-since", "name"]

    def __str__(self):
        return self.name
