"""An expert's way: from the queue to the review that is handed in."""

import pytest
from playwright.sync_api import expect

from plans.models import PlanVersion, Remark, Review
from plans.sections import sections_of
from tests.journeys.acting import (
    choose,
    focus_is_told,
    follow,
    open_page,
    press,
    revision,
    wait_for_save,
    write,
)
from tests.journeys.looking import summary_leads_to_the_places
from tests.situations import plan_version

pytestmark = pytest.mark.django_db(transaction=True)

HAND_IN = 'button[name="hand_in"]'


@pytest.fixture
def review(cast):
    version = plan_version(cast, PlanVersion.Status.IN_REVIEW)
    return version.reviews.get()


def test_an_expert_reads_scores_remarks_and_hands_in(cast, review, page_of, check):
    page = page_of(cast.reviewer)
    open_page(page, "desk")
    check(page, "desk-of-expert")
    follow(page, "plans:reviews")
    check(page, "reviews")
    follow(page, "plans:review", review.pk)
    check(page, "review-empty")

    criterion = score_one_criterion(page, review, check)
    add_remarks(page, review, check)
    leave_and_come_back(page, review, criterion)
    hand_in_too_early(page, review, check)
    judge_everything(page, review, check)
    hand_in(page, review, check)

    review.refresh_from_db()
    assert (review.status, review.recommendation) == (Review.Status.HANDED_IN, "return")
    assert review.scores.exclude(score=None).count() == 8
    goal = review.version.goal_rows.get(level="operational")
    remarks = Remark.objects.filter(review=review).order_by("pk")
    assert [(one.section, one.row_uid, one.field) for one in remarks] == [
        ("goals", goal.uid, "title"),
        ("wizja", None, ""),
    ]


def score_one_criterion(page, review, check):
    """Score the first criterion; it is saved by itself. Returns its key."""
    name = page.locator('main input[name^="score-"]').first.get_attribute("name")
    criterion = name.removeprefix("score-")
    before = revision(page)
    choose(page, name, "1")
    write(page, **{f"rationale-{criterion}": "Brakuje danych o szkołach."})
    wait_for_save(page, after=before)
    check(page, "review-saved-by-itself")
    return criterion


def add_remarks(page, review, check):
    """One remark on a field of a row, one on a whole section; a third is taken back."""
    goal = review.version.goal_rows.get(level="operational")
    follow(page, "plans:remark_add", review.pk, anchor=f"?sekcja=goals&wiersz={goal.uid}")
    check(page, "remark")
    press(page)
    focus_is_told(page)
    check(page, "remark-mistake")
    summary_leads_to_the_places(page)
    write(page, body="Cel jest zbyt ogólny.")
    page.locator('main select[name="field"]').select_option("title")
    press(page)
    expect(page.locator(f"#remark-{Remark.objects.latest('pk').pk}")).to_be_focused()
    follow(page, "plans:remark_add", review.pk, anchor="?sekcja=wizja")
    write(page, body="Wizja mogłaby być śmielsza.")
    choose(page, "kind", Remark.Kind.SUGGESTION)
    press(page)
    follow(page, "plans:remark_add", review.pk, anchor="?sekcja=zespol")
    write(page, body="Uwaga wpisana przez pomyłkę.")
    press(page)
    follow(page, "plans:remark_delete", Remark.objects.latest("pk").pk)
    check(page, "remark-delete")
    press(page)
    focus_is_told(page)


def leave_and_come_back(page, review, criterion):
    """What was saved is there when the expert comes back another day."""
    open_page(page, "desk")
    open_page(page, "plans:review", review.pk)
    assert page.locator(f'[name="score-{criterion}"][value="1"]').is_checked()
    assert page.locator(f'[name="rationale-{criterion}"]').input_value() == "Brakuje danych o szkołach."


def hand_in_too_early(page, review, check):
    """The page says what is missing and leads to the first of it."""
    press(page, HAND_IN)
    check(page, "review-incomplete")
    with page.expect_navigation():
        page.locator(".problems a").first.press("Enter")
    assert page.evaluate("() => document.querySelector(location.hash).checkVisibility()")


def judge_everything(page, review, check):
    for name in names_of(page, "score-"):
        choose(page, name, "2")
        write(page, **{name.replace("score", "rationale"): "Widać to w planie."})
    for section in sections_of(review.version.plan):
        choose(page, f"verdict-{section.key}", "fine")
    choose(page, "recommendation", "return")
    write(page, summary="Dobry plan.\n\n- popraw cele")
    press(page)
    focus_is_told(page)
    check(page, "review-full")


def names_of(page, start):
    names = page.locator(f'main input[name^="{start}"]').evaluate_all("(all) => all.map((one) => one.name)")
    return list(dict.fromkeys(names))


def hand_in(page, review, check):
    press(page, HAND_IN)
    check(page, "review-hand-in")
    press(page)
    focus_is_told(page)
    check(page, "reviews-handed-in")
    follow(page, "plans:review", review.pk)
    check(page, "review-handed-in")


def test_two_windows_on_one_review_keep_both_texts(cast, review, page_of, check):
    first, second = page_of(cast.reviewer), page_of(cast.reviewer)
    for page in (first, second):
        open_page(page, "plans:review", review.pk)
    write(first, summary="Z pierwszego okna.")
    wait_for_save(first, after=0)
    write(second, summary="Z drugiego okna.")
    expect(second.locator('#save-state[data-tone="bad"]')).to_be_visible()
    check(second, "review-conflict")
    press(second)
    focus_is_told(second)
    check(second, "review-both-texts")
    expect(second.locator("#podsumowanie")).to_contain_text("Z pierwszego okna.")
    assert second.locator('[name="summary"]').input_value() == "Z drugiego okna."
    press(second)

    review.refresh_from_db()
    assert review.summary == "Z drugiego okna."
