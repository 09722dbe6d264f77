"""The specification: who is offered which move in which state."""

import pytest

from plans.models import PlanVersion
from plans.workflow import VERSION
from tests.conftest import ROLES, person_of
from tests.situations import plan_version

pytestmark = pytest.mark.django_db

# State → role → moves offered. Roles that are not named are offered nothing.
OFFERED = {
    "draft": {"author": ["ask_signature"], "lead": ["ask_signature"]},
    "awaiting_signature": {"lead": ["recall"], "signatory": ["decline", "send"]},
    "sent": {"lead": ["take_back"], "coordinator": ["start_review"], "administrator": ["start_review"]},
    "taken_back": {},
    "in_review": {
        "coordinator": ["return", "accept", "refuse"],
        "administrator": ["return", "accept", "refuse"],
    },
    "returned": {},
    "accepted": {"lead": ["amend"]},
    "not_accepted": {},
}


@pytest.mark.parametrize("status", PlanVersion.Status.values)
def test_each_role_is_offered_exactly_its_moves(cast, status):
    version = plan_version(cast, status)

    offered = {}
    for role in ROLES:
        person = person_of(cast, role)
        moves = [move.name for move in VERSION.available(version, person)] if person else []
        if moves:
            offered[role] = moves

    assert version.status == status
    assert offered == OFFERED[status]
