"""What a team needs to write together: who is here, and what they tell each other. ORE never sees it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.models import Participation

from .plan import Plan, PlanVersion

# A page says every 20 seconds that it is open; after this long nobody is there any more.
LASTS = timedelta(seconds=60)


class InternalCommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A team of today reads all of its talk, a caretaker of today the own words; nobody else any."""
        if not user.is_authenticated:
            return self.none()
        teams = Participation.objects.of_team(user)
        cared = Q(plan__participation__in=Participation.objects.of_caretaker(user))
        return self.filter(Q(plan__participation__in=teams) | cared & Q(author=user, by_caretaker=True))

    def unsettled(self):
        return self.filter(settled_at=None)


class EditPresence(models.Model):
    """One person who has a section open, when the page last said so, and whether it holds unsaved text."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="presences")
    key = models.SlugField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)
    is_unsaved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "key", "person"], name="presence_once_per_section"),
        ]

    def __str__(self):
        return f"{self.person}: {self.key}"

    @property
    def is_now(self):
        """Whether the person is still there."""
        return self.seen_at > timezone.now() - LASTS


class InternalComment(models.Model):
    """A word of a team to itself about a section or one row of it; it outlives the version."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="internal_comments", verbose_name=_("plan")
    )
    section = models.SlugField(_("section"), max_length=40)
    row_uid = models.UUIDField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("comment"), max_length=4000)
    # A caretaker's comment is marked as such, and is all of the team's talk that the caretaker reads.
    by_caretaker = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = InternalCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal comment")
        verbose_name_plural = _("internal comments")
        ordering = ["pk"]
        indexes = [models.Index(fields=["plan", "section"])]

    def __str__(self):
        return self.body[:60]
