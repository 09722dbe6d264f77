"""The tables of this app's processes: taking part, the ways into a team, an application, a register's file.

Read this first. A move is made by `PARTICIPATION.perform(participation, "begin", by=user)` and in no
other way; the tests hold the same tables as a literal (`tests/jst/test_workflow.py`).
"""

from django.utils.translation import gettext_lazy as _

from jst import application_moves as apply
from jst import moves, permissions
from jst.models import (
    Application,
    Invitation,
    JoinRequest,
    JstEvent,
    Nomination,
    Participation,
    RegisterUpload,
)
from portal.workflow import Transition, Workflow

P, I = Participation.Status, Invitation.Status  # noqa: E741
A, U = Application.Status, RegisterUpload.Status
J, N = JoinRequest.Status, Nomination.Status


def about_participation(participation):
    return JstEvent(participation=participation)


def about_invitation(invitation):
    return JstEvent(participation_id=invitation.participation_id, invitation=invitation)


def about_application(application):
    return JstEvent(
        application=application, call_id=application.call_id, participation_id=application.participation_id
    )


def about_upload(upload):
    return JstEvent(register_upload=upload, register_import_id=upload.register_import_id)


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

DECISION, OFFER = "jst:application_decision", "jst:application_offer"
APPLICATION = Workflow(
    "jst.application",
    Transition("send",     _("Send the application"),     {A.DRAFT},                       A.SENT,      permissions.is_applicant,        obstacles=apply.incomplete, facts=apply.seal, page="jst:application_send"),
    Transition("accept",   _("Accept"),                   {A.SENT},                        A.ACCEPTED,  permissions.may_run_application, obstacles=apply.accepting, facts=apply.grounds, needs_comment=True, page=DECISION),
    Transition("reserve",  _("Put on the reserve list"),  {A.SENT},                        A.RESERVE,   permissions.may_run_application, obstacles=apply.reserving, facts=apply.grounds, then=apply.line_up, needs_comment=True, page=DECISION),
    Transition("refuse",   _("Refuse"),                   {A.SENT},                        A.REFUSED,   permissions.may_run_application, obstacles=apply.decided("refuse"), facts=apply.grounds, needs_comment=True, page=DECISION),
    Transition("offer",    _("Offer a place"),            {A.RESERVE},                     A.OFFERED,   permissions.may_run_application, obstacles=apply.offering, facts=apply.terms, then=apply.sign, page="jst:reserve_next"),
    Transition("take",     _("Take the place"),           {A.OFFERED},                     A.ACCEPTED,  permissions.is_applicant,        obstacles=apply.taking, page=OFFER),
    Transition("decline",  _("Give up the place"),        {A.OFFERED},                     A.WITHDRAWN, permissions.is_applicant,        obstacles=apply.offer_has_lapsed, page=OFFER),
    Transition("lapse",    _("Record that the offer lapsed"), {A.OFFERED},                 A.LAPSED,    permissions.is_the_portal,       obstacles=apply.offer_still_stands, hidden=True),
    Transition("withdraw", _("Withdraw the application"), {A.SENT, A.RESERVE},             A.WITHDRAWN, permissions.is_applicant,        then=apply.close_ranks, page="jst:application_withdraw"),
    about=about_application,
)

# A file of a register: `uploads` makes the hidden moves from its jobs, in the name of whoever asked.
UPLOAD = Workflow(
    "jst.upload",
    Transition("check",    _("Record what was found"),    {U.UPLOADED},                  U.CHECKED,     permissions.may_report,            hidden=True),
    Transition("apply",    _("Apply the file"),           {U.CHECKED},                   U.APPLYING,    permissions.may_import,            obstacles=moves.not_applicable, then=moves.apply_soon, page="jst:upload_apply"),
    Transition("recheck",  _("Check the file again"),     {U.CHECKED, U.FAILED},         U.UPLOADED,    permissions.may_import,            then=moves.check_soon),
    Transition("finish",   _("Record the state"),         {U.APPLYING},                  U.APPLIED,     permissions.may_report,            then=moves.forget_lines, hidden=True),
    Transition("fail",     _("Record why not"),           {U.UPLOADED, U.APPLYING},      U.FAILED,      permissions.may_report,            hidden=True),
    Transition("drop",     _("Drop the file"),            {U.UPLOADED, U.CHECKED, U.APPLYING, U.FAILED}, U.DROPPED, permissions.may_import, obstacles=moves.still_applying, then=moves.forget_file),
    about=about_upload,
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

PROCESSES = [PARTICIPATION, INVITATION, JOINING, NOMINATION, APPLICATION, UPLOAD]

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
    "jst.expert.change": _("{actor} changed where {person} works and how many units they would care for."),
    "jst.expert.end": _("{actor} recorded that {person} is no longer an expert of the programme."),
    "jst.caretaker.assign": _("{actor} named {person} the caretaker of the unit."),
    "jst.deputy.assign": _("{actor} asked {person} to stand in for the caretaker of the unit."),
    "jst.assignment.add": _("{actor} assigned {person} to the unit."),
    "jst.assignment.end": _("{actor} ended the work of {person} with the unit."),
    "jst.conflict.declare": _("{actor} recorded that {person} may not judge this unit."),
    "jst.conflict.state": _("{actor} stated which units of an edition {person} has a conflict with."),
    "jst.operator.employ": _("{actor} recorded that {person} works for an operator."),
    "jst.operator.release": _("{actor} recorded that {person} no longer works for an operator."),
    "jst.edition.copy": _("{actor} made the edition as a copy of another one."),
    "jst.edition.entrust": _("{actor} changed who runs the edition."),
    "jst.target.set": _("{actor} set a target."),
    "jst.application.send": _("{actor} sent the application."),
    "jst.application.accept": _("{actor} accepted the application."),
    "jst.application.reserve": _("{actor} put the application on the reserve list."),
    "jst.application.refuse": _("{actor} refused the application."),
    "jst.application.offer": _("{actor} offered a place from the reserve list."),
    "jst.application.take": _("{actor} took the place that was offered."),
    "jst.application.decline": _("{actor} gave up the place that was offered."),
    "jst.application.lapse": _("The offer of a place lapsed without an answer."),
    "jst.application.withdraw": _("{actor} withdrew the application."),
    "jst.application.score": _("{actor} scored the application."),
    "jst.call.change": _("{actor} changed the terms of a call that had opened."),
    "jst.call.copy": _("{actor} copied the call from another edition."),
    "jst.register.import": _("{actor} brought a register to the state of an official file."),
    "jst.upload.upload": _("{actor} uploaded the file."),
    "jst.upload.check": _("The file was checked."),
    "jst.upload.recheck": _("{actor} asked to check the file again."),
    "jst.upload.apply": _("{actor} asked to apply the file."),
    "jst.upload.finish": _("The file was applied."),
    "jst.upload.fail": _("The file cannot be used; nothing was written."),
    "jst.upload.drop": _("{actor} dropped the file."),
    "jst.correction.correct": _("{actor} corrected by hand: {field}."),
    "jst.correction.undo": _("{actor} took the register’s value back: {field}."),
    "jst.data.setup": _("{actor} said which data a project collects of its participants."),
    "jst.data.save": _("{actor} gave data for a project."),
    "jst.data.read": _("{actor} read restricted data of {person}."),
    "jst.person.merge": _("{actor} closed a second account of {person}."),
    "jst.person.distinguish": _("{actor} recorded that these are two people: {person}."),
}
