"""A prepared question answers as the one that is written anew, for whoever asks and whatever changed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from jst.models import TeamMembership
from jst.navigation import standing
from plans.filters import editions_of
from plans.models import Plan, PlanVersion, SectionState
from plans.tallies import counted_of
from plans.views.reading import plan_of, team_of, version_of
from plans.views.writing import newest_version
from portal import prepared as module
from portal.groups import COORDINATOR
from portal.models import User
from portal.prepared import prepared, prepared_for_all
from tests.conftest import ROLES
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


def person(cast, role):
    return AnonymousUser() if role == "anonymous" else User.objects.get(pk=getattr(cast, role).pk)


@pytest.fixture
def plan(cast):
    return plan_version(cast, "draft").plan


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_plain_question_gives(cast, plan, role):
    user = person(cast, role)
    for name, build, values in [
        ("plan", plan_of, [plan.pk]),
        ("version", version_of, [plan.pk, 1]),
        ("newest", newest_version, [plan.pk]),
        ("team", team_of, [plan.participation_id]),
        ("editions", editions_of, []),
        ("tallies", counted_of, [plan.pk, 0, 0]),
    ]:
        # Twice: the first writes the statement, the second only asks it.
        assert prepared(name, build, user, *values) == list(build(user, *values))
        assert prepared(name, build, user, *values) == list(build(user, *values))


def test_a_small_number_is_compared_though_its_stand_in_is_larger_than_any(plan):
    """A column of small numbers: the condition would be left out as always true."""

    def before(number):
        return PlanVersion.objects.filter(plan=plan.pk, number__lt=number)

    assert prepared_for_all("before", before, 1) == []
    assert prepared_for_all("before", before, 2) == list(before(2))


def test_two_people_of_the_same_kind_are_not_taken_for_each_other(cast, plan):
    assert prepared("two", plan_of, person(cast, "lead"), plan.pk) == [plan]
    assert prepared("two", plan_of, person(cast, "other_team"), plan.pk) == []
    assert prepared("two", plan_of, person(cast, "author"), plan.pk) == [plan]


def test_another_plan_is_another_question(cast, plan):
    assert prepared("other", plan_of, person(cast, "coordinator"), plan.pk) == [plan]
    assert prepared("other", plan_of, person(cast, "coordinator"), plan.pk + 1) == []


def test_the_database_is_asked_every_time(cast, plan):
    lead = person(cast, "lead")
    assert prepared("anew", newest_version, lead, plan.pk)[0].status == "draft"

    PlanVersion.objects.filter(plan=plan).update(status="awaiting_signature")

    assert prepared("anew", newest_version, lead, plan.pk)[0].status == "awaiting_signature"


def test_whoever_leaves_the_team_sees_nothing_at_the_next_request(cast, plan):
    author = person(cast, "author")
    assert prepared("leaving", plan_of, author, plan.pk) == [plan]

    TeamMembership.objects.filter(person=author).update(until=timezone.localdate())

    assert prepared("leaving", plan_of, author, plan.pk) == []


def test_a_new_group_of_ore_is_another_kind_of_person(cast, plan):
    assert prepared("group", plan_of, person(cast, "other_team"), plan.pk) == []
    from django.contrib.auth.models import Group

    User.objects.filter(pk=cast.other_team.pk).update(is_staff=True)
    cast.other_team.groups.add(Group.objects.get(name=COORDINATOR))

    assert prepared("group", plan_of, person(cast, "other_team"), plan.pk) == [plan]


def test_a_statement_lasts_one_day(cast, plan, monkeypatch):
    author = person(cast, "author")
    tomorrow = timezone.localdate() + timedelta(days=1)
    TeamMembership.objects.filter(person=author).update(until=tomorrow)
    assert prepared("day", plan_of, author, plan.pk) == [plan]

    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)

    assert prepared("day", plan_of, author, plan.pk) == []


def test_statements_do_not_grow_without_end(cast, plan, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    for number in range(10):
        prepared(f"many {number}", plan_of, person(cast, "lead"), plan.pk)

    assert len(module.kept) <= 3


def test_what_another_thread_drops_meanwhile_is_answered_all_the_same(cast, plan, monkeypatch):
    class Forgetful(dict):
        def __setitem__(self, key, statement):
            self.clear()

    monkeypatch.setattr(module, "kept", Forgetful())

    assert prepared("dropped", plan_of, person(cast, "lead"), plan.pk) == [plan]


def test_statements_of_another_day_go_first(cast, plan, monkeypatch):
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    monkeypatch.setattr(module, "kept", {("old", "a", 1): None, ("new", "a", timezone.localdate()): None})

    prepared("plan", plan_of, person(cast, "lead"), plan.pk)

    assert ("old", "a", 1) not in module.kept
    assert ("new", "a", timezone.localdate()) in module.kept


def test_a_joined_row_comes_with_the_row(cast, plan, django_assert_num_queries):
    lead = person(cast, "lead")
    prepared("joined", plan_of, lead, plan.pk)
    with django_assert_num_queries(1):
        found = prepared("joined", plan_of, lead, plan.pk)
        assert found[0].participation.jst.name == cast.participation.jst.name
    assert isinstance(found[0], Plan)


def test_standing_is_told_in_yes_and_no(cast):
    assert standing(person(cast, "lead"))["is_lead"] is True
    assert standing(person(cast, "reader"))["is_lead"] is False


def test_a_question_that_is_the_same_for_all_answers_for_each_text_and_number(cast, plan):
    def states(version, key):
        return SectionState.objects.filter(version=version, key=key)

    version = plan.latest()
    for key in ("wizja", "goals", "wizja", "nie ma takiej"):
        asked = prepared_for_all("states", states, version.pk, key)
        assert asked == list(states(version.pk, key))
    assert prepared_for_all("states", states, version.pk + 1, "wizja") == []
    assert prepared_for_all("states", states, module.LARGEST, "wizja") == []


@pytest.mark.parametrize("status", ["draft", "in_review", "returned"])
def test_every_question_of_the_pages_of_a_plan_is_kept(cast, browse, status):
    """Also on PostgreSQL, where a small number is compared by an expression."""
    version = plan_version(cast, status)
    newest = version.plan.latest()
    module.kept.clear()

    for user in (cast.lead, cast.coordinator):
        for where in (version.plan, version, newest):
            browse(user).get(where.get_absolute_url())
    browse(cast.lead).get(f"/plany/{version.plan_id}/sekcje/goals/")
    if status == "in_review":
        browse(cast.reviewer).get(version.reviews.get().get_absolute_url())

    assert [name for name, statement in module.kept.items() if statement is None] == []
    assert len(module.kept) > 10
