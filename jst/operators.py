"""Who works for an operator, and which operator runs an edition. Only ORE's coordinators say so.

An operator's employees run its editions, so they neither write nor judge a plan in them.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import JstEvent, OperatorStaff, TeamMembership
from jst.teams import refuse_end_before_beginning, require_coordinator
from portal.models import ChainHead
from portal.workflow import AlreadyMoved, TransitionError, note


def employ(employee, *, by):
    """Record that a person works for an operator; `employee` is not saved yet.

    Higher apps may refuse: they react to `jst.operator.employ`.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        if employee.person.is_staff:
            raise TransitionError(
                _("People who work at ORE decide about plans: they cannot work for an operator.")
            )
        if (
            OperatorStaff.objects.lasting()
            .filter(operator=employee.operator, person=employee.person)
            .exists()
        ):
            raise TransitionError(_("This person already works for the operator."))
        refuse_own_teams(employee.operator, [employee.person])
        employee.save(force_insert=True)
        note("jst.operator.employ", by=by, about=JstEvent(employee=employee))
    return employee


def release(employee, *, until, reason, by):
    """Record the day from which the person no longer works for the operator, and why."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        refuse_end_before_beginning(employee, until)
        employee.until, employee.reason = until, reason
        employee.save(update_fields=["until", "reason"])
        note("jst.operator.release", by=by, about=JstEvent(employee=employee), comment=reason)
    return employee


def entrust(edition, operator, *, by):
    """Let an operator run the edition from now on; None: ORE runs it itself.

    Higher apps may refuse: they react to `jst.edition.entrust`.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        before = type(edition).objects.filter(pk=edition.pk).values_list("operator", flat=True).first()
        if before == (operator.pk if operator else None):
            raise AlreadyMoved(_("This has changed in the meantime. Check where it stands now."))
        edition.operator = operator
        edition.save(update_fields=["operator"])
        if operator:
            refuse_own_teams(operator, [row.person for row in staff_of(operator)])
        data = {"before": before, "operator": operator.pk if operator else None}
        note("jst.edition.entrust", by=by, about=JstEvent(edition=edition), data=data)
    return edition


def staff_of(operator):
    """Return those who work for the operator today or will."""
    return OperatorStaff.objects.lasting().filter(operator=operator).select_related("person")


def refuse_own_teams(operator, people):
    """Raise TransitionError where one of the people is in a team of an edition that the operator runs."""
    mine = TeamMembership.objects.lasting().filter(participation__edition__operator=operator)
    member = mine.filter(person__in=people).select_related("person").first()
    if member:
        raise TransitionError(
            _("%s is in a team of an edition that this operator runs. End that membership first.")
            % member.person
        )
