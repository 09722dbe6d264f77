"""Calls for applications: when units may apply for an edition, on which terms, and how many are taken."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.permissions import is_ore_staff

from .programme import Edition
from .register import Jst

SCHEDULED, OPEN, CLOSED = "scheduled", "open", "closed"
# A team is invited at once: more people than this would be turned away by the limits of invitations.
MOST_PEOPLE = 15


class CallQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody sees the published calls; who runs an edition its unpublished ones too."""
        if user.is_authenticated and is_ore_staff(user):
            return self
        published = Q(is_published=True)
        if user.is_authenticated:
            published |= Q(edition__in=Edition.objects.of_operator(user))
        return self.filter(published)

    def run_by(self, user):
        """The calls whose applications this person reads: those of the editions they see as a whole."""
        return self.filter(edition__in=Edition.objects.run_by(user))


class Call(models.Model):
    """A call for applications to one edition. Nothing is received before it opens or after it closes."""

    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, related_name="calls", verbose_name=_("edition")
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("short name for addresses"), max_length=60, unique=True)
    about = models.TextField(_("what the call is about"), blank=True)
    opens = models.DateTimeField(_("opens"))
    closes = models.DateTimeField(_("closes"))
    places = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1)])
    offer_days = models.PositiveSmallIntegerField(
        _("days to answer an offer from the reserve list"), default=5, validators=[MinValueValidator(1)]
    )
    people_min = models.PositiveSmallIntegerField(
        _("fewest people"), default=2, validators=[MinValueValidator(1)]
    )
    people_max = models.PositiveSmallIntegerField(
        _("most people"), default=5, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    schools_min = models.PositiveSmallIntegerField(_("fewest schools"), default=1)
    schools_max = models.PositiveSmallIntegerField(_("most schools"), null=True, blank=True)
    has_samples = models.BooleanField(
        _("the questions and criteria are samples"),
        default=True,
        help_text=_("The page of the call says so until this is unmarked."),
    )
    is_published = models.BooleanField(_("shown to everybody"), default=False)
    # Applications are numbered in the order in which they were committed.
    last_number = models.PositiveIntegerField(default=0, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for applications")
        verbose_name_plural = _("calls for applications")
        ordering = ["-opens", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="call_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(people_max__gte=F("people_min")), name="call_people_limits_in_order"
            ),
            models.CheckConstraint(
                condition=Q(schools_max=None) | Q(schools_max__gte=F("schools_min")),
                name="call_school_limits_in_order",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("jst:call", args=[self.slug])

    def phase(self, now=None):
        """Return whether the call is `scheduled`, `open` or `closed`: open from `opens`, until `closes`."""
        now = now or timezone.now()
        if now < self.opens:
            return SCHEDULED
        return OPEN if now < self.closes else CLOSED

    @property
    def is_open(self):
        return self.phase() == OPEN

    @property
    def has_opened(self):
        return self.phase() != SCHEDULED

    @property
    def offer_lasts(self):
        return timedelta(days=self.offer_days)


class EligibilityQuestion(models.Model):
    """One question of the self-check: answered otherwise than expected, the unit may not apply."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    text = models.CharField(_("question"), max_length=300)
    help_text = models.CharField(_("explanation"), max_length=300, blank=True)
    expects_yes = models.BooleanField(_("“yes” lets the unit apply"), default=True)
    consequence = models.CharField(_("what the other answer means"), max_length=300)

    class Meta:
        verbose_name = _("question of the self-check")
        verbose_name_plural = _("questions of the self-check")
        ordering = ["call", "position", "pk"]

    def __str__(self):
        return self.text


class ScoringCriterion(models.Model):
    """One published criterion by which applications are scored."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    label = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    max_points = models.PositiveSmallIntegerField(
        _("most points"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("scoring criterion")
        verbose_name_plural = _("scoring criteria")
        ordering = ["call", "position", "pk"]

    def __str__(self):
        return self.label


class Quota(models.Model):
    """How many units of one kind, or of one voivodeship, a call takes."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="quotas")
    kind = models.CharField(_("kind of unit"), max_length=3, choices=Jst.Kind.choices[:-1], blank=True)
    voivodeship = models.ForeignKey(
        Jst,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Jst.Kind.W},
        verbose_name=_("voivodeship"),
    )
    limit = models.PositiveSmallIntegerField(_("at most"))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["call", F("voivodeship__sort_key").asc(nulls_first=True), "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="", voivodeship__isnull=False) | (~Q(kind="") & Q(voivodeship=None)),
                name="quota_of_a_kind_or_a_voivodeship",
            ),
            models.UniqueConstraint(
                fields=["call", "kind"], condition=~Q(kind=""), name="quota_of_a_kind_once"
            ),
            models.UniqueConstraint(fields=["call", "voivodeship"], name="quota_of_a_voivodeship_once"),
        ]

    def __str__(self):
        return self.get_kind_display() if self.kind else str(self.voivodeship)
