"""The tables of taking part and of the ways into a team, as a literal: this is the specification."""

import pytest

from jst import notifications
from jst.invitations import invite
from jst.models import Invitation, JoinRequest, Nomination, Participation
from jst.models.dated import today
from jst.workflow import INVITATION, JOINING, NOMINATION, PARTICIPATION, PROCESSES, SENTENCES
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
