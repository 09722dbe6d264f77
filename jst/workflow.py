"""The tables of this app's processes: taking part in an edition, and the ways into a team.

Read this first. A move is made by `PARTICIPATION.perform(participation, "begin", by=user)` and in no
other way; the tests hold the same tables as a literal (`tests/jst/test_workflow.py`).
"""

from django.utils.translation import gettext_lazy as _

from jst import moves, permissions
from jst.models import Invitation, JoinRequest, JstEvent, Nomination, Participation
from portal.workflow import Transition, Workflow

P, I = Participation.Status, Invitation.Status  # noqa: E741
J, N = JoinRequest.Status, Nomination.Status


def about_participation(participation):
    return JstEvent(participation=participation)


def about_invitation(invitation):
    return JstEvent(participation_id=invitation.participation_id, invitation=invitation)


def about_request(request):
    return JstEvent(participation_id=request.participation_id, join_request=request)


def about_nomination(nomination):
    return JstEvent(
        participation_id=nomination.participation_id,
        nomination=nomination,
        invitation_id=nomination.invitation_id,
        membership_id=nomination.membership_id,
    )


# fmt: off
PARTICIPATION = Workflow(
    "jst.participation",
    #          name        label                          from                           to             who                             only if, then
    Transition("begin",    _("Record the beginning"),     {P.QUALIFIED},                 P.IN_PROGRESS, permissions.may_run_participation),
    Transition("complete", _("Record the completion"),    {P.IN_PROGRESS},               P.COMPLETED,   permissions.may_run_participation,  then=moves.end_on),
    Transition("withdraw", _("Record the withdrawal"),    {P.QUALIFIED, P.IN_PROGRESS},  P.WITHDREW,    permissions.may_run_participation,  then=moves.end_on, needs_comment=True),
    Transition("exclude",  _("Exclude the unit"),         {P.QUALIFIED, P.IN_PROGRESS},  P.EXCLUDED,    permissions.may_run_participation,  then=moves.end_on, needs_comment=True),
    about=about_participation,
)

INVITATION = Workflow(
    "jst.invitation",
    Transition("resend",   _("Send the letter again"),    {I.INVITED},                   I.INVITED,     permissions.may_manage_invitation, obstacles=lambda i: [*moves.team_is_closed(i), *moves.letters_used_up(i)], then=moves.renew),
    Transition("revoke",   _("Withdraw the invitation"),  {I.INVITED},                   I.REVOKED,     permissions.may_manage_invitation, then=moves.cancel_letters),
    Transition("accept",   _("Join the team"),            {I.INVITED},                   I.ACCEPTED,    permissions.may_accept,            obstacles=moves.not_acceptable, then=moves.join, hidden=True),
    about=about_invitation,
)

JOINING = Workflow(
    "jst.joining",
    Transition("ask",      _("Send the request"),         {J.UNPROVEN},                  J.ASKED,       permissions.anybody,               obstacles=moves.cannot_ask, hidden=True),
    Transition("approve",  _("Invite the person"),        {J.ASKED},                     J.APPROVED,    permissions.may_answer,            obstacles=moves.team_is_closed, page="jst:join_request"),
    Transition("decline",  _("Decline the request"),      {J.ASKED},                     J.DECLINED,    permissions.may_answer,            needs_comment=True, page="jst:join_request"),
    Transition("withdraw", _("Withdraw the request"),     {J.ASKED},                     J.WITHDRAWN,   permissions.anybody,               hidden=True),
    Transition("lapse",    _("Close the request"),        {J.ASKED},                     J.LAPSED,      permissions.anybody,               hidden=True),
    about=about_request,
)

NOMINATION = Workflow(
    "jst.nomination",
    Transition("name",     _("Name the lead"),            {N.SENT},                      N.NAMED,       permissions.anybody,               obstacles=moves.team_is_closed, hidden=True),
    Transition("undo",     _("Undo the nomination"),      {N.NAMED},                     N.UNDONE,      permissions.may_run_nomination,    needs_comment=True, page="jst:nomination_undo"),
    about=about_nomination,
)
# fmt: on

PROCESSES = [PARTICIPATION, INVITATION, JOINING, NOMINATION]

# Event kind → the sentence of the history; {actor} and {person} are filled in.
SENTENCES = {
    "jst.participation.qualify": _("{actor} entered the unit in the edition."),
    "jst.participation.begin": _("{actor} recorded that the unit began its work."),
    "jst.participation.complete": _("{actor} recorded that the unit completed the edition."),
    "jst.participation.withdraw": _("{actor} recorded that the unit withdrew."),
    "jst.participation.exclude": _("{actor} excluded the unit from the edition."),
    "jst.invitation.invite": _("{actor} invited {person} to the team."),
    "jst.invitation.resend": _("{actor} sent {person} the invitation again."),
    "jst.invitation.revoke": _("{actor} withdrew the invitation for {person}."),
    "jst.invitation.accept": _("{person} joined the team."),
    "jst.joining.ask": _("{person} asked to join the team."),
    "jst.joining.escalate": _(
        "The request of {person} to join the team went to the next person to answer it."
    ),
    "jst.joining.approve": _("{actor} agreed that {person} joins the team."),
    "jst.joining.decline": _("{actor} declined the request of {person} to join the team."),
    "jst.joining.withdraw": _("{person} withdrew the request to join the team."),
    "jst.joining.lapse": _("The request of {person} to join the team was closed: nobody answered it."),
    "jst.nomination.send": _("The office was asked by its official mailbox who is to lead the team."),
    "jst.nomination.name": _("The office named {person} the lead of the team."),
    "jst.nomination.undo": _("{actor} undid the nomination of {person} by the office."),
    "jst.membership.begin": _("{actor} added {person} to the team."),
    "jst.membership.change": _("{actor} changed the rights of {person} in the team."),
    "jst.membership.end": _("{actor} ended the membership of {person}."),
    "jst.school.begin": _("{actor} added a school that the unit takes on: {school}."),
    "jst.school.end": _("{actor} recorded that the unit no longer takes on this school: {school}."),
    "jst.expert.begin": _("{actor} recorded that {person} is an expert of the programme."),
    "jst.expert.end": _("{actor} recorded that {person} is no longer an expert of the programme."),
    "jst.caretaker.assign": _("{actor} named {person} the caretaker of the unit."),
    "jst.assignment.add": _("{actor} assigned {person} to the unit."),
    "jst.assignment.end": _("{actor} ended the work of {person} with the unit."),
    "jst.conflict.declare": _("{actor} recorded that {person} may not judge this unit."),
    "jst.register.import": _("{actor} brought the register of units to the state of an official file."),
}
