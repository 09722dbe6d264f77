"""Who is told about what happens to teams, and what the letters say."""

from django.conf import settings
from django.urls import reverse

from jst import letter_links, nominations
from jst.invitations import token
from jst.models import ApplicationDecision, ExpertAssignment, JoinRequest, OperatorStaff, TeamMembership
from portal.groups import COORDINATOR
from portal.models import User


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


def offerer(event):
    """Those who wait for the answer to an offer: whoever made it."""
    application = event.jstevent.application
    return [application.offered_by] if application.offered_by else []


APPLICATION_RECIPIENTS = {
    "jst.application.send": sender_and_office,
    "jst.application.accept": applicant,
    "jst.application.reserve": applicant,
    "jst.application.refuse": applicant,
    "jst.application.offer": applicant,
    "jst.application.take": offerer,
    "jst.application.decline": offerer,
    "jst.application.lapse": lambda event: [*applicant(event), *offerer(event)],
}


def caretakers(event):
    """The caretaker of the team today, and who stands in for them."""
    assigned = ExpertAssignment.objects.today().caring().filter(participation=event.jstevent.participation)
    return [assignment.expert.person for assignment in assigned.select_related("expert__person")]


def runners(event):
    """The people of the operator who runs the edition; where ORE runs it, its coordinators."""
    edition = event.jstevent.participation.edition
    if edition.operator_id is None:
        return list(User.objects.filter(groups__name=COORDINATOR, is_staff=True, is_active=True))
    staff = OperatorStaff.objects.today().filter(operator=edition.operator_id).select_related("person")
    return [row.person for row in staff]


def whose_turn(event):
    """Those who are to answer a request to join."""
    ask = {JoinRequest.Turn.LEAD: leads, JoinRequest.Turn.CARETAKER: caretakers}
    return ask.get(event.jstevent.join_request.turn, runners)(event)


def asking_address(event):
    return [event.jstevent.join_request.email]


def official_mailbox(event):
    return [event.jstevent.nomination.mailbox]


def concerned_by_nomination(event):
    """The leads there are, the caretaker and whoever runs the edition: each can say that it is wrong."""
    return [*leads(event), *caretakers(event), *runners(event)]


def told_of_undoing(event):
    named = event.jstevent.invitation
    return [*leads(event), *caretakers(event), *([named.email] if named else [])]


RECIPIENTS = {
    "jst.invitation.invite": invited_address,
    "jst.invitation.resend": invited_address,
    "jst.invitation.accept": leads_and_inviter,
    "jst.joining.ask": whose_turn,
    "jst.joining.escalate": whose_turn,
    "jst.joining.decline": asking_address,
    "jst.joining.lapse": asking_address,
    "jst.nomination.send": official_mailbox,
    "jst.nomination.name": concerned_by_nomination,
    "jst.nomination.undo": told_of_undoing,
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

# The invited person waits at the mailbox, and so do the office that is to name a lead and whoever has just
# sent an application.
INVITING = {"jst.invitation.invite", "jst.invitation.resend"}
AT_ONCE = INVITING | {"jst.nomination.send", "jst.application.send"}


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


def request_words(event, recipient):
    """Return who asks to join which team; the link leads to the page where it is answered."""
    request = event.jstevent.join_request
    return {
        "team": request.participation,
        "request": request,
        "link": settings.PORTAL_ORIGIN + request.get_absolute_url(),
        "find": settings.PORTAL_ORIGIN + reverse("jst:join_find"),
    }


def nomination_words(event, recipient):
    """Return what the office reads; the link is good for seven days."""
    nomination = event.jstevent.nomination
    return {
        "team": nomination.participation,
        "nomination": nomination,
        "link": letter_links.address("jst:nominate_open", nominations.PURPOSE, nomination),
    }


def named_words(event, recipient):
    """Return whom the office named, and where whoever runs the edition undoes it."""
    nomination = event.jstevent.nomination
    undo = reverse("jst:nomination_undo", args=[nomination.pk])
    return team_words(event, recipient) | {"undo": settings.PORTAL_ORIGIN + undo}


ASKING = [f"jst.joining.{move}" for move in ("ask", "escalate", "decline", "lapse")]
CONTEXT = (
    dict.fromkeys(RECIPIENTS, team_words)
    | dict.fromkeys(INVITING, invitation_words)
    | dict.fromkeys(APPLICATION_RECIPIENTS, application_words)
    | dict.fromkeys(ASKING, request_words)
    | {
        "jst.nomination.send": nomination_words,
        "jst.nomination.name": named_words,
        "jst.nomination.undo": named_words,
    }
)
