"""Who may be asked to review a plan."""

import pytest

from plans.assigning import assign_reviewer
from portal.workflow import TransitionError
from tests.factories import AssignmentFactory, ParticipationFactory
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


def test_who_cared_for_the_unit_in_another_edition_does_not_review_its_plan(cast, browse):
    version = plan_version(cast, "sent")
    earlier = ParticipationFactory(jst=cast.participation.jst)
    AssignmentFactory(participation=earlier, expert=cast.reviewer.expert)

    shown = browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/").context

    assert cast.reviewer.expert not in shown["page"].object_list
    assert {expert for expert, _why in shown["unavailable"]} == {
        cast.reviewer.expert,
        cast.caretaker.expert,
    }
    with pytest.raises(TransitionError):
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
