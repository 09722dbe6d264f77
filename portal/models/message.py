"""The outbox: letters written in the same transaction as the event that causes them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.groups import ADMINISTRATOR, COORDINATOR

from .event import Event


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Held letters tell what is not decided aloud yet: only those who run the programme know of them."""
        if user.group_names & {ADMINISTRATOR, COORDINATOR}:
            return self
        return self.exclude(status=Message.Status.HELD)

    def due(self, now):
        """Ready letters whose time has come, and those a sender took and never finished."""
        return self.filter(
            Q(status=Message.Status.READY)
            & (Q(claimed_at=None) | Q(claimed_at__lt=now - Message.RETRY_AFTER)),
            ready_at__lte=now,
        )


class Message(models.Model):
    """One letter to one address. Its text is made when it is sent, from `template` and `event`.

    Letters about signing in come ready-made (`subject`, `body`) and lose both once sent. A held letter is
    written before its event: `held_for` names what it waits for, as the app that prepared it knows it.
    """

    class Status(models.TextChoices):
        HELD = "held", _("held")
        READY = "ready", _("ready")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    RETRY_AFTER = timedelta(minutes=10)
    MAX_ATTEMPTS = 8

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="messages")
    template = models.CharField(_("template of the letter"), max_length=100, blank=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="messages",
        verbose_name=_("recipient"),
    )
    address = models.EmailField(_("e-mail"))
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(blank=True)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=Status.choices,
        default=Status.READY,
        editable=False,
        db_index=True,
    )
    held_for = models.CharField(_("waits for"), max_length=100, blank=True, editable=False)
    message_id = models.UUIDField(_("number of the letter"), default=uuid.uuid4, editable=False, unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    ready_at = models.DateTimeField(_("to be sent from"), default=timezone.now, db_index=True)
    claimed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    error = models.CharField(_("error"), max_length=300, blank=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=(Q(status="held", event=None) & ~Q(held_for=""))
                | (~Q(status="held") & Q(held_for="")),
                name="message_held_for_something",
            ),
            models.UniqueConstraint(
                fields=["held_for", "address"], condition=~Q(held_for=""), name="message_held_once"
            ),
        ]

    def __str__(self):
        return f"{self.address}: {self.subject or self.template}"
