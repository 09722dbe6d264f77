"""The office names the lead through its official mailbox, where nobody else can.

Anybody may ask for the letter: it goes to the address that the register of offices gives and nowhere else.
Its link opens a page with a form; the button invites the person named there, who takes the lead over by
joining. Whoever runs the edition can undo it.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst import invitations, letter_links
from jst.handover import other_leads, rights_of, step_down
from jst.models import Invitation, JstEvent, Nomination, TeamMembership
from jst.models.dated import today
from jst.models.team import OldLead
from jst.moves import OPEN_PARTICIPATIONS, new_nonce
from jst.teams import close, replace
from jst.workflow import INVITATION, NOMINATION, about_nomination
from portal.models import ChainHead, User
from portal.models.user import normal_email
from portal.workflow import TransitionError, note

PURPOSE = "jst.nominations"
# A mailbox that many people read needs a day, and no stranger may fill it.
BETWEEN_LETTERS = timedelta(days=1)
S = Nomination.Status


def can_send(participation):
    """Whether the office has a mailbox and the unit takes part."""
    return bool(participation.jst.mailbox) and participation.status in OPEN_PARTICIPATIONS


def send(participation):
    """Send the letter to the official mailbox; return the nomination.

    Within a day of the last letter nothing is sent: that one still works, and None comes back.
    """
    with transaction.atomic():
        ChainHead.hold()
        if not can_send(participation):
            raise TransitionError(_("This office has no official mailbox in the register. Write to ORE."))
        recent = Nomination.objects.filter(
            participation=participation, created_at__gt=timezone.now() - BETWEEN_LETTERS
        )
        if recent.exists():
            return None
        nomination = Nomination.objects.create(
            participation=participation, mailbox=participation.jst.mailbox, nonce=new_nonce()
        )
        note("jst.nomination.send", by=User.objects.system(), about=about_nomination(nomination))
    return nomination


def opens(nomination, secret):
    return (
        letter_links.matches(PURPOSE, nomination, secret)
        and nomination.status == S.SENT
        and nomination.expires_at > timezone.now()
        and nomination.participation.status in OPEN_PARTICIPATIONS
    )


def find(pk, secret):
    """Return the open nomination that the link leads to, or None."""
    rows = Nomination.objects.select_related("participation__jst", "participation__edition")
    nomination = rows.filter(pk=pk).first()
    return nomination if nomination and opens(nomination, secret) else None


def name_lead(nomination, *, secret, email, first_name, last_name, function=""):
    """Make the named person the lead: a member at once, anybody else by an invitation.

    Every lead before becomes an author when the named person begins.
    """
    email = normal_email(email)
    system = User.objects.system()
    with transaction.atomic():
        ChainHead.hold()
        nomination.refresh_from_db()
        if not opens(nomination, secret):
            raise invitations.Unusable(_("This link cannot be used any more."))
        members = TeamMembership.objects.today().filter(participation=nomination.participation)
        member = members.filter(person__email=email).select_related("participation", "person").first()
        if member:
            nomination.membership = promote(member, because={"nomination": nomination.pk}, by=system)
        else:
            names = {"first_name": first_name, "last_name": last_name, "function": function}
            given = {"is_lead": True, "then_old_lead": OldLead.AUTHOR}
            team = nomination.participation
            nomination.invitation = invitations.write_invitation(
                team, email=email, by=system, **names, **given
            )
        nomination.save(update_fields=["invitation", "membership"])
        NOMINATION.perform(nomination, "name", by=system)
    return nomination


def promote(member, *, because, by):
    """Give a member the lead at once; every lead before becomes an author. Return the new membership."""
    if not member.is_lead:
        reason = _("Named by the office.")
        member = replace(member, rights=rights_of(member) | {"is_lead"}, reason=reason, by=by)
    for lead in other_leads(member.participation, member.person):
        step_down(lead, becomes=OldLead.AUTHOR, by=by, because=because)
    return member


def undo(nomination, *, by, comment):
    """Withdraw the invitation, or give the lead back to those who had it before the named person began."""
    with transaction.atomic():
        ChainHead.hold()
        NOMINATION.perform(nomination, "undo", by=by, comment=comment)
        invitation = nomination.invitation
        if nomination.membership_id:
            restore(nomination, {"nomination": nomination.pk}, by=by, reason=comment)
            demote(nomination, by=by, reason=comment)
        elif invitation.status == Invitation.Status.INVITED:
            INVITATION.perform(invitation, "revoke", by=by)
        elif invitation.status == Invitation.Status.ACCEPTED:
            restore(nomination, {"invitation": invitation.pk}, by=by, reason=comment)
            named = lasting_members(nomination).filter(person__email=invitation.email)
            for member in named:
                close(member, on=max(today(), member.since), reason=comment, by=by)
    return nomination


def lasting_members(nomination):
    members = TeamMembership.objects.lasting().filter(participation=nomination.participation)
    return members.select_related("participation", "person")


def restore(nomination, because, *, by, reason):
    """Give the lead back to everybody who lost it because of the nomination and is still in the team."""
    changes = JstEvent.objects.filter(
        participation=nomination.participation, event__kind="jst.membership.change"
    )
    (key, value), *_rest = because.items()
    lost = changes.filter(**{f"event__data__{key}": value}).values("membership__person")
    for member in lasting_members(nomination).filter(person__in=lost, is_lead=False):
        replace(member, rights=rights_of(member) | {"is_lead"}, reason=reason, by=by)


def demote(nomination, *, by, reason):
    """Take the lead from the member whom the office named; the other rights stay."""
    named = lasting_members(nomination).filter(person=nomination.membership.person_id, is_lead=True)
    for member in named:
        replace(member, rights=rights_of(member) - {"is_lead"}, reason=reason, by=by)
