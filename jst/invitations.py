"""Invitations to a team: a letter with a link, a page with a button, a member.

The secret of the link is stored nowhere. It is computed from the invitation's nonce and the portal's key,
so a copy of the database opens nothing, and a new nonce makes the link of the letter before worthless.
"""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jst import letter_links
from jst.models import Invitation, JstEvent, TeamMembership
from jst.moves import OPEN_PARTICIPATIONS, new_nonce
from jst.permissions import can_manage_team
from jst.workflow import INVITATION
from portal.accounts import open_account
from portal.models import ChainHead, User
from portal.models.user import normal_email
from portal.workflow import NotAllowed, TransitionError, note

OPEN_PER_TEAM = 20
LETTERS_PER_DAY = 40


class Unusable(TransitionError):
    """The link opens nothing: used, withdrawn, out of date, or never was."""


def token(invitation):
    """Return the secret of the link in the latest letter: 256 bits."""
    return letter_links.secret("jst.invitations", invitation)


def opens(invitation, secret):
    """Whether `secret` is the one of the latest letter and the invitation still waits."""
    return (
        letter_links.matches("jst.invitations", invitation, secret)
        and invitation.status == Invitation.Status.INVITED
        and not invitation.is_expired
        and invitation.participation.status in OPEN_PARTICIPATIONS
    )


def find(pk, secret):
    """Return the open invitation that the link leads to, or None."""
    rows = Invitation.objects.select_related("participation__jst", "participation__edition", "invited_by")
    invitation = rows.filter(pk=pk).first()
    return invitation if invitation and opens(invitation, secret) else None


def invite(participation, *, email, first_name, last_name, by, at=None, **fields):
    """Invite an address to the team and send it a letter; return the invitation.

    `fields` are those of `Invitation`: function, role_kind, the rights, from when to when. Nothing here
    depends on whether the address has an account.
    """
    email = normal_email(email)
    with transaction.atomic():
        ChainHead.hold()
        participation.refresh_from_db(fields=["status"])
        if not can_manage_team(by, participation):
            raise NotAllowed(_("Only the lead of the team and those who run the edition invite."))
        names = {"first_name": first_name, "last_name": last_name}
        return write_invitation(participation, email=email, by=by, at=at, **names, **fields)


def write_invitation(participation, *, email, by, at=None, **fields):
    """Make the invitation and its letter for whoever may; the caller has asked and holds the chain."""
    if sentences := list(obstacles(participation, email)):
        raise TransitionError(*sentences)
    invitation = Invitation.objects.create(
        participation=participation, email=email, invited_by=by, nonce=new_nonce(), **fields
    )
    about = JstEvent(participation=participation, invitation=invitation)
    note("jst.invitation.invite", by=by, about=about, at=at)
    return invitation


def obstacles(participation, email):
    """Say what stops an invitation of this address to this team."""
    if participation.status not in OPEN_PARTICIPATIONS:
        yield _("This unit no longer takes part.")
    if TeamMembership.objects.lasting().filter(participation=participation, person__email=email).exists():
        yield _("This person is already in the team. Change their rights on the page of the team.")
    waiting = participation.invitations.filter(status=Invitation.Status.INVITED).aggregate(
        all=Count("pk"), same=Count("pk", filter=Q(email=email))
    )
    if waiting["same"]:
        yield _("This address is already invited. Send the letter again from the page of the team.")
    if waiting["all"] >= OPEN_PER_TEAM:
        yield _("Too many invitations wait for an answer. Withdraw those that are not needed.")
    letters = JstEvent.objects.filter(
        participation=participation,
        event__kind__in=["jst.invitation.invite", "jst.invitation.resend"],
        event__at__gt=timezone.now() - timedelta(days=1),
    )
    if letters.count() >= LETTERS_PER_DAY:
        yield _("The team has sent many letters today. Try again tomorrow.")


def resend(invitation, *, by):
    """Send a new letter with a new link, good for another seven days."""
    return INVITATION.perform(invitation, "resend", by=by)


def revoke(invitation, *, by):
    """Withdraw the invitation: its link opens nothing from now on."""
    return INVITATION.perform(invitation, "revoke", by=by)


def accept(invitation, *, secret, by=None, password="", first_name="", last_name=""):
    """Make the invited person a member of the team; return the person.

    `by` is the signed-in person, whose address must be the invited one. Without `by` an account is opened,
    unless the address has one: then its owner must sign in first. Of parallel requests one succeeds.
    """
    # Before the transaction: hashing is slow on purpose, and everybody waits for the head of the chain.
    hashed = make_password(password) if by is None else ""
    with transaction.atomic():
        ChainHead.hold()
        invitation.refresh_from_db()
        if not opens(invitation, secret):
            raise Unusable(_("This invitation cannot be used any more."))
        if by is None:
            if User.objects.filter(email=invitation.email).exists():
                raise NotAllowed(_("This address has an account. Sign in first."))
            by = open_account(invitation.email, first_name, last_name, password=hashed, proven=True)
        INVITATION.perform(invitation, "accept", by=by)
    return by
