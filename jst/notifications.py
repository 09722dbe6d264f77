"""Who is told about what happens to teams, and what the letters say."""

from django.conf import settings
from django.urls import reverse

from jst.invitations import token
from jst.models import ApplicationDecision, TeamMembership


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


def applicant(event):
    return [event.jstevent.application.applicant]


def sender_and_office(event):
    """A receipt to whoever sent the application, and to the office's own mailbox of the register."""
    application = event.jstevent.application
    return [address for address in (event.actor.email, application.jst.mailbox) if address]


def runners(event):
    """Those who wait for the answer to an offer: whoever made it."""
    application = event.jstevent.application
    return [application.offered_by] if application.offered_by else []


APPLICATION_RECIPIENTS = {
    "jst.application.send": sender_and_office,
    "jst.application.accept": applicant,
    "jst.application.reserve": applicant,
    "jst.application.refuse": applicant,
    "jst.application.offer": applicant,
    "jst.application.take": runners,
    "jst.application.decline": runners,
    "jst.application.lapse": lambda event: [*applicant(event), *runners(event)],
}
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
    **APPLICATION_RECIPIENTS,
}

INVITING = {"jst.invitation.invite", "jst.invitation.resend"}
# The invited person waits at the mailbox, and so does whoever has just sent an application.
AT_ONCE = INVITING | {"jst.application.send"}


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


def application_words(event, recipient):
    """Return what the letters about an application say; the reason is the decision's own."""
    application = event.jstevent.application
    page = "jst:application_offer" if event.kind == "jst.application.offer" else "jst:application"
    decision = ApplicationDecision.objects.filter(application=application).first()
    return {
        "application": application,
        "call": application.call,
        # In one line: it stands in the subject.
        "unit": " ".join(application.jst.full_name.split()),
        "reason": decision.reason if decision else "",
        "link": settings.PORTAL_ORIGIN + reverse(page, args=[application.pk]),
    }


CONTEXT = (
    dict.fromkeys(RECIPIENTS, team_words)
    | dict.fromkeys(INVITING, invitation_words)
    | dict.fromkeys(APPLICATION_RECIPIENTS, application_words)
)
