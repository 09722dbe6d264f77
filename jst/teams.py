"""What happens to a team and to a unit's part in an edition, besides invitations.

Each verb writes an event and changes dated rows: nothing is overwritten, a change of rights ends one
membership and begins the next.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from jst.models import JstEvent, TeamMembership
from jst.models.dated import today
from jst.permissions import can_manage_team, can_run_edition, is_coordinator, works_for_operator_of
from jst.workflow import PARTICIPATION
from portal.memory import forget
from portal.models import ChainHead
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError, note

RIGHTS = ("is_lead", "is_author", "is_signatory")


# --- Participation ------------------------------------------------------------------------------


def qualify(participation, *, by, at=None):
    """Enter a unit in an edition; `participation` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, participation.edition)
        participation.save(force_insert=True)
        note("jst.participation.qualify", by=by, about=JstEvent(participation=participation), at=at)
    return participation


def end_participation(participation, move, *, on, by, comment=""):
    """Make a move that ends a participation (`complete`, `withdraw`, `exclude`), as of the day `on`."""
    if on > today():
        raise TransitionError(_("The day has not come yet."))
    if on < participation.since:
        raise TransitionError(_("The day is before the unit began to take part."))
    return PARTICIPATION.perform(participation, move, by=by, comment=comment, data={"on": on.isoformat()})


# --- Members ------------------------------------------------------------------------------------


def refuse_ore_staff(person):
    """Whoever decides about plans at ORE neither writes nor judges one: raises TransitionError."""
    if person.is_staff:
        raise TransitionError(
            _("People who work at ORE decide about plans: they cannot be in a team or an expert.")
        )


def refuse_operators_staff(membership):
    """Whoever runs the edition for its operator is in no team of it: raises TransitionError."""
    if works_for_operator_of(membership.person.email, membership.participation.edition):
        raise TransitionError(
            _("This person works for the operator of the edition and cannot be in a team in it.")
        )


def add_member(membership, *, by):
    """Put a person who has an account into the team; `membership` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, membership.participation.edition)
        refuse_ore_staff(membership.person)
        refuse_operators_staff(membership)
        others = TeamMembership.objects.lasting().filter(
            participation=membership.participation, person=membership.person
        )
        if others.exists():
            raise TransitionError(_("This person is already in the team."))
        membership.save(force_insert=True)
        tell("begin", membership, by)
    return membership


def end_membership(membership, *, by, reason="", on=None):
    """End a membership today, or on the day `on`; from then on the person sees nothing of the team."""
    on = on or today()
    with transaction.atomic():
        ChainHead.hold()
        current = lasting(membership)
        require_manager(by, current)
        refuse_end_before_beginning(current, on)
        refuse_headless_team(by, current)
        close(current, on=on, reason=reason, by=by)
    return current


def close(membership, *, on, reason, by):
    """Write the end of a membership; the caller has asked who may and holds the chain."""
    membership.until, membership.reason = on, reason
    membership.save(update_fields=["until", "reason"])
    tell("end", membership, by, comment=reason)


def change_rights(membership, *, rights, by, reason=""):
    """Give a member other rights from today: the membership ends and another begins; return the new one.

    `rights` is the set of those of `RIGHTS` that the person is to have; an empty one makes a reader.
    """
    with transaction.atomic():
        ChainHead.hold()
        current = lasting(membership)
        require_manager(by, current)
        if current.since > today():
            raise TransitionError(_("This membership has not begun yet."))
        if "is_lead" not in rights:
            refuse_headless_team(by, current)
        return replace(current, rights=rights, reason=reason, by=by)


def replace(membership, *, rights, reason, by, because=None):
    """End a membership today and begin the next with `rights`; the caller has asked and holds the chain.

    `because` is kept with the event: what the change follows from.
    """
    until = membership.until
    membership.until, membership.reason = today(), reason
    membership.save(update_fields=["until", "reason"])
    successor = TeamMembership.objects.create(
        participation=membership.participation,
        person=membership.person,
        function=membership.function,
        role_kind=membership.role_kind,
        until=until,
        **{right: right in rights for right in RIGHTS},
    )
    tell("change", successor, by, comment=reason, because=because)
    return successor


def lasting(membership):
    """Return the membership as it is now, held by the caller's transaction; refuse one that has ended."""
    rows = TeamMembership.objects.lasting().select_related("participation", "person")
    current = rows.filter(pk=membership.pk).first()
    if current is None:
        raise AlreadyMoved(_("This has changed in the meantime. Check where it stands now."))
    return current


def require_manager(by, membership):
    forget()
    if not can_manage_team(by, membership.participation):
        raise NotAllowed(_("Only the lead of the team and those who run the edition do this."))


def require_coordinator(by):
    if not is_coordinator(by):
        raise NotAllowed(_("Only ORE's coordinators do this."))


def require_runner(by, edition):
    """Raise NotAllowed for everybody but ORE's coordinators and the operator of the edition."""
    forget()
    if not can_run_edition(by, edition):
        raise NotAllowed(_("Only ORE's coordinators and the operator of the edition do this."))


def refuse_end_before_beginning(fact, until):
    if until < fact.since:
        raise TransitionError(_("The end is before the beginning."))


def refuse_headless_team(by, membership):
    """A team names another lead before it loses its last one; who runs the edition may leave it without."""
    if not membership.is_lead or can_run_edition(by, membership.participation.edition):
        return
    others = TeamMembership.objects.today().filter(participation=membership.participation, is_lead=True)
    if not others.exclude(pk=membership.pk).exists():
        raise TransitionError(_("This is the only lead of the team. Name another lead first."))


def tell(move, membership, by, comment="", because=None):
    forget()
    about = JstEvent(participation=membership.participation, membership=membership)
    rights = [right for right in RIGHTS if getattr(membership, right)]
    note(
        f"jst.membership.{move}",
        by=by,
        about=about,
        comment=comment,
        data={"rights": rights} | (because or {}),
    )


# --- Schools ------------------------------------------------------------------------------------


def take_on_school(scope, *, by):
    """Record that the unit takes on a school; `scope` is not saved yet."""
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, scope.participation.edition)
        scope.save(force_insert=True)
        note("jst.school.begin", by=by, about=JstEvent(participation=scope.participation, scope=scope))
    return scope


def give_up_school(scope, *, until, reason, by):
    """Record the day from which the unit no longer takes on the school, and why."""
    with transaction.atomic():
        ChainHead.hold()
        require_runner(by, scope.participation.edition)
        refuse_end_before_beginning(scope, until)
        scope.until, scope.reason = until, reason
        scope.save(update_fields=["until", "reason"])
        about = JstEvent(participation=scope.participation, scope=scope)
        note("jst.school.end", by=by, about=about, comment=reason)
    return scope
