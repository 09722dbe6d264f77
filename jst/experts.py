"""Who is an expert, with which unit, and where an expert may not judge. Only ORE's coordinators say so."""

from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import ExpertAssignment, JstEvent
from jst.models.dated import today
from jst.teams import refuse_end_before_beginning, refuse_ore_staff, require_coordinator
from portal.models import ChainHead
from portal.workflow import TransitionError, note


def appoint(expert, *, by):
    """Make a person an expert of the programme; `expert` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        refuse_ore_staff(expert.person)
        expert.save(force_insert=True)
        note("jst.expert.begin", by=by, about=JstEvent(), data={"expert": expert.pk})
    return expert


def dismiss(expert, *, until, reason, by):
    """Record the day from which the person is no expert any more: assignments and reviews close with it."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        refuse_end_before_beginning(expert, until)
        expert.until, expert.reason = until, reason
        expert.save(update_fields=["until", "reason"])
        note("jst.expert.end", by=by, about=JstEvent(), comment=reason, data={"expert": expert.pk})
    return expert


def assign(assignment, *, by):
    """Let an expert work with a unit; `assignment` is not saved yet.

    A unit has one caretaker at a time. Higher apps may refuse a caretaker: they react to
    `jst.caretaker.assign`.
    """
    caretaker = assignment.role == ExpertAssignment.Role.CARETAKER
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        if not assignment.expert.holds_on(max(assignment.since, today())):
            raise TransitionError(_("This person is not an expert of the programme on that day."))
        if caretaker:
            refuse_second_caretaker(assignment)
        assignment.save(force_insert=True)
        about = JstEvent(participation=assignment.participation, assignment=assignment)
        note("jst.caretaker.assign" if caretaker else "jst.assignment.add", by=by, about=about)
    return assignment


def refuse_second_caretaker(assignment):
    others = ExpertAssignment.objects.filter(
        participation=assignment.participation, role=ExpertAssignment.Role.CARETAKER
    )
    if others.on(assignment.since).exists() or others.filter(since__gt=assignment.since).exists():
        raise TransitionError(_("This unit has a caretaker on that day. End that assignment first."))


def end_assignment(assignment, *, until, reason, by):
    """Record the day from which the expert no longer works with the unit, and why."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        refuse_end_before_beginning(assignment, until)
        assignment.until, assignment.reason = until, reason
        assignment.save(update_fields=["until", "reason"])
        about = JstEvent(participation=assignment.participation, assignment=assignment)
        note("jst.assignment.end", by=by, about=about, comment=reason)
    return assignment


def declare_conflict(conflict, *, by):
    """Record that an expert may not judge a unit; `conflict` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        conflict.save(force_insert=True)
        note("jst.conflict.declare", by=by, about=JstEvent(conflict=conflict), comment=conflict.reason)
    return conflict
