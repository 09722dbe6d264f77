"""A plan and its versions. Who may open which text is decided here and nowhere else."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.models import Expert, Participation
from jst.models.dated import today
from jst.permissions import is_ore_staff
from portal.models import Process, ProcessQuerySet
from portal.prepared import prepared_for_all

from .template import PlanTemplate


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The plans whose progress this person may see: how far, whose turn, until when. Never a text."""
        if not user.is_authenticated:
            return self.none()
        if is_ore_staff(user):
            return self
        near = Participation.objects.near(user)
        return self.filter(Q(participation__in=near) | Q(Exists(reviewed_by(user, OuterRef("pk")))))

    def published(self):
        """Plans with an accepted version that the team agreed to publish."""
        accepted = PlanVersion.objects.filter(plan=OuterRef("pk"), status=PlanVersion.Status.ACCEPTED)
        return self.filter(~Q(published_on=None), Exists(accepted))

    def titled_for(self, user):
        """The plans with the `title` of the newest version that this person may read, else with None."""
        read = PlanVersion.objects.visible_to(user).filter(plan=OuterRef("pk")).order_by("-number")
        return self.annotate(title=Subquery(read.values("title")[:1]))

    def for_list(self):
        return self.select_related("participation__jst", "participation__edition")

    def for_page(self):
        return self.select_related("participation__jst__parent", "participation__edition__setup", "template")


def reviewed_by(user, plan):
    """The reviews of `plan` by which `user`, an expert today, belongs to it."""
    from .review import Review

    experts = Expert.objects.on(today()).filter(person=user)
    return Review.objects.filter(version__plan=plan, expert__in=experts).exclude(status=Review.Status.RECUSED)


