"""The engine: one door through which every object moves from status to status.

A process is a table of `Transition` rows; a person can read and check it. `allowed` asks who,
`obstacles` give the sentences that stop the move, `then` does what belongs to it. The move, its event,
its reactions and its letters happen in one transaction: all or nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import conventions, outbox
from portal.memory import forget
from portal.models.event import ChainHead, record

# What happens to people rather than to objects of a process.
SENTENCES = {
    "portal.person.extract": gettext_lazy("{actor} made an extract of the data kept about {person}."),
}


class TransitionError(Exception):
    """A move that cannot be made; the text says why, in words for the person who tried."""

    def __init__(self, *sentences):
        super().__init__(" ".join(str(sentence) for sentence in sentences))
        self.sentences = [str(sentence) for sentence in sentences]


class NotAllowed(TransitionError):
    """The person may not make this move."""


class AlreadyMoved(TransitionError):
    """The object is no longer in a status from which the move starts."""


def nothing(*args):
    return ()


@dataclass(frozen=True)
class Transition:
    """One row of a process: `name` moves an object from `sources` to `target`.

    allowed(user, obj) → bool; obstacles(obj) → sentences; then(obj, event) does the rest;
    facts(obj, at) → plain data that the event keeps and the chain covers.
    explained(obj) → sentences about what is allowed but wants a reason: they stop a move without a comment.
    `page` names the URL that collects what the move needs beyond a comment. A `hidden` move
    is made by another move and never offered as a button.
    """

    name: str
    label: str
    sources: Collection
    target: str
    allowed: Callable
    obstacles: Callable = nothing
    then: Callable = nothing
    facts: Callable = lambda obj, at: {}
    needs_comment: bool = False
    explained: Callable = nothing
    page: str = ""
    hidden: bool = False


class Workflow:
    """One process. `about(obj)` makes the unsaved companion of its events."""

    def __init__(self, name, *transitions, about):
        self.name = name
        self.about = about
        self.transitions = {t.name: t for t in transitions}

    def kind(self, move):
        return f"{self.name}.{move}"

    def kinds(self):
        return [self.kind(move) for move in self.transitions]

    def available(self, obj, user):
        """Return the moves to offer `user` as buttons."""
        return [
            t
            for t in self.transitions.values()
            if not t.hidden and obj.status in t.sources and t.allowed(user, obj)
        ]

    def perform(self, obj, name, *, by, comment="", data=None, at=None):
        """Move `obj`, record the event, react and queue letters; return the event.

        Raises NotAllowed, AlreadyMoved or TransitionError; then nothing has changed.
        `at` is another time than now: for the demo and for imports only.
        """
        t = self.transitions[name]
        at = at or timezone.now()
        with transaction.atomic():
            # The chain first, the object second: the other order deadlocks on PostgreSQL.
            ChainHead.hold()
            if not type(obj).objects.claim(obj, t.sources):
                raise AlreadyMoved(_("This has changed in the meantime. Check where it stands now."))
            obj.refresh_from_db()
            # Rights are asked anew: they may have ended since the request looked.
            forget()
            if not t.allowed(by, obj):
                raise NotAllowed(_("You may not do this."))
            if t.needs_comment and not comment.strip():
                raise TransitionError(_("Give a reason."))
            if sentences := list(t.obstacles(obj)) or (not comment.strip() and list(t.explained(obj))):
                raise TransitionError(*sentences)
            event = record(
                self.kind(name),
                by=by,
                about=self.about(obj),
                old=obj.status,
                new=t.target,
                comment=comment.strip(),
                data=t.facts(obj, at) | (data or {}),
                at=at,
            )
            obj.status, obj.changed_at = t.target, at
            obj.save(update_fields=["status", "changed_at"])
            t.then(obj, event)
            follow(event)
        return event

    def mermaid(self):
        """Return the table as a Mermaid state diagram for the manual."""
        rows = [
            f"    {source} --> {t.target}: {t.name}"
            for t in self.transitions.values()
            for source in sorted(t.sources)
        ]
        return "\n".join(["stateDiagram-v2", *rows])


def follow(event):
    """Run the reactions of `event` and queue its letters, in the caller's transaction."""
    for reaction in conventions.merged("reactions", "REACTIONS")[event.kind]:
        reaction(event)
    outbox.queue(event)


def note(kind, *, by, about, comment="", data=None, at=None):
    """Record something that happened outside a process, with its reactions and letters."""
    with transaction.atomic():
        event = record(kind, by=by, about=about, comment=comment, data=data, at=at)
        follow(event)
    return event
