"""Experts: who they are, whom they care for, and where they may not judge."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .dated import Dated, DatedQuerySet
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

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["person__last_name", "person__first_name"]
        constraints = [*Dated.Meta.constraints]

    def __str__(self):
        return str(self.person)


class ExpertAssignment(Dated):
    """An expert works with one participating unit from one day to another."""

    class Role(models.TextChoices):
        CARETAKER = "caretaker", _("caretaker")
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

    objects = DatedQuerySet.as_manager()

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
