"""Who is an expert, with which unit, and where an expert may not judge.

ORE's coordinators say who is an expert; whoever runs an edition says with which of its units. A reason
against an assignment is either a fact that nobody overrides (a conflict, the person was in the team) or one
that may be set aside with a reason that the history keeps (no statement about conflicts, no free capacity).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import ConflictDeclaration, ConflictStatement, ExpertAssignment, JstEvent
from jst.models.dated import today
from jst.permissions import is_coordinator
from jst.teams import refuse_end_before_beginning, refuse_ore_staff, require_coordinator, require_runner
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note

KINDS = {
    ExpertAssignment.Role.CARETAKER: "jst.caretaker.assign",
    ExpertAssignment.Role.DEPUTY: "jst.deputy.assign",
}


# --- The register of experts --------------------------------------------------------------------


def appoint(expert, *, by):
    """Make a person an expert of the programme; `expert` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        refuse_ore_staff(expert.person)
        expert.save(force_insert=True)
        note("jst.expert.begin", by=by, about=JstEvent(), data={"expert": expert.pk})
    return expert


def describe(expert, *, region, capacity, by):
    """Record in which voivodeship the expert works and how many units they would care for at once."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        expert.region, expert.capacity = region, capacity
        expert.save(update_fields=["region", "capacity"])
        data = {"expert": expert.pk, "region": region.code if region else "", "capacity": capacity}
        note("jst.expert.change", by=by, about=JstEvent(), data=data)
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


# --- Reasons against an assignment --------------------------------------------------------------


def conflicts_with(expert, participation):
    """Say why the expert may never care for this unit: a declared conflict, or a place in its team."""
    if expert.conflicts.filter(jst=participation.jst_id).exists():
        yield _("%s declared a conflict of interest with this unit.") % expert
    if expert.person.memberships.filter(participation__jst=participation.jst_id).exists():
        yield _("%s belongs or belonged to the team of this unit.") % expert


def doubts_about(expert, participation, since):
    """Say what stands against the expert as caretaker unless a reason is given."""
    if not expert.statements.filter(edition=participation.edition_id).exists():
        yield _("%s has not stated yet whether there is a conflict with a unit of this edition.") % expert
    cared_for = ExpertAssignment.objects.on(max(since, today())).filter(
        expert=expert, role=ExpertAssignment.Role.CARETAKER
    )
    if expert.capacity is not None and cared_for.count() >= expert.capacity:
        yield (
            _("%(expert)s cares for as many units as they are willing to: %(most)d.")
            % {"expert": expert, "most": expert.capacity}
        )


# --- Working with a unit ------------------------------------------------------------------------


def assign(assignment, *, by, despite=""):
    """Let an expert work with a unit; `assignment` is not saved yet.

    A unit has one caretaker and one deputy at a time, whatever the dates. `despite` is the reason to assign
    a caretaker against the doubts. Higher apps may refuse: they react to `jst.caretaker.assign` and
    `jst.deputy.assign`. Raises TransitionError.
    """
    participation = assignment.participation
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, participation.edition)
        if not assignment.expert.holds_on(max(assignment.since, today())):
            raise TransitionError(_("This person is not an expert of the programme on that day."))
        if assignment.role in ExpertAssignment.CARING:
            refuse_unfit(assignment, despite.strip())
        assignment.save(force_insert=True)
        about = JstEvent(participation=participation, assignment=assignment)
        note(KINDS.get(assignment.role, "jst.assignment.add"), by=by, about=about, comment=despite.strip())
    return assignment


def refuse_unfit(assignment, despite):
    """Raise TransitionError for a second caretaker or deputy, a conflict, or a doubt without a reason."""
    others = ExpertAssignment.objects.filter(participation=assignment.participation, role=assignment.role)
    if others.overlapping(assignment.since, assignment.until).exists():
        if assignment.role == ExpertAssignment.Role.CARETAKER:
            raise TransitionError(_("This unit has a caretaker on that day. End that assignment first."))
        raise TransitionError(_("Somebody stands in for the caretaker on one of these days already."))
    if sentences := list(conflicts_with(assignment.expert, assignment.participation)):
        raise TransitionError(*sentences)
    if assignment.role == ExpertAssignment.Role.CARETAKER and not despite:
        sentences = list(doubts_about(assignment.expert, assignment.participation, assignment.since))
        if sentences:
            raise TransitionError(*sentences, _("Give a reason to assign them all the same."))


def end_assignment(assignment, *, until, reason, by):
    """Record the day from which the expert no longer works with the unit, and why."""
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, assignment.participation.edition)
        refuse_end_before_beginning(assignment, until)
        assignment.until, assignment.reason = until, reason
        assignment.save(update_fields=["until", "reason"])
        about = JstEvent(participation=assignment.participation, assignment=assignment)
        note("jst.assignment.end", by=by, about=about, comment=reason)
    return assignment


def change_caretaker(participation, expert, *, since, reason, by, despite=""):
    """Let `expert` care for the unit from the day `since`; the caretaker before ends on that day.

    One transaction: the unit is at no moment without a caretaker, nor with two. A deputy of the caretaker
    before ends too. Returns the new assignment.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, participation.edition)
        lasting = ExpertAssignment.objects.filter(participation=participation).caring().lasting()
        for current in lasting.select_related("participation__edition", "expert__person"):
            if current.expert_id == expert.pk and current.role == ExpertAssignment.Role.CARETAKER:
                raise TransitionError(_("%s is the caretaker of this unit already.") % expert)
            end_assignment(current, until=max(since, current.since), reason=reason, by=by)
        assignment = ExpertAssignment(
            participation=participation, expert=expert, role=ExpertAssignment.Role.CARETAKER, since=since
        )
        return assign(assignment, by=by, despite=despite)


