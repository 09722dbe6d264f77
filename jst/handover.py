"""Handing the lead of a team over: to a member at once, to an invited person on the day they join.

A team never stands without a lead in between: the lead before steps down in the transaction in which the
next one begins.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from jst import invitations
from jst.models import TeamMembership
from jst.models.dated import today
from jst.models.team import OldLead
from jst.teams import RIGHTS, close, lasting, replace, require_manager
from portal.models import ChainHead
from portal.workflow import TransitionError


def rights_of(membership):
    return {right for right in RIGHTS if getattr(membership, right)}


def hand_over(lead, *, to, becomes, by):
    """Make the member `to` the lead in place of `lead`, who becomes what `becomes` says."""
    with transaction.atomic():
        ChainHead.hold()
        old, new = lasting(lead), lasting(to)
        require_manager(by, old)
        if not old.is_lead or old.participation_id != new.participation_id or old.person_id == new.person_id:
            raise TransitionError(_("Choose another person of the same team."))
        if not new.holds_on(today()):
            raise TransitionError(_("This membership has not begun yet."))
        if not new.is_lead:
            new = replace(new, rights=rights_of(new) | {"is_lead"}, reason="", by=by)
        step_down(old, becomes=becomes, by=by)
    return new


def invite_successor(lead, *, email, first_name, last_name, becomes, by, function=""):
    """Invite a person who takes the lead over by joining; until then nothing changes."""
    return invitations.invite(
        lead.participation,
        email=email,
        first_name=first_name,
        last_name=last_name,
        function=function,
        is_lead=True,
        succeeds=lead,
        then_old_lead=becomes,
        by=by,
    )


def step_down(lead, *, becomes, by, because=None):
    """End the lead of one person: another leads already. The caller has asked and holds the chain."""
    reason = _("The lead was handed over.")
    if becomes == OldLead.LEAVES:
        close(lead, on=today(), reason=reason, by=by)
        return
    kept = {"is_author", "is_signatory"} if lead.is_signatory else {"is_author"}
    rights = kept if becomes == OldLead.AUTHOR else set()
    replace(lead, rights=rights, reason=reason, by=by, because=because)


def other_leads(participation, person):
    """Return the memberships of everybody else who leads this team, now or from a day to come."""
    leads = TeamMembership.objects.lasting().filter(participation=participation, is_lead=True)
    return leads.exclude(person=person).select_related("participation", "person")


def succeed(event):
    """Once an invited successor has joined, the lead before steps down; of a nomination every lead before."""
    invitation = event.jstevent.invitation
    if not invitation.then_old_lead:
        return
    leads = other_leads(invitation.participation, event.actor)
    if invitation.succeeds_id:
        leads = leads.filter(person=invitation.succeeds.person_id)
    for lead in leads:
        because = {"invitation": invitation.pk}
        step_down(lead, becomes=invitation.then_old_lead, by=event.actor, because=because)
