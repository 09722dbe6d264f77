"""Reviews and the ledger of remarks."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.models import Expert, Participation
from jst.models.dated import today
from jst.permissions import is_ore_staff
from portal.models import Process, ProcessQuerySet

from .plan import Plan, PlanVersion
from .template import Criterion


class ReviewQuerySet(ProcessQuerySet):
    def of(self, user):
        """The reviews this person writes, as an expert of today; not those given up."""
        experts = Expert.objects.on(today()).filter(person_id=user.pk)
        return self.filter(expert__in=experts).exclude(status=Review.Status.RECUSED)

    def visible_to(self, user):
        """One's own; ORE those handed in; the team after the decision; other reviewers after their own.

        Whoever judges the plan (`judges`) sees those of the versions already decided, as the team does.
        """
        if not user.is_authenticated:
            return self.none()
        handed_in = Q(status=Review.Status.HANDED_IN)
        if is_ore_staff(user):
            return self.filter(handed_in)
        near = Participation.objects.near(user)
        written = Review.objects.of(user)
        judged = Q(version__in=written.filter(status=Review.Status.HANDED_IN).values("version"))
        told = Q(version__plan__participation__in=near) | judges(user, "version__plan")
        decided = Q(version__status__in=PlanVersion.DECIDED) & told
        return self.filter(Q(pk__in=written.values("pk")) | (handed_in & (decided | judged)))


def judges(user, plan):
    """A condition on what is said of a version: this person judges the plan, to which the path `plan` leads.

    Of a version that the person has read and has no opinion on, only by judging a later one.
    """
    written = Review.objects.of(user)
    judging = written.exclude(status=Review.Status.ABSTAINED)
    later = judging.filter(version__plan=OuterRef(plan), version__number__gt=OuterRef("version__number"))
    abstained = written.filter(status=Review.Status.ABSTAINED)
    judged_here = ~Q(version__in=abstained.values("version")) | Q(Exists(later))
    return Q(**{f"{plan}__in": judging.values("version__plan")}) & judged_here


class Review(Process):
    """An expert's judgement of one version: the assignment and what came of it. It recommends only."""

    class Status(models.TextChoices):
        ASSIGNED = "assigned", _("assigned")
        IN_PROGRESS = "in_progress", _("in progress")
        HANDED_IN = "handed_in", _("handed in")
        RECUSED = "recused", _("given up")
        ABSTAINED = "abstained", _("read, no opinion")

    class Recommendation(models.TextChoices):
        ACCEPT = "accept", _("accept the plan")
        RETURN = "return", _("return it for correction")
        REFUSE = "refuse", _("do not accept the plan")

    WRITABLE = frozenset({Status.ASSIGNED, Status.IN_PROGRESS})
    # Asked, and judging no more: another expert has to be asked instead.
    WITHOUT_OPINION = frozenset({Status.RECUSED, Status.ABSTAINED})

    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("plan version")
    )
    expert = models.ForeignKey(
        Expert, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("expert")
    )
    due = models.DateField(_("due"), null=True, blank=True)
    is_third = models.BooleanField(_("a third opinion, because two differ"), default=False, editable=False)
    nudged_at = models.DateTimeField(_("reminded by hand"), null=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.ASSIGNED, editable=False
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
    recommendation = models.CharField(
        _("recommendation"), max_length=8, choices=Recommendation.choices, blank=True
    )
    summary = models.TextField(_("summary for ORE and the team"), blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "expert"], name="review_once_per_expert"),
            models.CheckConstraint(
                condition=Q(status__in=["assigned", "in_progress", "handed_in", "recused", "abstained"]),
                name="review_status_known",
            ),
        ]

    def __str__(self):
        return f"{self.expert}: {self.version}"

    def get_absolute_url(self):
        return reverse("plans:review", args=[self.pk])


class SecondOpinionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """ORE all that count; experts those on versions of which their own review is handed in; nobody else.

        The team never sees any, not after the decision either.
        """
        if not user.is_authenticated:
            return self.none()
        if is_ore_staff(user):
            return self.given()
        written = Review.objects.of(user).filter(status=Review.Status.HANDED_IN)
        return self.given().filter(review__version__in=written.values("version"))

    def given(self):
        """Those that count: the review spoken of and the author's own are both handed in."""
        own = Review.objects.filter(
            version=OuterRef("review__version"),
            expert__person=OuterRef("author"),
            status=Review.Status.HANDED_IN,
        )
        return self.filter(Exists(own), review__status=Review.Status.HANDED_IN)

    def dated(self):
        """Each says whether it `is_outdated`: the review was corrected and handed in again since."""
        later = ScoreRecord.objects.filter(review=OuterRef("review"), recorded_at__gt=OuterRef("written_at"))
        return self.annotate(is_outdated=Exists(later))


