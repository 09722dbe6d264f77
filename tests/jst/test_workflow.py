"""The tables of taking part, of an invitation and of a file, as a literal: this is the specification."""

import pytest

from jst import notifications
from jst.invitations import invite
from jst.models import Invitation, Participation, RegisterUpload
from jst.workflow import INVITATION, PARTICIPATION, PROCESSES, SENTENCES, UPLOAD
from tests.conftest import ROLES, person_of

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
    "jst.upload": [
        ("check", {"uploaded"}, "checked"),
        ("apply", {"checked"}, "applying"),
        ("recheck", {"checked", "failed"}, "uploaded"),
        ("finish", {"applying"}, "applied"),
        ("fail", {"uploaded", "applying"}, "failed"),
        ("drop", {"uploaded", "checked", "applying", "failed"}, "dropped"),
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
# Status → moves of a register's file offered to ORE's coordinators and administrators; nobody else.
UPLOAD_OFFERS = {
    "uploaded": ["drop"],
    "checked": ["apply", "recheck", "drop"],
    "applying": ["drop"],
    "applied": [],
    "failed": ["recheck", "drop"],
    "dropped": [],
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


@pytest.mark.parametrize("status", UPLOAD_OFFERS)
def test_who_is_offered_which_move_of_a_file(cast, status):
    upload = RegisterUpload(source="terc", status=status)

    for role in set(ROLES) - {"anonymous"}:
        offered = [move.name for move in UPLOAD.available(upload, person_of(cast, role))]
        ore = role in {"coordinator", "administrator"}
        assert (role, offered) == (role, UPLOAD_OFFERS[status] if ore else [])


def test_every_move_and_every_letter_has_its_sentence():
    moves = {kind for process in PROCESSES for kind in process.kinds()}

    assert moves <= set(SENTENCES)
    assert set(notifications.RECIPIENTS) <= set(SENTENCES)
    assert set(notifications.CONTEXT) == set(notifications.RECIPIENTS)
