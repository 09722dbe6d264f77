"""History in sentences: what happened to an object, from its events, newest first."""

from dataclasses import dataclass
from datetime import datetime

from portal import conventions


@dataclass(frozen=True)
class Told:
    """One event as people read it."""

    at: datetime
    sentence: str
    comment: str


def told(companions, limit=None):
    """Return the events of a queryset of companions as sentences, newest first, the `limit` latest.

    Who acted comes from the event; `words()` of the companion gives what else its sentences name.
    """
    sentences = conventions.merged("workflow", "SENTENCES")
    rows = companions.select_related("event__actor", "event__words").order_by("-event__sequence")
    return [one(companion, sentences) for companion in rows[:limit] if companion.event.kind in sentences]


def one(companion, sentences):
    event = companion.event
    sentence = str(sentences[event.kind][0]).format(actor=event.actor, **companion.words())
    return Told(event.at, sentence, event.comment)
