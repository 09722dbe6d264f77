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


def told(companions, limit=None, *, silent=()):
    """Return the events of a queryset of companions as sentences, newest first, the `limit` latest.

    Who acted comes from the event; `words()` of the companion gives what else its sentences name. Of the
    `silent` kinds the comment is left out.
    """
    sentences = conventions.merged("workflow", "SENTENCES")
    rows = companions.select_related("event__actor", "event__words").order_by("-event__sequence")
    told_ones = (companion for companion in rows[:limit] if companion.event.kind in sentences)
    return [one(companion, sentences, silent) for companion in told_ones]


def one(companion, sentences, silent):
    event = companion.event
    sentence = str(sentences[event.kind][0]).format(actor=event.actor, **companion.words())
    return Told(event.at, sentence, "" if event.kind in silent else event.comment)
