"""What is still missing: one test for each rule, on a plan that is complete but for one thing."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Goal,
    Plan,
    PlanIndicator,
    PlanVersion,
    SchoolCommitment,
    SwotItem,
    Text,
)
from plans.problems import problems
from tests.factories import SchoolFactory
from tests.situations import complete_draft, plan_version, remark_on, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return complete_draft(cast)


def found(version):
    """Return (section, severity) of each problem, but for what every test leaves empty."""
    return [
        (problem.section, problem.severity)
        for problem in problems(PlanVersion.objects.get(pk=version.pk))
        if problem.section != "evidence" and problem.code != "section_optional"
    ]


def codes(version):
    """Return the codes of what was found, each once."""
    found = problems(PlanVersion.objects.get(pk=version.pk))
    return {problem.code for problem in found if problem.section != "evidence"}


def test_a_complete_plan_has_none(version):
    assert found(version) == []


def test_an_empty_draft_misses_every_required_section(cast):
    version = started_plan(cast).latest()

    required = {section for section, severity in found(version) if severity == "blocker"}

    assert required == {
        "zespol", "debate", "demografia", "wyniki", "kadra", "swot", "wizja", "goals", "schools", "actions",
        "indicators", "budget", "risks", "monitorowanie",
    }  # fmt: skip


def test_a_narrow_plan_asks_for_less(cast):
    version = started_plan(cast, scope="narrow").latest()

    required = {section for section, severity in found(version) if severity == "blocker"}

    assert required == {
        "zespol", "debate", "wyniki", "kadra", "goals", "schools", "actions", "indicators", "monitorowanie",
    }  # fmt: skip


def text_too_long(version):
    Text.objects.filter(version=version, key="wizja").update(body="słowo " * 251)


def debate_without_a_date(version):
    Debate.objects.filter(version=version).update(held_on=None)


def debate_without_conclusions(version):
    Debate.objects.filter(version=version).update(conclusions="")


def goal_without_a_name(version):
    Goal.objects.filter(version=version, level="operational").update(title="")


def goal_without_a_parent(version):
    extra = Goal.objects.create(version=version, level="strategic", title="Drugi")
    Goal.objects.filter(version=version, level="operational").update(parent=None)
    extra.delete()


def goal_without_competences(version):
    Goal.objects.get(version=version, level="operational").competences.clear()


def goal_without_an_action(version):
    Action.objects.filter(version=version).update(goal=None)


def goal_without_an_indicator(version):
    PlanIndicator.objects.filter(version=version).update(goal=None)


def action_without_anybody_responsible(version):
    Action.objects.filter(version=version).update(responsible="")


def action_without_dates(version):
    Action.objects.filter(version=version).update(ends=None)


def action_that_ends_before_it_starts(version):
    Action.objects.filter(version=version).update(starts=date(2027, 1, 1), ends=date(2026, 12, 1))


def action_outside_the_years(version):
    Action.objects.filter(version=version).update(ends=date(2031, 1, 1))


def indicator_without_a_target(version):
    PlanIndicator.objects.filter(version=version).update(target=None)


def indicator_without_a_source(version):
    PlanIndicator.objects.filter(version=version).update(source="")


def school_without_a_start(version):
    SchoolCommitment.objects.filter(version=version).update(starts=None)


def school_without_competences(version):
    SchoolCommitment.objects.get(version=version).competences.clear()


def school_not_chosen(version):
    SchoolCommitment.objects.create(version=version, starts=date(2026, 9, 1))


def school_of_another_authority(version):
    SchoolCommitment.objects.filter(version=version).update(school=SchoolFactory())


def school_in_no_action(version):
    Action.objects.get(version=version).schools.clear()


def cost_without_a_year(version):
    ActionCost.objects.filter(version=version).update(year=None)


def budget_line_without_a_source(version):
    BudgetLine.objects.filter(version=version).update(source="")


def actions_dearer_than_the_budget(version):
    ActionCost.objects.filter(version=version).update(amount=Decimal(50000))


def money_that_no_action_spends(version):
    BudgetLine.objects.filter(version=version).update(amount=Decimal(10001))


def money_of_another_source(version):
    ActionCost.objects.filter(version=version).update(source="eu")


def cost_outside_the_years(version):
    ActionCost.objects.filter(version=version).update(year=2035)


def debate_still_to_come(version):
    Debate.objects.filter(version=version).update(held_on=timezone.localdate() + timedelta(days=2))


def debate_after_the_plan_was_begun(version):
    Plan.objects.filter(pk=version.plan_id).update(created_at=timezone.now() - timedelta(days=9000))


def two_goals_of_one_name(version):
    goal = Goal.objects.get(version=version, level="strategic")
    other = Goal.objects.create(version=version, level="strategic", title=f"  {goal.title.upper()}. ")
    part = Goal.objects.create(version=version, level="operational", parent=other, title="Inny")
    part.competences.set(goal.parts.get().competences.all())
    for model in (Action, PlanIndicator):
        row = model.objects.get(version=version)
        row.pk, row.uid, row.goal = None, uuid.uuid4(), part
        row.save()
    for action in Action.objects.filter(version=version):
        action.schools.set(SchoolCommitment.objects.filter(version=version))


def indicator_reached_after_the_plan(version):
    PlanIndicator.objects.filter(version=version).update(target_year=2031)


def section_emptied(version):
    SwotItem.objects.filter(version=version).delete()


RULES = [
    (text_too_long, {("wizja", "blocker")}),
    (debate_without_a_date, {("debate", "blocker")}),
    (debate_without_conclusions, {("debate", "blocker")}),
    (goal_without_a_name, {("goals", "blocker")}),
    (goal_without_a_parent, {("goals", "blocker")}),
    (goal_without_competences, {("goals", "blocker")}),
    (goal_without_an_action, {("actions", "blocker")}),
    (goal_without_an_indicator, {("indicators", "blocker")}),
    (action_without_anybody_responsible, {("actions", "blocker")}),
    (action_without_dates, {("actions", "blocker")}),
    (action_that_ends_before_it_starts, {("actions", "blocker")}),
    (action_outside_the_years, {("actions", "blocker")}),
    (indicator_without_a_target, {("indicators", "blocker")}),
    (indicator_without_a_source, {("indicators", "blocker")}),
    (school_without_a_start, {("schools", "blocker")}),
    (school_without_competences, {("schools", "blocker")}),
    (school_not_chosen, {("schools", "blocker")}),
    (school_of_another_authority, {("schools", "blocker"), ("schools", "warning")}),
    (school_in_no_action, {("schools", "warning"), ("actions", "warning")}),
    (cost_without_a_year, {("actions", "blocker")}),
    (budget_line_without_a_source, {("budget", "blocker"), ("budget", "warning")}),
    (actions_dearer_than_the_budget, {("budget", "warning")}),
    (money_that_no_action_spends, {("budget", "warning")}),
    (money_of_another_source, {("budget", "warning")}),
    (cost_outside_the_years, {("actions", "warning"), ("budget", "warning")}),
    (debate_still_to_come, {("debate", "blocker")}),
    (debate_after_the_plan_was_begun, {("debate", "warning")}),
    (two_goals_of_one_name, {("goals", "warning")}),
    (indicator_reached_after_the_plan, {("indicators", "warning")}),
    (section_emptied, {("swot", "blocker")}),
]


@pytest.mark.parametrize(("spoil", "expected"), RULES, ids=[spoil.__name__ for spoil, _expected in RULES])
def test_each_rule_tells_its_section_and_its_severity(version, spoil, expected):
    spoil(version)

    assert set(found(version)) == expected


def test_a_remark_not_answered_stops_sending_and_a_suggestion_does_not(cast):
    version = plan_version(cast, "in_review")
    remark_on(version, cast.reviewer, kind="missing")
    remark_on(version, cast.reviewer, kind="suggestion")
    from tests.situations import decide, hand_in, judged

    hand_in(judged(version.reviews.get()))
    decide(version, "return", by=cast.coordinator)

    assert found(version.plan.latest()) == [("goals", "blocker")]


def test_any_member_may_ask_what_is_missing_with_links_to_the_places(cast, browse):
    version = started_plan(cast).latest()

    page = browse(cast.reader).get(f"/plany/{version.plan_id}/czego-brakuje/")

    assert page.status_code == 200
    assert f"/plany/{version.plan_id}/sekcje/goals/" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_goals(version, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.situations import grow

    def cost():
        with CaptureQueriesContext(connection) as captured:
            problems(PlanVersion.objects.for_page().get(pk=version.pk))
        return len(captured)

    cost()
    few = cost()
    grow(version, 57)

    assert cost() == few
