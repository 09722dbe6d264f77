"""Who may be asked to review a plan."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.models import Plan, PlanVersion
from portal.workflow import TransitionError
from tests.factories import (
    AssignmentFactory,
    ExpertFactory,
    JstFactory,
    OperatorStaffFactory,
    ParticipationFactory,
)
from tests.situations import about, plan_version

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


def test_who_works_for_the_operator_of_the_edition_is_named_with_that_reason(cast, browse):
    version = plan_version(cast, "sent")
    OperatorStaffFactory(operator=cast.setup.edition.operator, person=cast.reviewer)

    response = browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/")

    shown = {expert.person: str(reason) for expert, reason in response.context["unavailable"]}
    assert shown[cast.reviewer] == "works for the operator that runs this edition"
    assert shown[cast.reviewer] in response.content.decode()
    assert cast.reviewer.expert not in response.context["page"].object_list


def test_who_works_for_another_operator_or_worked_once_may_be_asked(cast, browse):
    version = plan_version(cast, "sent")
    OperatorStaffFactory(person=cast.reviewer)
    OperatorStaffFactory(
        operator=cast.setup.edition.operator,
        person=cast.other_reviewer,
        until=today() - timedelta(days=1),
    )

    shown = browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/").context

    assert {expert.person for expert, _why in shown["unavailable"]} == {cast.caretaker}
    assert {expert.person for expert in shown["page"].object_list} == {cast.reviewer, cast.other_reviewer}


# --- The list of experts by hand ------------------------------------------------------------------


def rows_of(browse, cast, version):
    return browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/")


def test_experts_of_the_voivodeship_of_the_unit_come_first_then_the_least_busy(cast, browse):
    version = plan_version(cast, "sent")
    near = JstFactory(code=cast.participation.jst.voivodeship_code, kind="W", name="małopolskie")
    far = JstFactory(code="98", kind="W", name="śląskie")
    here, busy_here, there = (ExpertFactory(region=region) for region in (near, near, far))
    assign_reviewer(another_plan(cast), busy_here, by=cast.coordinator)

    response = rows_of(browse, cast, version)

    rows = list(response.context["page"].object_list)
    assert rows[:2] == [here, busy_here]
    assert rows.index(there) >= 2
    assert [row.is_near for row in rows] == [True, True] + [False] * (len(rows) - 2)
    assert response.content.decode().count("the unit’s voivodeship") == 2


def another_plan(cast):
    """A sent plan of another unit of the edition."""
    plan = Plan.objects.create(
        participation=ParticipationFactory(edition=cast.setup.edition),
        template=cast.setup.template,
        scope="wide",
    )
    return PlanVersion.objects.create(plan=plan, **about(), number=1, status="sent", sent_at=timezone.now())


def test_an_expert_whose_capacity_is_full_is_marked_with_it(cast, browse):
    version = plan_version(cast, "sent")
    full, free, unlimited = ExpertFactory(capacity=2), ExpertFactory(capacity=3), ExpertFactory()
    for expert in (full, free, unlimited):
        AssignmentFactory(expert=expert, participation=ParticipationFactory(edition=cast.setup.edition))
        assign_reviewer(another_plan(cast), expert, by=cast.coordinator)

    response = rows_of(browse, cast, version)

    rows = {row: row for row in response.context["page"].object_list}
    assert [rows[one].is_full for one in (full, free, unlimited)] == [True, False, False]
    assert response.content.decode().count("takes at most 2") == 1
    assert "takes at most 3" not in response.content.decode()
