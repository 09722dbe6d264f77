"""What waits for whom: each person's first screen, in few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.decisions import prepare_decision
from plans.models import DeadlineExtension, Plan, PlanEvent, PlanVersion, Review
from plans.publishing import publish_plan
from plans.waiting import MOST, waiting_for
from plans.workflow import VERSION
from portal.workflow import note
from tests.conftest import ROLES, person_of
from tests.factories import ParticipationFactory
from tests.situations import about, decide, hand_in, judged, plan_version, remark_on, started_plan

pytestmark = pytest.mark.django_db


def urls(cast):
    """Return role → addresses of what waits for it; roles for which nothing waits are left out."""
    found = {role: [row.url for row in waiting_for(person_of(cast, role))] for role in ROLES[1:]}
    return {role: rows for role, rows in found.items() if rows}


def test_before_anything_is_written_the_lead_is_asked_to_start(cast):
    found = urls(cast)
    assert found == {
        "lead": [f"/zespoly/{cast.participation.pk}/plan/"],
        "other_team": [f"/zespoly/{cast.other_participation.pk}/plan/"],
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("draft", {"lead": "plan", "author": "plan"}),
        ("awaiting_signature", {"signatory": "plan"}),
        ("sent", {"coordinator": "reviewers", "administrator": "reviewers"}),
        ("in_review", {"reviewer": "review"}),
        ("returned", {"lead": "plan", "author": "plan"}),
        ("accepted", {"lead": "adoption"}),
        ("not_accepted", {}),
    ],
)
def test_the_plan_waits_for_those_whose_turn_it_is(cast, status, expected):
    version = plan_version(cast, status)
    review = version.reviews.first()
    places = {
        "plan": f"/plany/{version.plan_id}/",
        "reviewers": f"/plany/{version.plan_id}/recenzenci/",
        "adoption": f"/plany/{version.plan_id}/wersje/1/przyjecie/",
        "review": f"/recenzje/{review.pk}/" if review else "",
    }
    found = urls(cast)
    del found["other_team"]
    assert found == {role: [places[place]] for role, place in expected.items()}


def test_ore_is_led_from_the_reviews_to_the_decision_and_its_release(cast):
    version = plan_version(cast, "in_review")
    assert "coordinator" not in urls(cast)
    hand_in(judged(version.reviews.get()))
    page = f"/plany/{version.plan_id}/wersje/1/decyzja/"
    [to_decide] = waiting_for(cast.coordinator)
    prepare_decision(version, outcome="refuse", reason="Powód", by=cast.coordinator)
    [to_release] = waiting_for(cast.coordinator)
    assert (to_decide.url, to_release.url) == (page, page)
    assert to_decide.title != to_release.title
    assert "reviewer" not in urls(cast)


def test_the_deadline_is_that_of_the_edition_of_the_return_or_the_extension(cast):
    version = started_plan(cast).latest()
    edition = timezone.localtime(cast.setup.deadline).date()
    assert waiting_for(cast.lead)[0].due == edition
    later = timezone.now() + timedelta(days=90)
    DeadlineExtension.objects.create(plan=version.plan, until=later, reason="Powódź", by=cast.coordinator)
    assert waiting_for(cast.lead)[0].due == timezone.localtime(later).date()


def test_corrections_are_due_on_the_day_of_the_return_with_the_remarks_counted(cast):
    version = plan_version(cast, "in_review")
    for _number in range(2):
        remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    decide(version, "return", by=cast.coordinator)
    [row] = waiting_for(cast.author)
    assert row.due == today() + timedelta(days=14)
    assert "2" in row.reason


def test_a_closed_participation_asks_nothing_of_its_team(cast):
    plan_version(cast, "draft")
    type(cast.participation).objects.filter(pk=cast.participation.pk).update(status="withdrew")
    assert waiting_for(cast.lead) == []


def test_a_review_that_was_closed_waits_no_longer(cast):
    version = plan_version(cast, "in_review")
    decide(version, "refuse", by=cast.coordinator)
    assert waiting_for(cast.reviewer) == []


def sent_plans(cast, count):
    for number in range(count):
        plan = Plan.objects.create(
            participation=ParticipationFactory(edition=cast.setup.edition),
            template=cast.setup.template,
            scope="wide",
        )
        version = PlanVersion.objects.create(
            plan=plan, **about(f"Plan {number}"), number=1, status="sent", sent_at="2026-05-01T10:00Z"
        )
        assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)


def test_long_lists_are_cut_and_the_rest_is_counted(cast):
    sent_plans(cast, MOST + 3)
    for person in (cast.coordinator, cast.reviewer):
        rows = waiting_for(person)
        assert len(rows) == MOST + 1
        assert "3" in rows[-1].reason.split()
        assert rows[-1].rank == max(row.rank for row in rows)


# The late reviews of all experts are one question more, of a coordinator alone.
@pytest.mark.parametrize(("role", "enough"), [("coordinator", 8), ("reviewer", 7), ("lead", 7)])
def test_a_few_queries_are_enough_however_much_waits(cast, role, enough):
    plan_version(cast, "in_review")
    counts = []
    for count in (1, 9):
        sent_plans(cast, count)
        person = person_of(cast, role)
        with CaptureQueriesContext(connection) as asked:
            waiting_for(person)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= enough


def test_the_desk_shows_it(cast, browse):
    plan_version(cast, "in_review")
    review = Review.objects.get()
    page = browse(cast.reviewer).get("/moje/").content.decode()
    assert f'href="/recenzje/{review.pk}/"' in page


def test_a_version_that_was_taken_back_does_not_count_as_returned(cast):
    version = plan_version(cast, "sent")
    VERSION.perform(version, "take_back", by=cast.lead, comment="Pomyłka")
    [row] = waiting_for(cast.lead)
    assert row.due == timezone.localtime(cast.setup.deadline).date()


def test_all_late_reviews_are_one_row_of_ore(cast, browse):
    plan_version(cast, "in_review")
    before = [row.title for row in waiting_for(cast.coordinator)]
    Review.objects.update(due=timezone.localdate() - timedelta(days=1))

    [row] = [row for row in waiting_for(cast.coordinator) if row.title not in before]

    assert row.reason == "1 review is late."
    shown = browse(cast.coordinator).get(row.url).content.decode()
    assert Review.objects.get().get_absolute_url() in shown
    hand_in(judged(Review.objects.get()))
    assert row.title not in [one.title for one in waiting_for(cast.coordinator)]


def test_the_lead_is_asked_to_agree_anew_once_a_publication_lapsed(cast):
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    public = waiting_for(cast.lead)
    Plan.objects.update(published_on=None)
    note("plans.plan.lapse", by=cast.coordinator, about=PlanEvent(plan=version.plan, version=version))

    lapsed = {row.url for row in waiting_for(cast.lead)} - {row.url for row in public}
    others = {row.url for row in waiting_for(cast.author)}
    publish_plan(version.plan, published=True, by=cast.lead)

    assert lapsed == {f"/plany/{version.plan_id}/publikacja/"}
    assert others == set()
    assert waiting_for(cast.lead) == public
