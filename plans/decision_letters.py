"""The letters of a prepared decision: whom they will reach and what they will say, before it is released."""

from django.utils.translation import gettext_lazy as _

from plans.models import PlanEvent
from plans.notifications import CARETAKER, EXPERT, TEAM, told_of_decisions
from portal import outbox
from portal.models import Event, Message
from portal.spelling import polish_order

ROLES = {TEAM: _("team"), EXPERT: _("expert"), CARETAKER: _("caretaker")}


def foreseen(decision):
    """Return the event that the release will write, not stored: whom it tells can be asked beforehand."""
    version = decision.version
    # What the letter says of the decision is this one, not what is stored.
    version.decision = decision
    event = Event(kind=f"plans.version.{decision.outcome}")
    PlanEvent(event=event, plan=version.plan, version=version)
    return event


def letter_of(decision):
    """Return (subject, body) of the letter that the team gets once the decision is released."""
    event = foreseen(decision)
    context = outbox.letter_context(Message(event=event)) | {"audience": TEAM}
    return outbox.written(outbox.template_of(event), context)


def with_recipients(decisions, by):
    """Give each decision the `recipients` [(person, role)] of its letter, if `by` releases it now."""
    told = told_of_decisions([decision.version for decision in decisions])
    for decision in decisions:
        decision.recipients = [
            (person, ROLES[role])
            for person, role in sorted(told[decision.version.plan_id].items(), key=in_order)
            if person.is_active and person.pk != by.pk
        ]


def with_letters(decisions, by):
    """Give each decision its `letter`, as the team gets it, and its `recipients`."""
    with_recipients(decisions, by)
    for decision in decisions:
        decision.letter = letter_of(decision)


def in_order(told):
    person, role = told
    return list(ROLES).index(role), polish_order(str(person)), person.pk
