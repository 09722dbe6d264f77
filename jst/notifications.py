"""Who is told about what happens to teams, and what the letters say."""

from django.conf import settings
from django.urls import reverse

from jst.invitations import token
from jst.models import TeamMembership


def invited_address(event):
    return [event.jstevent.invitation.email]


def leads(event):
    """The leads of the team today; whoever acted is left out by the outbox."""
    members = TeamMembership.objects.today().filter(participation=event.jstevent.participation, is_lead=True)
    return [member.person for member in members.select_related("person")]


def leads_and_inviter(event):
    return [*leads(event), event.jstevent.invitation.invited_by]


def member(event):
    return [event.jstevent.membership.person]


def expert(event):
    return [event.jstevent.assignment.expert.person]


def leads_and_expert(event):
    return [*leads(event), *expert(event)]


RECIPIENTS = {
    "jst.invitation.invite": invited_address,
    "jst.invitation.resend": invited_address,
    "jst.invitation.accept": leads_and_inviter,
    "jst.membership.begin": member,
    "jst.membership.change": member,
    "jst.membership.end": member,
    "jst.participation.begin": leads,
    "jst.caretaker.assign": leads_and_expert,
    "jst.deputy.assign": leads_and_expert,
    "jst.assignment.add": expert,
    "jst.assignment.end": expert,
}

# The invited person waits at the mailbox.
AT_ONCE = {"jst.invitation.invite", "jst.invitation.resend"}


def team_words(event, recipient):
    """Return the team the letter is about, the person it names and where to look."""
    about = event.jstevent
    return {
        "team": about.participation,
        "person": about.words()["person"],
        "membership": about.membership,
        "assignment": about.assignment,
        "link": settings.PORTAL_ORIGIN + about.participation.get_absolute_url(),
    }


def invitation_words(event, recipient):
    """Return what the invited person reads; the link is that of the latest letter."""
    invitation = event.jstevent.invitation
    path = reverse("jst:invitation_open", args=[invitation.pk, token(invitation)])
    return {
        "team": invitation.participation,
        "invitation": invitation,
        "link": settings.PORTAL_ORIGIN + path,
    }


CONTEXT = dict.fromkeys(RECIPIENTS, team_words) | dict.fromkeys(AT_ONCE, invitation_words)
