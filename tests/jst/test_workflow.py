"""The tables of this app's processes as a literal: this is the specification."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jst import notifications
from jst.invitations import invite
from jst.models import Application, Invitation, JoinRequest, Nomination, Participation, RegisterUpload
from jst.models.dated import today
from jst.workflow import (
    APPLICATION,
    INVITATION,
    JOINING,
    NOMINATION,
    PARTICIPATION,
    PROCESSES,
    SENTENCES,
    UPLOAD,
)
from tests.conftest import ROLES, person_of
from tests.jst.calls import fresh, open_call, sent

pytestmark = pytest.mark.django_db

TABLES = {
    "jst.participation": [
        ("begin", {"qualified"}, "in_progress"),
        ("complete", {"in_progress"}, "completed"),
        ("withdraw", {"qualified", "in_progress"}, "withdrew"),
        ("exclude", {"qualified", "in_progress"}, "excluded"),
    ],
    "jst.invitation": [
        ("resend", {"invited"}, "invited"),
        ("revoke", {"invited"}, "revoked"),
        ("accept", {"invited"}, "accepted"),
    ],
    "jst.application": [
        ("send", {"draft"}, "sent"),
        ("accept", {"sent"}, "accepted"),
        ("reserve", {"sent"}, "reserve"),
        ("refuse", {"sent"}, "refused"),
        ("offer", {"reserve"}, "offered"),
        ("take", {"offered"}, "accepted"),
        ("decline", {"offered"}, "withdrawn"),
        ("lapse", {"offered"}, "lapsed"),
        ("withdraw", {"sent", "reserve"}, "withdrawn"),
    ],
    "jst.upload": [
        ("check", {"uploaded"}, "checked"),
        ("apply", {"checked"}, "applying"),
        ("recheck", {"checked", "failed"}, "uploaded"),
        ("finish", {"applying"}, "applied"),
        ("fail", {"uploaded", "applying"}, "failed"),
        ("drop", {"uploaded", "checked", "applying", "failed"}, "dropped"),
    ],
    "jst.joining": [
        ("ask", {"unproven"}, "asked"),
        ("approve", {"asked"}, "approved"),
        ("decline", {"asked"}, "declined"),
        ("withdraw", {"asked"}, "withdrawn"),
        ("lapse", {"asked"}, "lapsed"),
    ],
    "jst.nomination": [
        ("name", {"sent"}, "named"),
        ("undo", {"named"}, "undone"),
    ],
}

# Status → moves offered to those who run the edition, ORE and the operator; nobody else is offered any.
PARTICIPATION_OFFERS = {
    "qualified": ["begin", "withdraw", "exclude"],
    "in_progress": ["complete", "withdraw", "exclude"],
    "completed": [],
    "withdrew": [],
    "excluded": [],
}
# Status → moves that the lead is offered too.
INVITATION_OFFERS = {"invited": ["resend", "revoke"], "accepted": [], "revoked": []}
# Status → moves offered to the applicant, and to those who run the edition. Nobody is offered `lapse`.
APPLICATION_OFFERS = {
    "draft": (["send"], []),
    "sent": (["withdraw"], ["accept", "reserve", "refuse"]),
    "accepted": ([], []),
    "reserve": (["withdraw"], ["offer"]),
    "offered": (["take", "decline"], []),
    "refused": ([], []),
    "withdrawn": ([], []),
    "lapsed": ([], []),
}
# Status → moves of a register's file offered to ORE's coordinators and administrators; nobody else.
UPLOAD_OFFERS = {
    "uploaded": ["drop"],
    "checked": ["apply", "recheck", "drop"],
    "applying": ["drop"],
    "applied": [],
    "failed": ["recheck", "drop"],
    "dropped": [],
}
# The same for a request to join, as long as it is the turn of the lead.
JOINING_OFFERS = {
    "unproven": [],
    "asked": ["approve", "decline"],
    "approved": [],
    "declined": [],
    "withdrawn": [],
    "lapsed": [],
}
RUNNERS = {"coordinator", "administrator", "operator"}


def test_the_tables_are_these():
    found = {
        process.name: [(move.name, set(move.sources), move.target) for move in process.transitions.values()]
        for process in PROCESSES
    }

    assert found == TABLES


@pytest.mark.parametrize("status", PARTICIPATION_OFFERS)
def test_who_is_offered_which_move_of_a_participation(cast, status):
    Participation.objects.filter(pk=cast.participation.pk).update(status=status)
    participation = Participation.objects.get(pk=cast.participation.pk)

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in PARTICIPATION.available(participation, person_of(cast, role))]
        assert (role, offered) == (role, PARTICIPATION_OFFERS[status] if role in RUNNERS else [])


@pytest.mark.parametrize("status", INVITATION_OFFERS)
def test_who_is_offered_which_move_of_an_invitation(cast, status):
    person = {"email": "nowa@example.org", "first_name": "Ewa", "last_name": "Nowa"}
    pk = invite(cast.participation, by=cast.lead, **person).pk
    Invitation.objects.filter(pk=pk).update(status=status)
    invitation = Invitation.objects.get(pk=pk)

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in INVITATION.available(invitation, person_of(cast, role))]
        assert (role, offered) == (role, INVITATION_OFFERS[status] if role in {"lead", *RUNNERS} else [])


@pytest.mark.parametrize("status", APPLICATION_OFFERS)
def test_who_is_offered_which_move_of_an_application(cast, status):
    application = sent(open_call(cast), applicant=cast.reader)
    until = timezone.now() + timedelta(days=1)
    Application.objects.filter(pk=application.pk).update(status=status, offered_until=until, position=1)
    application = fresh(application)
    applicants, runners = APPLICATION_OFFERS[status]

    for role in set(ROLES) - {"anonymous"}:
        expected = applicants if role == "reader" else runners if role in RUNNERS else []
        offered = [move.name for move in APPLICATION.available(application, person_of(cast, role))]
        assert (role, offered) == (role, expected)


def test_nobody_decides_about_an_own_application(cast):
    application = sent(open_call(cast), applicant=cast.operator)

    assert [move.name for move in APPLICATION.available(application, cast.operator)] == ["withdraw"]


@pytest.mark.parametrize("status", UPLOAD_OFFERS)
def test_who_is_offered_which_move_of_a_file(cast, status):
    upload = RegisterUpload(source="terc", status=status)

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in UPLOAD.available(upload, person_of(cast, role))]
        ore = role in {"coordinator", "administrator"}
        assert (role, offered) == (role, UPLOAD_OFFERS[status] if ore else [])


@pytest.mark.parametrize("status", JOINING_OFFERS)
def test_who_is_offered_which_move_of_a_request_to_join(cast, status):
    request = JoinRequest.objects.create(
        participation=cast.participation,
        email="nowa@example.org",
        first_name="Ewa",
        last_name="Nowa",
        asked_on=today(),
        status=status,
    )

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in JOINING.available(request, person_of(cast, role))]
        assert (role, offered) == (role, JOINING_OFFERS[status] if role in {"lead", *RUNNERS} else [])


def test_only_those_who_run_the_edition_are_offered_to_undo_a_nomination(cast):
    member = cast.participation.memberships.get(person=cast.lead)
    nomination = Nomination.objects.create(
        participation=cast.participation, membership=member, status="named"
    )

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in NOMINATION.available(nomination, person_of(cast, role))]
        assert (role, offered) == (role, ["undo"] if role in RUNNERS else [])


def test_every_move_and_every_letter_has_its_sentence():
    moves = {kind for process in PROCESSES for kind in process.kinds()}

    assert moves <= set(SENTENCES)
    assert set(notifications.RECIPIENTS) <= set(SENTENCES)
    assert set(notifications.CONTEXT) == set(notifications.RECIPIENTS)
