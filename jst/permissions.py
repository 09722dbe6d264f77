"""Who may do what with a participation and its team. Reading is `visible_to`; these are the verbs."""

from portal.groups import ADMINISTRATOR, AUDITOR, COORDINATOR
from portal.memory import once, remembered
from portal.models.user import SYSTEM_EMAIL
from portal.prepared import prepared


def is_coordinator(user):
    """ORE staff who run the programme: coordinators and administrators."""
    return user.is_authenticated and bool(user.group_names & {ADMINISTRATOR, COORDINATOR})


def is_administrator(user):
    return user.is_authenticated and ADMINISTRATOR in user.group_names


def is_auditor(user):
    return user.is_authenticated and AUDITOR in user.group_names


def is_ore_staff(user):
    """Everybody of ORE who may look at the programme as a whole."""
    return is_coordinator(user) or is_auditor(user)


def may_read_registers(user):
    """ORE's staff, and operators' employees, who choose units and schools from the registers."""
    if is_ore_staff(user):
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    from jst.models import OperatorStaff

    mine = OperatorStaff.objects.today().filter(person=user)
    return once(("jst.for_an_operator", user.pk), mine.exists)


def may_import(user, upload=None):
    """ORE's coordinators and administrators bring registers in and correct them."""
    return is_coordinator(user)


def may_report(user, upload):
    """A job reports what it found in the name of whoever asked for it, who had the right then."""
    return True


def may_correct(user):
    """Who brings registers in also says where they are wrong."""
    return may_import(user)


RIGHTS = ("is_lead", "is_author", "is_signatory")


def rights_in_team(user, participation):
    """Return which of `RIGHTS` the person has in the team today, or None for whoever is not in it.

    Asked once a request, and not at all where the menu's question has told it.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    who = remembered(("jst.standing", user.pk))
    if who and who["team"] == participation.pk:
        return who["rights"]
    return once(("jst.rights", user.pk, participation.pk), lambda: ask_rights(user, participation))


def ask_rights(user, participation):
    found = prepared("jst.membership", membership_of, user, participation.pk)
    return {name for name in RIGHTS if getattr(found[0], name)} if found else None


def membership_of(user, participation):
    from jst.models import TeamMembership

    mine = TeamMembership.objects.today().filter(participation=participation, person=user)
    return mine.order_by("-since", "-pk")[:1]


def is_member(user, participation):
    return rights_in_team(user, participation) is not None


def is_lead(user, participation):
    return has_right(user, participation, "is_lead")


def is_writer(user, participation):
    """Leads and authors write drafts."""
    return has_right(user, participation, "is_lead", "is_author")


def is_signatory(user, participation):
    return has_right(user, participation, "is_signatory")


def has_right(user, participation, *names):
    """Whether the person has one of these rights in the team today."""
    return not {*names}.isdisjoint(rights_in_team(user, participation) or ())


def can_run_edition(user, edition):
    """Whoever runs an edition: ORE's coordinators any, an operator's employees its own."""
    if is_coordinator(user):
        return True
    if not user.is_authenticated or not user.is_active or edition.operator_id is None:
        return False
    from jst.models import OperatorStaff

    mine = OperatorStaff.objects.today().filter(operator=edition.operator_id, person=user)
    return once(("jst.operator", user.pk, edition.operator_id), mine.exists)


def may_see_experts(user):
    """ORE's staff and the operators' employees see who the experts are and how busy."""
    if is_ore_staff(user) or not user.is_authenticated or not user.is_active:
        return is_ore_staff(user)
    from jst.models import OperatorStaff

    return once(("jst.works_for_operator", user.pk), OperatorStaff.objects.today().filter(person=user).exists)


def works_for_operator_of(email, edition):
    """Whether the owner of this address works, or is to work, for the operator that runs the edition."""
    if edition.operator_id is None:
        return False
    from jst.models import OperatorStaff

    rows = OperatorStaff.objects.lasting().filter(operator=edition.operator_id, person__email=email)
    return rows.exists()


def can_copy_edition(user):
    return is_coordinator(user)


def can_manage_team(user, participation):
    """Leads invite and end memberships while their unit takes part; whoever runs the edition at any time."""
    if participation.is_open() and is_lead(user, participation):
        return True
    return can_run_edition(user, participation.edition)


def may_manage_invitation(user, invitation):
    return can_manage_team(user, invitation.participation)


def may_answer(user, request):
    """Who manages the team answers a request to join; its caretaker once no lead has done so in time."""
    if can_manage_team(user, request.participation):
        return True
    from jst.models import JoinRequest

    return user.is_authenticated and JoinRequest.objects.waiting_for(user).filter(pk=request.pk).exists()


def may_run_nomination(user, nomination):
    return can_run_edition(user, nomination.participation.edition)


def anybody(user, obj):
    """Moves that need the secret of a letter instead of a right; the verb asks for it."""
    return True


def may_run_participation(user, participation):
    """Whoever runs the edition says who takes part in it."""
    return can_run_edition(user, participation.edition)


def may_accept(user, invitation):
    """Only the person at the invited address."""
    return user.is_active and user.email == invitation.email


def can_list_teams(user):
    """Whoever may see more than one team gets a list of them, and so do an operator's employees."""
    from jst.models import Participation
    from jst.navigation import standing

    if is_ore_staff(user) or standing(user)["is_operator"]:
        return True
    return len(Participation.objects.visible_to(user)[:2]) == 2


def is_applicant(user, application):
    """Only the person who fills an application in."""
    return user.is_authenticated and user.is_active and application.applicant_id == user.pk


def may_run_application(user, application):
    """Whoever runs the edition decides about the applications to it, but never about an own one."""
    return can_run_edition(user, application.call.edition) and not is_applicant(user, application)


def is_the_portal(user, application):
    """Nobody but the portal itself, in whose name nightly work is recorded."""
    return user.email == SYSTEM_EMAIL