class SecondOpinion(models.Model):
    """What another expert of the same version says of a review: agreed, or disagreed and why."""

    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="second_opinions", verbose_name=_("review")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    agrees = models.BooleanField(_("agrees"))
    reason = models.TextField(_("reason"), blank=True)
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = SecondOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("second opinion")
        verbose_name_plural = _("second opinions")
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "author"], name="second_opinion_once"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="second_opinion_reason"),
        ]

    def __str__(self):
        return f"{self.review}: {self.author}"


class ReviewScore(models.Model):
    class Score(models.IntegerChoices):
        NOT_MET = 0, _("does not meet")
        PARTLY = 1, _("meets in part")
        MET = 2, _("meets")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"), choices=Score.choices, null=True, blank=True)
    rationale = models.TextField(_("rationale"), blank=True)

    class Meta:
        ordering = ["criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="score_once_per_criterion")
        ]

    def __str__(self):
        return f"{self.criterion}: {self.score}"


class ScoreRecord(models.Model):
    """A score as it stood in a review that was handed in: what a later correction of it replaced stays."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="score_records")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"), choices=ReviewScore.Score.choices, null=True)
    rationale = models.TextField(_("rationale"), blank=True)
    recorded_at = models.DateTimeField(_("handed in"), default=timezone.now)

    class Meta:
        ordering = ["criterion__position", "pk"]

    def __str__(self):
        return f"{self.criterion}: {self.score}"


class SectionVerdict(models.Model):
    class Verdict(models.TextChoices):
        FINE = "fine", _("good")
        CHANGE = "change", _("needs a change")
        GAP = "gap", _("serious gap")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    key = models.SlugField(max_length=40)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "key"], name="verdict_once_per_section")]

    def __str__(self):
        return f"{self.key}: {self.verdict}"


class RemarkQuerySet(ProcessQuerySet):
    # A remark counts once its review is handed in; those of a review given up never do.
    GIVEN = Q(review=None) | Q(review__status="handed_in")

    def visible_to(self, user):
        """One's own; ORE those of reviews handed in; the team after the decision; others after their own.

        Whoever judges the plan (`judges`) sees those on the versions already decided, as the team does.
        """
        if not user.is_authenticated:
            return self.none()
        if is_ore_staff(user):
            return self.given()
        near = Participation.objects.near(user)
        written = Review.objects.of(user)
        reads = Q(plan__in=written.values("version__plan"))
        judged = Q(version__in=written.filter(status=Review.Status.HANDED_IN).values("version"))
        told = Q(plan__participation__in=near) | judges(user, "plan")
        decided = Q(version__status__in=PlanVersion.DECIDED) & told
        return self.filter((Q(author=user) & reads) | (self.GIVEN & (decided | judged)))

    def given(self):
        """Remarks that left the hands of their author."""
        return self.filter(self.GIVEN)

    def unsettled(self):
        """Remarks that still stop acceptance: not confirmed, not waived, and more than a suggestion."""
        return self.given().exclude(status__in=Remark.SETTLED).exclude(kind=Remark.Kind.SUGGESTION)


class Remark(Process):
    """One remark, alive across versions: it names a section and, by `row_uid` and `field`, a place in it."""

    class Kind(models.TextChoices):
        MISSING = "missing", _("something is missing")
        WRONG = "wrong", _("something is wrong")
        OUTDATED = "outdated", _("something is out of date")
        SUGGESTION = "suggestion", _("a suggestion")

    class Status(models.TextChoices):
        OPEN = "open", _("to be answered")
        ANSWERED = "answered", _("answered")
        CONFIRMED = "confirmed", _("settled")
        UPHELD = "upheld", _("upheld")
        WAIVED = "waived", _("waived by ORE")

    SETTLED = frozenset({Status.CONFIRMED, Status.WAIVED})
    UNANSWERED = frozenset({Status.OPEN, Status.UPHELD})

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("plan"))
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("plan version")
    )
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.SlugField(_("section"), max_length=40)
    row_uid = models.UUIDField(null=True, blank=True)
    field = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("kind of remark"), max_length=12, choices=Kind.choices)
    body = models.TextField(_("remark"))
    answer = models.TextField(_("answer of the team"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.OPEN, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["plan", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "answered", "confirmed", "upheld", "waived"]),
                name="remark_status_known",
            ),
        ]

    def __str__(self):
        return self.body[:60]
