"""The expert's queue: what waits, until when, and how far each review is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.judging import criteria_of
from plans.models import Plan, PlanVersion, Review
from plans.sections import sections_of
from tests.factories import ParticipationFactory
from tests.plans.posting import address
from tests.plans.test_oversight import sent_plan
from tests.situations import about, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    """The cast's plan in review, given to the reviewer, nothing written yet."""
    return plan_version(cast, "in_review").reviews.get()


@pytest.fixture
def many_plans(cast):
    """Return so many sent plans of other units."""

    def make(count):
        versions = []
        for _number in range(count):
            participation = ParticipationFactory(edition=cast.setup.edition)
            plan = Plan.objects.create(
                participation=participation,
                template=cast.setup.template,
                scope="wide",
            )
            versions.append(
                PlanVersion.objects.create(
                    plan=plan, **about(), number=1, status="sent", sent_at="2026-05-01T10:00Z"
                )
            )
        return versions

    return make


def test_the_queue_shows_the_unit_with_its_county_and_how_far_the_review_is(cast, browse, review):
    county = type(cast.participation.jst).objects.create(code="1802", kind="P", name="brzozowski")
    cast.participation.jst.parent = county
    cast.participation.jst.save()
    criterion = criteria_of(review)[0]
    browse(cast.reviewer).post(
        address(review), {"revision": 0, f"score-{criterion.pk}": "1", f"rationale-{criterion.pk}": "Bo tak."}
    )

    response = browse(cast.reviewer).get("/recenzje/")

    [line] = response.context["reviews"]
    assert line.unit == f"{cast.participation.jst.full_name} ({county.full_name})"
    assert (line.scored, line.criteria_count) == (1, 8)
    assert (line.judged_sections, line.sections_count) == (0, len(sections_of(review.version.plan)))
    assert line.is_waiting == 1
    assert line.unit in response.content.decode()


def test_an_expert_without_reviews_is_told_what_will_happen(cast, browse):
    response = browse(cast.other_reviewer).get("/recenzje/")
    assert response.context["reviews"] == []
    assert 'class="empty"' in response.content.decode()


def test_only_experts_have_a_queue(cast, browse):
    for person in (cast.lead, cast.coordinator, cast.auditor):
        assert browse(person).get("/recenzje/").status_code == 403
    assert browse(None).get("/recenzje/").status_code == 302


def test_the_queue_asks_as_much_for_one_review_as_for_many(cast, browse, review, many_plans):
    client = browse(cast.reviewer)
    client.get("/recenzje/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/recenzje/")
    for version in many_plans(5):
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    with CaptureQueriesContext(connection) as many:
        response = client.get("/recenzje/")
    assert len(response.context["reviews"]) == 6
    assert len(many) == len(few)


def test_overdue_reviews_are_marked(cast, browse, review):
    Review.objects.filter(pk=review.pk).update(due=today() - timedelta(days=1))
    [line] = browse(cast.reviewer).get("/recenzje/").context["reviews"]
    assert line.is_late is True


def test_of_reviews_due_on_one_day_the_least_judged_plan_comes_first(cast, browse, review):
    mine, judge = review, cast.other_reviewer.expert
    day = today() + timedelta(days=5)
    others = []
    for name in ("Alfa", "Beta"):
        plan = sent_plan(cast, name)
        others.append(assign_reviewer(plan, cast.reviewer.expert, by=cast.coordinator, due=day))
        PlanVersion.objects.filter(pk=plan.pk).update(status="in_review")
    Review.objects.filter(expert=mine.expert).update(due=day)
    hand_in(judged(assign_reviewer(mine.version, judge, by=cast.coordinator)))
    client = browse(cast.reviewer)
    alfa, beta = others

    def after(review):
        return client.get(f"{address(review)}nastepna/")["Location"]

    assert [line.pk for line in client.get("/recenzje/").context["reviews"]] == [alfa.pk, beta.pk, mine.pk]
    assert [after(alfa), after(beta), after(mine)] == [address(beta), address(mine), address(alfa)]

    Review.objects.filter(pk=beta.pk).update(due=None)
    assert [line.pk for line in client.get("/recenzje/").context["reviews"]] == [alfa.pk, mine.pk, beta.pk]
    assert [after(alfa), after(mine), after(beta)] == [address(mine), address(beta), address(alfa)]
