"""The history of a plan in sentences."""

from dataclasses import dataclass
from datetime import datetime

from jst.permissions import is_ore_staff
from plans.commenting import is_caretaker
from plans.models import PlanEvent, Review
from plans.workflow import SILENT
from portal import conventions
from portal.prepared import prepared_for_all

# What experts and ORE say of a version stays between them until a decision is released.
REMARKS = ("add", "change", "remove", "confirm", "uphold", "waive")
JUDGING = ("plans.review.", *(f"plans.remark.{move}" for move in REMARKS))
# Flags and second opinions are between those who judge and ORE, also after the decision: no history of the
# plan tells of them, for an expert who still writes reads it too. They stand on pages of their own.
ELSEWHERE = ("plans.flag.", "plans.review.second")
# Why an expert gave a review up, or has no opinion, is for ORE alone.
TOLD_TO_ORE = frozenset({"plans.review.recuse", "plans.review.abstain"})
# Why ORE lets an expert correct a review, or write it after all, is between the two.
TO_EXPERT = "plans.review.reopen"
# Why a recommendation does not follow from the scores is read by whoever reads the review itself.
OF_REVIEW = "plans.review.hand_in"
# Who writes what, and the reminders of it, is for the team alone.
ABOUT_TEAM = "plans.section."
# What the team says to itself is known to it, and to a caretaker about the own comments.
COMMENTS = "plans.comment."
DECISIONS = {"plans.version.return", "plans.version.accept", "plans.version.refuse"}


@dataclass
class Entry:
    at: datetime
    sentence: str
    comment: str


def history_of(plan, user, *, own, reviews, is_team):
    """Return the plan's events as sentences that `user` may read, newest first.

    `own` are the keys of the person's reviews of it: whoever has none, and is not of ORE, reads what experts
    did only up to the last released decision. `reviews` are those that the person may read.
    """
    sentences = conventions.merged("workflow", "SENTENCES")
    sees_judging = is_ore_staff(user) or bool(own)
    entries = []
    for row in prepared_for_all("plans.history", told, plan.pk):
        event = row.event
        sees_judging = sees_judging or event.kind in DECISIONS
        if event.kind.startswith(ELSEWHERE) or not (is_team or is_for_others(event, plan, user)):
            continue
        if event.kind in sentences and (sees_judging or not event.kind.startswith(JUDGING)):
            number = row.version.number if row.version else ""
            sentence = str(sentences[event.kind][0]).format(actor=event.actor, version=number)
            comment = event.comment if reads_comment(row, user, own, reviews, is_team) else ""
            entries.append(Entry(event.at, sentence, comment))
    return entries


def reads_comment(row, user, own, reviews, is_team):
    """Whether this person reads the reason that an event was given."""
    kind, is_ore = row.event.kind, is_ore_staff(user)
    if kind in TOLD_TO_ORE or is_ore:
        return is_ore and kind not in SILENT
    if kind == TO_EXPERT:
        return row.review_id in own
    if kind == OF_REVIEW:
        return row.review_id in {review.pk for review in reviews}
    if own and kind.startswith(JUDGING):
        # Who reads no review of a version that is handed in is told no word of it either.
        judged = {review.version_id for review in reviews if review.status == Review.Status.HANDED_IN}
        return row.review_id in own or row.version_id in judged
    return is_team or kind not in SILENT


def told(plan):
    return in_words(PlanEvent.objects.filter(plan=plan))


def in_words(rows):
    """Return the events with what their sentences say, newest first."""
    rows = rows.select_related("event__actor", "event__words", "version").defer("version__comparison")
    return rows.order_by("-event__sequence")


def is_for_others(event, plan, user):
    """Whether somebody outside the team may know of the event."""
    if event.kind.startswith(COMMENTS):
        # As with the comments themselves: whoever cared for the unit once reads nothing any more.
        return event.data.get("caretaker") == user.pk and is_caretaker(user, plan)
    return not event.kind.startswith(ABOUT_TEAM)


def entries_of(rows):
    """Return all of these events as sentences, newest first, with their comments."""
    sentences = conventions.merged("workflow", "SENTENCES")
    return [
        Entry(
            row.event.at,
            str(sentences[row.event.kind][0]).format(
                actor=row.event.actor, version=row.version.number if row.version else ""
            ),
            row.event.comment,
        )
        for row in in_words(rows)
        if row.event.kind in sentences
    ]
