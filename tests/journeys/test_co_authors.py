"""Two authors write one plan by the keyboard alone: they see each other, collide, make one text of two."""

import pytest
from playwright.sync_api import expect

from plans.models import InternalComment, SectionState, Text
from tests.journeys.acting import address, open_page, wait_for_save
from tests.journeys.test_two_experts import go, tab_to
from tests.situations import started_plan

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "Szkoły małe i bliskie.\n\nUczniowie badają świat."


@pytest.fixture
def plan(cast):
    plan = started_plan(cast)
    Text.objects.filter(version=plan.latest(), key="wizja").update(body=BEFORE)
    return plan


def put_at_end(page, text):
    tab_to(page, "#id_body")
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_two_authors_meet_in_one_section_and_make_one_text(cast, plan, page_of, check):
    section = address("plans:section", plan.pk, "wizja")
    first, second = page_of(cast.author), page_of(cast.lead)
    open_page(first, "plans:plan", plan.pk)
    check(first, "co-authors-task-list")
    go(first, f'main a[href="{section}"]')
    open_page(second, "plans:section", plan.pk, "wizja")
    expect(second.locator("#presence")).to_contain_text(str(cast.author))
    check(second, "co-authors-both-here")

    put_at_end(first, "\n\nDodaje autorka.")
    wait_for_save(first, after=0)
    put_at_end(second, "\n\nDodaje liderka.")
    expect(second.locator('#save-state[data-tone="bad"]')).to_contain_text(str(cast.author))
    check(second, "co-authors-conflict")

    open_page(second, "plans:section_merge", plan.pk, "wizja")
    check(second, "co-authors-two-texts")
    # Where both have written, both stay unless one chooses otherwise.
    assert second.locator("main input[type=radio]:checked").evaluate_all(
        "all => all.map((one) => one.value)"
    ) == ["oba"]
    go(second, "main form button")
    check(second, "co-authors-one-text")

    stored = Text.objects.get(version=plan.latest(), key="wizja").body
    assert stored.startswith(BEFORE)
    assert "Dodaje autorka." in stored
    assert "Dodaje liderka." in stored


def test_the_lead_says_who_writes_and_the_team_talks_about_it(cast, plan, page_of, check):
    page = page_of(cast.lead, width=320)
    open_page(page, "plans:plan", plan.pk)
    go(page, f'main a[href="{address("plans:section_care", plan.pk, "wizja")}"]')
    check(page, "co-authors-who-writes")
    tab_to(page, '[name="owner"]')
    page.keyboard.type(str(cast.author)[:4])
    tab_to(page, '[name="due"]')
    page.locator('[name="due"]').fill("2027-01-15")
    go(page, "main form button")
    state = SectionState.objects.get(version=plan.latest(), key="wizja")
    assert (state.owner, str(state.due)) == (cast.author, "2027-01-15")

    go(page, f'main a[href="{address("plans:comment_add", plan.pk, "wizja")}"]')
    tab_to(page, '[name="body"]')
    page.keyboard.type("Zapytać dyrektorów o termin.")
    go(page, "main form button")
    check(page, "co-authors-comment")
    assert InternalComment.objects.get().body == "Zapytać dyrektorów o termin."