class Plan(models.Model):
    """The plan of one participating unit: what all its versions share.

    Title and years are those of its versions: which title, the plan has for a person (`titled_for`).
    """

    class Scope(models.TextChoices):
        WIDE = "wide", _("wide: education as a whole")
        NARROW = "narrow", _("narrow: support of schools only")

    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, related_name="plan", verbose_name=_("participation")
    )
    template = models.ForeignKey(
        PlanTemplate, on_delete=models.PROTECT, related_name="plans", verbose_name=_("plan template")
    )
    scope = models.CharField(_("scope"), max_length=6, choices=Scope.choices)
    published_on = models.DateField(_("published since"), null=True, blank=True, editable=False)
    publishes_later = models.BooleanField(_("later accepted versions too"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["participation__jst__sort_key"]

    def __str__(self):
        return str(self.participation)

    def get_absolute_url(self):
        return reverse("plans:plan", args=[self.pk])

    @property
    def jst(self):
        return self.participation.jst

    def latest(self):
        """Return the newest version, whatever its status."""
        return self.versions.order_by("-number").first()

    def in_force(self):
        """Return the newest accepted version, or None."""
        return self.versions.filter(status=PlanVersion.Status.ACCEPTED).order_by("-number").first()


class PlanVersionQuerySet(ProcessQuerySet):
    def visible_to(self, user):
        """The versions whose text this person may read. Lists, pages, files and exports start here.

        Team and caretaker read all; reviewers, operators and ORE what was sent; everybody what is published.
        """
        published = Q(status=PlanVersion.Status.ACCEPTED) & ~Q(plan__published_on=None)
        if not user.is_authenticated:
            return self.filter(published)
        was_sent = ~Q(status__in=PlanVersion.UNSENT)
        if is_ore_staff(user):
            return self.filter(was_sent)
        near = Participation.objects.of_team(user) | Participation.objects.of_caretaker(user)
        told = Exists(reviewed_by(user, OuterRef("plan"))) | Q(
            plan__participation__in=Participation.objects.of_operator(user)
        )
        return self.filter(Q(plan__participation__in=near) | (was_sent & told) | published)

    def for_page(self):
        return self.select_related(
            "plan__participation__jst__parent", "plan__participation__edition__setup", "plan__template"
        )

    def with_asked_sections(self):
        """Add `asked_sections`: the keys that the return before opens, or None where nothing is locked."""
        before = PlanVersion.objects.filter(plan=OuterRef("plan"), number__lt=OuterRef("number"))
        before = before.exclude(status=PlanVersion.Status.TAKEN_BACK).order_by("-number")
        return self.annotate(asked_sections=Subquery(before.values("change_request__sections")[:1]))


class PlanVersion(Process):
    """One version of a plan, the owner of its content. Sent, it never changes again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being written")
        AWAITING_SIGNATURE = "awaiting_signature", _("waiting for a signature")
        SENT = "sent", _("sent to ORE")
        TAKEN_BACK = "taken_back", _("taken back")
        IN_REVIEW = "in_review", _("in review")
        RETURNED = "returned", _("returned for correction")
        ACCEPTED = "accepted", _("accepted")
        NOT_ACCEPTED = "not_accepted", _("not accepted")

    EDITABLE = frozenset({Status.DRAFT})
    UNSENT = frozenset({Status.DRAFT, Status.AWAITING_SIGNATURE})
    OPEN = frozenset({Status.DRAFT, Status.AWAITING_SIGNATURE, Status.SENT, Status.IN_REVIEW})
    DECIDED = frozenset({Status.RETURNED, Status.ACCEPTED, Status.NOT_ACCEPTED})
    ABOUT = ("title", "year_from", "year_to")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", verbose_name=_("plan"))
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=300)
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_to = models.PositiveSmallIntegerField(_("last year"))
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    register_number = models.CharField(_("number"), max_length=30, unique=True, null=True, editable=False)  # noqa: DJ001
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    sha256 = models.CharField(_("Digest (SHA-256)"), max_length=64, blank=True, editable=False)
    comparison = models.JSONField(null=True, editable=False)
    document = models.FileField(upload_to="plans/%Y", null=True, editable=False)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(status__in=["draft", "awaiting_signature", "sent", "in_review"]),
                name="plan_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft",
                        "awaiting_signature",
                        "sent",
                        "taken_back",
                        "in_review",
                        "returned",
                        "accepted",
                        "not_accepted",
                    ]
                ),
                name="version_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "awaiting_signature"]) | Q(sent_at=None),
                name="version_unsent_has_no_time",
            ),
            models.CheckConstraint(
                condition=Q(year_to__gte=models.F("year_from")), name="version_years_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.plan} ({self.number})"

    def get_absolute_url(self):
        return reverse("plans:version", args=[self.plan_id, self.number])

    @property
    def years(self):
        return range(self.year_from, self.year_to + 1)

    def about(self):
        """Return title and years by name: what the next version begins with."""
        return {name: getattr(self, name) for name in self.ABOUT}

    def before(self):
        """Return the version this one was copied from, or None for the first."""
        return self.plan.versions.filter(number__lt=self.number).order_by("-number").first()

    def read_before(self):
        """Return the version that ORE read last before this one, or None; one taken back does not count."""
        found = prepared_for_all("plans.read_before", versions_before, self.plan_id, self.number)
        if not found:
            return None
        found[0].plan = self.plan
        return found[0]


def versions_before(plan, number):
    earlier = PlanVersion.objects.filter(plan=plan, number__lt=Value(number)).defer("comparison")
    return earlier.exclude(status=PlanVersion.Status.TAKEN_BACK).order_by("-number")[:1]


class NumberSequence(models.Model):
    """The last number given in a year; held by the UPDATE that takes the next."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.year}: {self.last}"

    @classmethod
    def next(cls, year):
        """Return the next number of the year; without gaps, as it rolls back with its transaction."""
        cls.objects.get_or_create(year=year)
        cls.objects.filter(year=year).update(last=models.F("last") + 1)
        return cls.objects.get(year=year).last
