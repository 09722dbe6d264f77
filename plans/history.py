"""The history of a plan in sentences."""

from dataclasses import dataclass
from datetime import datetime

from plans.models import PlanEvent
from portal import conventions

# What experts do stays between them and ORE until a decision is released.
JUDGING = ("plans.review.", "plans.remark.confirm", "plans.remark.uphold", "plans.remark.waive")
DECISIONS = {"plans.version.return", "plans.version.accept", "plans.version.refuse"}


@dataclass
class Entry:
    at: datetime
    sentence: str
    comment: str


def history_of(plan, *, sees_judging):
    """Return the plan's events as sentences, newest first.

    Without `sees_judging` what experts did shows only up to the last released decision.
    """
    sentences = conventions.merged("workflow", "SENTENCES")
    rows = (
        PlanEvent.objects.filter(plan=plan)
        .select_related("event__actor", "event__words", "version")
        .order_by("-event__sequence")
    )
    entries = []
    for row in rows:
        event = row.event
        sees_judging = sees_judging or event.kind in DECISIONS
        if event.kind in sentences and (sees_judging or not event.kind.startswith(JUDGING)):
            number = row.version.number if row.version else ""
            sentence = str(sentences[event.kind][0]).format(actor=event.actor, version=number)
            entries.append(Entry(event.at, sentence, event.comment))
    return entries
