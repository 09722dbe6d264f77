"""Data of participants that a project must report: what is collected, what people gave, all encrypted."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jst.participant_fields import FIELDS, PESEL
from jst.permissions import is_coordinator

from .programme import Edition, Project
from .team import TeamMembership


class Profile(models.TextChoices):
    SL2014 = "sl2014", "SL2014"
    SM_EFS = "sm_efs", "SM EFS"


class ParticipantDataSetupQuerySet(models.QuerySet):
    def asking(self, person):
        """The projects that collect data of this person: in a team of one of their editions, then or now."""
        mine = TeamMembership.objects.filter(
            participation__edition__project=OuterRef("project"), person=person
        )
        return self.filter(Exists(mine))

    def read_by(self, user):
        """The projects whose data this person may read: ORE's coordinators all, operators theirs."""
        if is_coordinator(user):
            return self
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(project__editions__in=Edition.objects.of_operator(user)).distinct()


class ParticipantDataSetup(models.Model):
    """Which data a project collects, for what purpose and by what law. PESEL is off by default."""

    project = models.OneToOneField(
        Project, on_delete=models.PROTECT, related_name="data_setup", verbose_name=_("project")
    )
    profile = models.CharField(_("reported in"), max_length=10, choices=Profile.choices)
    dictionary = models.CharField(
        _("version of the dictionaries"),
        max_length=20,
        default="1",
        help_text=_("The answers to choose from are rows of this version; staff may edit them."),
    )
    fields = models.JSONField(_("data collected"), default=list)
    pesel = models.BooleanField(_("PESEL is collected"), default=False)
    pesel_basis = models.TextField(
        _("legal basis for PESEL"),
        blank=True,
        help_text=_("The provision that names the PESEL number. Without one it is not collected."),
    )
    purpose = models.TextField(_("purpose"), help_text=_("The participant reads it above the questions."))
    legal_basis = models.TextField(_("legal basis"))

    objects = ParticipantDataSetupQuerySet.as_manager()

    class Meta:
        verbose_name = _("data collected by a project")
        verbose_name_plural = _("data collected by projects")
        ordering = ["project__since", "project__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pesel=False) | ~Q(pesel_basis=""), name="pesel_only_with_legal_basis"
            )
        ]

    def __str__(self):
        return str(self.project)

    def get_absolute_url(self):
        return reverse("jst:participants", args=[self.project_id])

    def switched_on(self):
        """Return the fields that are asked, in the order of the registry; nothing else is."""
        names = {*self.fields, *([PESEL] if self.pesel else [])}
        return [field for field in FIELDS if field.name in names]

    def needed(self):
        """Return the fields without which a participant cannot be reported."""
        return [field for field in self.switched_on() if not field.optional]


class FieldOption(models.Model):
    """One answer to choose from: the words of a profile's dictionary in one of its versions."""

    profile = models.CharField(_("reported in"), max_length=10, choices=Profile.choices)
    version = models.CharField(_("version of the dictionaries"), max_length=20, default="1")
    field = models.CharField(_("field"), max_length=30)
    value = models.CharField(_("answer"), max_length=200)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("answer to choose from")
        verbose_name_plural = _("answers to choose from")
        ordering = ["profile", "version", "field", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "version", "field", "value"], name="field_option_once")
        ]

    def __str__(self):
        return self.value


class ParticipantData(models.Model):
    """What one person gave one project about themselves; the values are in `ParticipantValue`, encrypted."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participant_data"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participant_data")
    saved_at = models.DateTimeField(auto_now=True)
    # By it equal PESEL numbers are found; without the key it says nothing.
    pesel_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("data of a participant")
        verbose_name_plural = _("data of participants")
        constraints = [
            models.UniqueConstraint(fields=["person", "project"], name="participant_data_once_per_project")
        ]

    def __str__(self):
        return f"{self.pk}"


class ParticipantValue(models.Model):
    """One answer: an encrypted value, an explicit refusal, or the word that there is none to give."""

    class Answer(models.TextChoices):
        GIVEN = "given", _("given")
        REFUSED = "refused", _("refused")
        NONE = "none", _("has none")

    data = models.ForeignKey(ParticipantData, on_delete=models.CASCADE, related_name="values")
    field = models.CharField(max_length=30)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    token = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["data", "field"], name="participant_value_once"),
            models.CheckConstraint(
                condition=(Q(answer="given") & ~Q(token=""))
                | (Q(answer__in=["refused", "none"]) & Q(token="")),
                name="participant_value_given_or_not",
            ),
        ]

    def __str__(self):
        return f"{self.field}: {self.answer}"
