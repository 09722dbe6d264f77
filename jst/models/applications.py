"""Applications of units to a call: what was declared, how it was scored and what was decided."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import Process, ProcessQuerySet
from portal.spelling import full_name

from .recruitment import Call, ScoringCriterion
from .register import Jst
from .schools import School
from .team import Participation, TeamMembership

PERSON = settings.AUTH_USER_MODEL


class ApplicationQuerySet(ProcessQuerySet):
    def sent(self):
        """Those that have been sent, whatever became of them."""
        return self.exclude(number=None)

    def visible_to(self, user):
        """The applicant sees their own; who runs the edition and ORE's staff what was sent."""
        if not user.is_authenticated:
            return self.none()
        received = Q(call__in=Call.objects.run_by(user), number__isnull=False)
        return self.filter(received | Q(applicant=user))

    def waiting_list(self, call):
        """The reserve list of a call, in its order."""
        return self.filter(call=call, status=Application.Status.RESERVE).order_by("position")

    def with_points(self):
        return self.annotate(points=Sum("scores__points"))


class Application(Process):
    """One unit's application to one call. It belongs to the person who fills it in.

    A draft may hold anything; what was sent never changes. Numbers follow the order of commits.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("application", "draft")
        SENT = "sent", pgettext_lazy("application", "sent")
        ACCEPTED = "accepted", pgettext_lazy("application", "accepted")
        RESERVE = "reserve", _("on the reserve list")
        OFFERED = "offered", _("a place is offered")
        REFUSED = "refused", pgettext_lazy("application", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
        LAPSED = "lapsed", _("the offer lapsed")

    # Those that keep other applications of the same unit out.
    STANDING = (Status.SENT, Status.ACCEPTED, Status.RESERVE, Status.OFFERED, Status.REFUSED, Status.LAPSED)

    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="applications", verbose_name=_("call for applications")
    )
    applicant = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    jst = models.ForeignKey(
        Jst,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("local government"),
    )
    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_function = models.CharField(_("function in the office"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    statement = models.BooleanField(_("statement"), default=False)
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    position = models.PositiveIntegerField(_("place on the reserve list"), null=True, editable=False)
    offered_until = models.DateTimeField(_("the offer is valid until"), null=True, editable=False)
    offered_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    participation = models.OneToOneField(
        Participation, on_delete=models.PROTECT, null=True, related_name="application", editable=False
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["call", "number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="application_number_once"),
            models.UniqueConstraint(
                fields=["call", "jst"],
                condition=Q(status__in=["sent", "accepted", "reserve", "offered", "refused", "lapsed"]),
                name="application_once_per_unit",
            ),
            models.UniqueConstraint(
                fields=["call", "applicant"], condition=Q(status="draft"), name="application_one_draft"
            ),
            models.UniqueConstraint(
                fields=["call", "position"], condition=Q(status="reserve"), name="application_position_once"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(number__isnull=False, sent_at__isnull=False, jst__isnull=False),
                name="application_numbered_once_sent",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offered_until__isnull=False),
                name="application_offer_has_an_end",
            ),
        ]

    def __str__(self):
        return f"{self.jst.full_name if self.jst else self.applicant}: {self.call}"

    def get_absolute_url(self):
        return reverse("jst:application", args=[self.pk])

    @property
    def reference(self):
        """The number by which the office and the ORE speak of it: `nabor-2027/0012`."""
        return f"{self.call.slug}/{self.number:04d}" if self.number else ""

    @property
    def offer_is_open(self):
        return self.status == self.Status.OFFERED and timezone.now() < self.offered_until


class ApplicationSchool(models.Model):
    """A school that the unit declares; once the unit takes part its `SchoolScope` says what it became."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="schools")
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="declared", verbose_name=_("school")
    )

    class Meta:
        verbose_name = _("declared school")
        verbose_name_plural = _("declared schools")
        ordering = ["school__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["application", "school"], name="school_declared_once"),
        ]

    def __str__(self):
        return str(self.school)


class ApplicationPerson(models.Model):
    """A person whom the unit declares for its team: what an invitation needs, and nothing more."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="people")
    position = models.PositiveSmallIntegerField(default=1)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    function = models.CharField(_("function in the office"), max_length=150, blank=True)
    role_kind = models.CharField(
        _("kind of role"), max_length=12, choices=TeamMembership.RoleKind.choices, blank=True
    )
    is_lead = models.BooleanField(_("leads the team"), default=False)
    is_author = models.BooleanField(_("writes the plan"), default=False)
    is_signatory = models.BooleanField(_("signs the plan"), default=False)

    class Meta:
        verbose_name = _("declared person")
        verbose_name_plural = _("declared people")
        ordering = ["position", "pk"]

    def __str__(self):
        return full_name(self.first_name, self.last_name, self.email)

    rights = TeamMembership.rights


class ApplicationScore(models.Model):
    """The points given to an application under one criterion, and why."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(ScoringCriterion, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(_("points"))
    rationale = models.TextField(_("rationale"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["application", "criterion"], name="criterion_scored_once"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.points}"


class ApplicationDecision(models.Model):
    """What was decided about an application: prepared first, told to nobody, and released later."""

    class Outcome(models.TextChoices):
        ACCEPT = "accept", pgettext_lazy("application", "accepted")
        RESERVE = "reserve", _("on the reserve list")
        REFUSE = "refuse", pgettext_lazy("application", "refused")

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome.choices)
    position = models.PositiveIntegerField(
        _("place on the reserve list"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    reason = models.TextField(_("reason"))
    over_quota = models.CharField(_("why beyond the quota"), max_length=300, blank=True)
    prepared_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now)
    released_at = models.DateTimeField(_("released"), null=True)

    class Meta:
        verbose_name = _("decision on an application")
        verbose_name_plural = _("decisions on applications")
        ordering = ["prepared_at"]

    def __str__(self):
        return f"{self.application}: {self.get_outcome_display()}"


def in_two_days():
    return timezone.now() + timedelta(days=2)


class ApplicantLink(models.Model):
    """A letter by which somebody without an account proves an address and begins an application.

    Only the digest of the link's secret is kept; the row is removed a day after the link has ended.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="links")
    email = models.EmailField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=in_two_days)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="applicant_link_digest_once")]

    def __str__(self):
        return f"{self.email} ({self.call})"