def stand_in(participation, expert, *, since, until, reason, by):
    """Let `expert` stand in for the unit's caretaker from the day `since` until the day `until`."""
    with transaction.atomic():
        ChainHead.hold()
        if until <= since:
            raise TransitionError(_("The end is before the beginning."))
        caretakers = ExpertAssignment.objects.on(since).filter(
            participation=participation, role=ExpertAssignment.Role.CARETAKER
        )
        caretaker = caretakers.first()
        if caretaker is None:
            raise TransitionError(_("This unit has no caretaker on that day: name one first."))
        if caretaker.expert_id == expert.pk:
            raise TransitionError(_("Nobody stands in for themselves."))
        deputy = ExpertAssignment(
            participation=participation,
            expert=expert,
            role=ExpertAssignment.Role.DEPUTY,
            since=since,
            until=until,
            reason=reason,
        )
        return assign(deputy, by=by)


def assign_many(pairs, *, since, by, despite=""):
    """Name caretakers for many units: `pairs` are (participation, expert). All or nothing.

    Raises TransitionError with one sentence for each pair that is refused; then nothing has changed.
    """
    refused = []
    with transaction.atomic():
        ChainHead.hold()
        for participation, expert in pairs:
            assignment = ExpertAssignment(
                participation=participation, expert=expert, role=ExpertAssignment.Role.CARETAKER, since=since
            )
            try:
                assign(assignment, by=by, despite=despite)
            except TransitionError as refusal:
                refused.append(f"{participation.jst.full_name}: {refusal}")
        if refused:
            raise TransitionError(*refused)


# --- Conflicts ----------------------------------------------------------------------------------


def declare_conflict(conflict, *, by):
    """Record that an expert may not judge a unit; `conflict` is not saved yet. Oneself, or ORE for others."""
    with transaction.atomic():
        ChainHead.hold()
        if by.pk != conflict.expert.person_id:
            require_coordinator(by)
        conflict.save(force_insert=True)
        note("jst.conflict.declare", by=by, about=JstEvent(conflict=conflict), comment=conflict.reason)
    return conflict


def state_conflicts(expert, edition, *, jsts, reason, by):
    """Let an expert declare, once per edition, the units with which they have a conflict, or that none is.

    `jsts` are the units of conflicts not declared before, `reason` holds for each. Later conflicts are
    declared one by one. Raises NotAllowed for others, TransitionError for a second statement.
    """
    with transaction.atomic():
        ChainHead.hold()
        if by.pk != expert.person_id and not is_coordinator(by):
            raise NotAllowed(_("Only the expert and ORE's coordinators do this."))
        if expert.statements.filter(edition=edition).exists():
            raise TransitionError(_("The statement for this edition has been made already."))
        if jsts and not reason.strip():
            raise TransitionError(_("Say what the conflict is."))
        for jst in jsts:
            declare_conflict(ConflictDeclaration(expert=expert, jst=jst, reason=reason.strip()), by=by)
        statement = ConflictStatement.objects.create(expert=expert, edition=edition)
        data = {"expert": expert.pk, "edition": edition.pk, "conflicts": len(jsts)}
        note("jst.conflict.state", by=by, about=JstEvent(), data=data)
    return statement
