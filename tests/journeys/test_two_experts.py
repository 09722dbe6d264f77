"""Two experts judge the same plan by the keyboard alone; they differ, and ORE is asked for a third."""

import pytest
from playwright.sync_api import expect

from plans.agreement import wants_third
from plans.assigning import assign_reviewer
from plans.models import EditionSetup, PlanVersion, Review
from plans.sections import sections_of
from tests.journeys.acting import address, focus_is_told, open_page, wait_for_save
from tests.situations import plan_version

pytestmark = pytest.mark.django_db(transaction=True)

# More than any page has of places where the focus can stop.
MOST_STOPS = 600


@pytest.fixture
def version(cast):
    version = plan_version(cast, PlanVersion.Status.IN_REVIEW)
    EditionSetup.objects.filter(pk=cast.setup.pk).update(reviews_needed=2, third_review=True)
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    return PlanVersion.objects.for_page().get(pk=version.pk)


def test_two_experts_judge_by_the_keyboard_and_differ(cast, version, page_of, check):
    first, second = Review.objects.order_by("pk")
    lenient = page_of(cast.reviewer)
    judge(lenient, first, check, score=2, recommendation=0)
    check(lenient, "two-experts-first-handed-in")

    strict = page_of(cast.other_reviewer)
    assert strict.goto(first.get_absolute_url()).status == 404
    judge(strict, second, check, score=0, recommendation=1)
    assert strict.goto(first.get_absolute_url()).status == 200
    check(strict, "two-experts-the-other-review")

    assert wants_third(version)
    coordinator = page_of(cast.coordinator)
    open_page(coordinator, "desk")
    go(coordinator, f'main a[href="{address("plans:reviewers", version.plan_id)}"]')
    check(coordinator, "two-experts-differ")
    open_page(coordinator, "plans:review_dashboard")
    check(coordinator, "review-dashboard")
    open_page(coordinator, "plans:calibration")
    check(coordinator, "calibration")


def judge(page, review, check, *, score, recommendation):
    """From the queue to the review that is handed in; the pointer is never used."""
    open_page(page, "plans:reviews")
    go(page, f'main a[href="{review.get_absolute_url()}"]')
    for section in sections_of(review.version.plan):
        pick(page, f"verdict-{section.key}", 0)
    for criterion in review.version.plan.participation.edition.setup.criteria.criteria.all():
        pick(page, f"score-{criterion.pk}", score)
        tab_to(page, f'[name="rationale-{criterion.pk}"]')
        page.keyboard.type("Widać to.")
    pick(page, "recommendation", recommendation)
    tab_to(page, '[name="summary"]')
    page.keyboard.type("Dobry plan.")
    wait_for_save(page, after=0)
    check(page, "two-experts-review-written")
    go(page, 'main button[name="hand_in"]')
    check(page, "two-experts-question")
    go(page, "main form button")
    focus_is_told(page)
    review.refresh_from_db()
    assert review.status == Review.Status.HANDED_IN
    assert set(review.scores.values_list("score", flat=True)) == {score}


def tab_to(page, selector):
    """Press Tab until the focus is there; fails where the keyboard cannot reach it."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def pick(page, name, index):
    """Choose the option with this place of a group: the space bar, then the arrows."""
    tab_to(page, f'[name="{name}"]')
    page.keyboard.press("Space")
    for _step in range(index):
        page.keyboard.press("ArrowRight")
    expect(page.locator(f'[name="{name}"]').nth(index)).to_be_checked()


def go(page, selector):
    """Go on by a link or a button."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
