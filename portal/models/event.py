"""The one chain of events: what happened, who did it, in which order.

Each event's digest covers the one before, so an altered, removed or reordered row shows
(`manage.py audit verify`). Words that people typed live in `EventComment`, which may be erased;
the chain keeps only their salted digest, so it still holds afterwards.
"""

import hashlib
import json
import secrets

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChainHead(models.Model):
    """The single row that gives events their order; whoever holds it writes next."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    @classmethod
    def hold(cls):
        """Take the head for this transaction and return it; others wait until the commit.

        Always taken before any other row, so that two transactions cannot wait for each other.
        """
        if not cls.objects.filter(pk=1).update(sequence=F("sequence")):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(sequence=F("sequence"))
        return cls.objects.get(pk=1)


class Event(models.Model):
    """One thing that happened. Rows are added, never changed or deleted."""

    # No choices: the kinds are named by the tables of the processes, `<app>.<process>.<move>`.
    kind = models.CharField(_("kind"), max_length=100, db_index=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="events", verbose_name=_("person")
    )
    old_status = models.CharField(_("status before"), max_length=40, blank=True)
    new_status = models.CharField(_("status after"), max_length=40, blank=True)
    data = models.JSONField(_("data"), default=dict, blank=True)
    comment_digest = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveBigIntegerField(_("order"), unique=True)
    digest = models.CharField(_("digest of the chain"), max_length=64)

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return f"{self.sequence} {self.kind}"

    @property
    def comment(self):
        """The words given with the event; empty when there were none or they were erased."""
        words = getattr(self, "words", None)
        return words.body if words else ""

    def chained_digest(self, previous, about):
        """Return the digest this event must carry after `previous`.

        `about` is `[label of the companion, {foreign key: value}]`.
        """
        content = {
            "kind": self.kind,
            "at": self.at.astimezone(timezone.get_default_timezone()).isoformat(),
            "actor": self.actor_id,
            "old": self.old_status,
            "new": self.new_status,
            "data": self.data,
            "comment": self.comment_digest,
            "sequence": self.sequence,
            "about": about,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


class EventComment(models.Model):
    """The words given with an event: personal, so erasable. The event keeps their salted digest."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="words")
    salt = models.CharField(max_length=32)
    body = models.TextField()

    def __str__(self):
        return self.body

    @staticmethod
    def digest(salt, body):
        return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


class EventCompanion(models.Model):
    """What an event is about, with real foreign keys; each app has its own subclass."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="%(class)s")

    class Meta:
        abstract = True

    @classmethod
    def subject_names(cls):
        return [field.attname for field in cls._meta.concrete_fields if field.name != "event"]

    def words(self):
        """Return what the sentence of the history names besides the person who acted."""
        return {}

    def about(self):
        """Return what the chain covers: the companion's label and those of its keys that are set.

        A key that is not set is left out, so that a new kind of subject changes no digest of the past.
        """
        keys = {name: getattr(self, name) for name in self.subject_names()}
        return [self._meta.label_lower, {name: key for name, key in keys.items() if key is not None}]


def companion_models():
    return [model for model in apps.get_models() if issubclass(model, EventCompanion)]


def record(kind, *, by, about, old="", new="", comment="", data=None, at=None):
    """Write one event and its companion; returns the event.

    `about` is an unsaved companion. `at` is another time than now: for the demo and for imports only.
    """
    with transaction.atomic():
        head = ChainHead.hold()
        salt = secrets.token_hex(16) if comment else ""
        event = Event(
            kind=kind,
            at=at or timezone.now(),
            actor=by,
            old_status=old,
            new_status=new,
            data=data or {},
            comment_digest=EventComment.digest(salt, comment) if comment else "",
            sequence=head.sequence + 1,
        )
        event.digest = event.chained_digest(head.digest, about.about())
        event.save(force_insert=True)
        if comment:
            EventComment.objects.create(event=event, salt=salt, body=comment)
        about.event = event
        about.save(force_insert=True)
        ChainHead.objects.filter(pk=1).update(sequence=event.sequence, digest=event.digest)
    return event
