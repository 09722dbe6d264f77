"""Projects, the operators that run some of them, and editions: the frame in which units take part."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jst.permissions import is_ore_staff
from jst.pictures import check_picture

from .dated import Dated, DatedQuerySet, today
from .register import Jst


class Competition(models.Model):
    """A call of the programme's institution from which projects of operators came.

    Sources disagree about calls (domain.md §0), so nothing follows from one: what each says is kept in words.
    """

    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    projects_since = models.DateField(_("its projects began"), null=True, blank=True)
    allocation = models.DecimalField(
        _("allocation, PLN"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    voivodeships = models.ManyToManyField(
        Jst,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Jst.Kind.W},
        verbose_name=_("voivodeships"),
    )
    source_note = models.TextField(_("what the sources say"), blank=True)

    class Meta:
        verbose_name = _("competition call")
        verbose_name_plural = _("competition calls")
        ordering = ["projects_since", "number"]

    def __str__(self):
        return self.title


class Project(models.Model):
    """A grant: ORE's own, or that of an operator chosen in a competition."""

    class Stage(models.TextChoices):
        CONCEPT = "concept", _("concept and pilot")
        COMPETITION = "competition", _("competition projects")
        SECOND = "second", _("second stage: advisory model")
        OTHER = "other", pgettext_lazy("projects", "other")

    class Reporting(models.TextChoices):
        NONE = "none", _("no report to a state system")
        SL2014 = "sl2014", "SL2014"
        SM_EFS = "sm_efs", "SM EFS"

    number = models.CharField(_("number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.OTHER)
    competition = models.ForeignKey(
        Competition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("competition call"),
    )
    programme = models.CharField(_("programme"), max_length=60, blank=True)
    measure = models.CharField(_("measure"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    budget = models.DecimalField(_("budget, PLN"), max_digits=14, decimal_places=2, null=True, blank=True)
    partner = models.CharField(_("partner"), max_length=200, blank=True)
    reporting = models.CharField(
        _("reporting"), max_length=8, choices=Reporting.choices, default=Reporting.NONE
    )
    source_note = models.TextField(_("what the sources say"), blank=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["since", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="project_dates_in_order"),
        ]

    def __str__(self):
        return self.title


class LogoLine(Dated):
    """The line of logos that a project must show, as its owner supplied it, from one day to another."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="logo_lines", verbose_name=_("project")
    )
    picture = models.FileField(_("picture (PNG or JPG)"), upload_to="logos/", validators=[check_picture])
    alternative = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the logos say, for people who do not see them. For example: the names, in order."),
    )

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("line of logos")
        verbose_name_plural = _("lines of logos")
        ordering = ["project", "-since"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["project"], condition=Q(until=None), name="logo_line_open_once"),
        ]

    def __str__(self):
        return self.alternative


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
    """One run of the programme within a project. How its plans are written is said in `plans`."""

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
    voivodeships = models.ManyToManyField(
        Jst,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Jst.Kind.W},
        verbose_name=_("voivodeships"),
        help_text=_("Leave empty where units of the whole country may take part."),
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-since", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="edition_dates_in_order"),
            models.CheckConstraint(
                condition=Q(team_max__gte=F("team_min")), name="edition_team_sizes_in_order"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("jst:edition", args=[self.slug])
