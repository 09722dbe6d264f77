"""Experts: who they are, whom they care for, and where they may not judge."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .dated import Dated, DatedQuerySet
from .programme import Edition
from .register import Jst


class Expert(Dated):
    """A person is an expert of the programme from one day to another."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expert", verbose_name=_("person")
    )
    region = models.ForeignKey(
        Jst,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Jst.Kind.W},
        verbose_name=_("voivodeship"),
    )
    capacity = models.PositiveSmallIntegerField(
        _("most units at a time"),
        null=True,
        blank=True,
        help_text=_("How many units the expert is willing to care for at once. Leave empty for no limit."),
    )

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["person__last_name", "person__first_name"]
        constraints = [*Dated.Meta.constraints]

    def __str__(self):
        return str(self.person)


class AssignmentQuerySet(DatedQuerySet):
    def caring(self):
        """The caretakers and those who stand in for them: both read what the team writes."""
        return self.filter(role__in=ExpertAssignment.CARING)

    def overlapping(self, since, until):
        """The assignments with a day in common with the time from `since` until `until` (None: no end)."""
        rows = self.filter(Q(until=None) | Q(until__gt=since))
        return rows if until is None else rows.filter(since__lt=until)


class ExpertAssignment(Dated):
    """An expert works with one participating unit from one day to another.

    A unit has one caretaker at a time; a deputy stands in for some days while the caretaker is absent.
    """

    class Role(models.TextChoices):
        CARETAKER = "caretaker", _("caretaker")
        DEPUTY = "deputy", _("caretaker’s deputy")
        VISITING = "visiting", _("visiting expert")
        ADVISER = "adviser", _("adviser")

    participation = models.ForeignKey(
        "jst.Participation",
        on_delete=models.PROTECT,
        related_name="expert_assignments",
        verbose_name=_("participation"),
    )
    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("expert")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    CARING = frozenset({Role.CARETAKER, Role.DEPUTY})

    objects = AssignmentQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("expert assignment")
        verbose_name_plural = _("expert assignments")
        ordering = ["participation", "-since"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["participation"],
                condition=Q(role="caretaker", until=None),
                name="one_caretaker_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(role="deputy") | Q(until__isnull=False), name="deputy_has_an_end"
            ),
        ]

    def __str__(self):
        return f"{self.expert} – {self.get_role_display()}"


class ConflictDeclaration(models.Model):
    """An expert may not judge this unit: a former employee, kin, or another reason."""

    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="conflicts", verbose_name=_("expert")
    )
    jst = models.ForeignKey(
        Jst, on_delete=models.PROTECT, related_name="+", verbose_name=_("local government")
    )
    reason = models.CharField(_("reason"), max_length=300)
    declared_at = models.DateTimeField(_("declared"), auto_now_add=True)

    class Meta:
        verbose_name = _("declaration of conflict")
        verbose_name_plural = _("declarations of conflict")
        ordering = ["expert", "jst"]
        constraints = [models.UniqueConstraint(fields=["expert", "jst"], name="conflict_declared_once")]

    def __str__(self):
        return f"{self.expert} – {self.jst}"


class ConflictStatement(models.Model):
    """An expert has gone through the units of an edition and declared every conflict, if there is any."""

    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="statements", verbose_name=_("expert")
    )
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="conflict_statements", verbose_name=_("edition")
    )
    stated_at = models.DateTimeField(_("stated"), auto_now_add=True)

    class Meta:
        verbose_name = _("statement about conflicts")
        verbose_name_plural = _("statements about conflicts")
        ordering = ["-stated_at"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "edition"], name="conflicts_stated_once_per_edition")
        ]

    def __str__(self):
        return f"{self.expert} – {self.edition}"
