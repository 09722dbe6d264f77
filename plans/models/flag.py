"""What an expert or ORE raises beside the review: a question to somebody, and the remarks worth reusing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Process, ProcessQuerySet

from .plan import Plan, PlanVersion
from .review import Remark


class FlagQuerySet(ProcessQuerySet):
    def visible_to(self, user):
        """One's own and those addressed to one; ORE's coordinators all of them."""
        from jst.permissions import is_coordinator

        if not user.is_authenticated:
            return self.none()
        if is_coordinator(user):
            return self
        return self.filter(Q(raised_by=user) | Q(addressee=user))


class Flag(Process):
    """A matter about a plan put to one person who must settle it: a conflict, a doubt, a wrong assignment."""

    class Status(models.TextChoices):
        OPEN = "open", _("to be settled")
        RESOLVED = "resolved", _("settled")

    class Kind(models.TextChoices):
        CONFLICT = "conflict", _("possible conflict of interest")
        DOUBT = "doubt", _("doubt about a criterion or the form")
        BORROWED = "borrowed", _("text that looks taken from elsewhere")
        OTHER = "other", _("another matter")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="flags", verbose_name=_("plan"))
    version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="flags", verbose_name=_("plan version")
    )
    kind = models.CharField(_("kind of matter"), max_length=12, choices=Kind.choices)
    body = models.TextField(_("what it is about"), max_length=4000)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("addressed to")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.OPEN, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["open", "resolved"]), name="flag_status_known"),
        ]

    def __str__(self):
        return self.body[:60]

    def get_absolute_url(self):
        return reverse("plans:flag", args=[self.pk])


class RemarkPhrase(models.Model):
    """A remark worth writing again, with blanks „…” to fill: an expert's own, or one for everybody."""

    title = models.CharField(_("short name"), max_length=120)
    kind = models.CharField(_("kind of remark"), max_length=12, choices=Remark.Kind.choices)
    body = models.TextField(_("text, with … where something is to be filled in"))
    section = models.SlugField(_("key of the section it suits"), max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose; nobody’s is everybody’s"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reusable remark")
        verbose_name_plural = _("reusable remarks")
        ordering = ["title", "pk"]

    def __str__(self):
        return self.title
