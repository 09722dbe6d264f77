"""Projects, the operators that run some of them, and editions: the frame in which units take part."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jst.permissions import is_ore_staff

from .dated import Dated, DatedQuerySet, today
from .register import Jst


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


class Operator(models.Model):
    """A grantee that runs editions for ORE; its staff see and run these only."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    nip = models.CharField(_("NIP"), max_length=10, blank=True)
    voivodeships = models.ManyToManyField(
        Jst,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Jst.Kind.W},
        verbose_name=_("voivodeships"),
    )

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        ordering = ["name"]

    def __str__(self):
        return self.name


class OperatorStaff(Dated):
    """A person works for an operator from one day to another."""

    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="staff", verbose_name=_("operator")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="operator_roles",
        verbose_name=_("person"),
    )

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("operator's employee")
        verbose_name_plural = _("operators' employees")
        ordering = ["operator", "person__last_name", "person__first_name"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["operator", "person"], condition=Q(until=None), name="operator_staff_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.operator}"


class EditionQuerySet(models.QuerySet):
    def of_operator(self, user, day=None):
        """The editions run by an operator whose employee `user` is on `day` (today)."""
        mine = OperatorStaff.objects.on(day or today()).filter(operator=OuterRef("operator"), person=user)
        return self.filter(Exists(mine))

    def at_work(self):
        """The editions that have not ended and in which units take part."""
        from .team import Participation

        busy = Participation.objects.filter(edition=OuterRef("pk"), status__in=Participation.OPEN)
        return self.filter(Exists(busy), until__gte=today())

    def run_by(self, user):
        """The editions of which this person sees every unit: for ORE's staff all, for operators their own."""
        if not user.is_authenticated:
            return self.none()
        return self if is_ore_staff(user) else self.of_operator(user)


class Edition(models.Model):
    class Kind(models.TextChoices):
        PILOT = "pilot", _("pilot")
        COMPETITION = "competition", _("competition")
        ADVISORY = "advisory", _("advisory")

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="editions", verbose_name=_("project")
    )
    operator = models.ForeignKey(
        Operator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="editions",
        verbose_name=_("operator"),
        help_text=_("Leave empty where ORE runs the edition itself."),
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name for addresses and commands"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    team_min = models.PositiveSmallIntegerField(_("smallest team"), default=2)
    team_max = models.PositiveSmallIntegerField(_("largest team"), default=5)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-since", "name"]

    def __str__(self):
        return self.name
