"""With scripts switched off the main tasks are done by plain forms."""

import pytest
from playwright.sync_api import expect

from plans.models import Plan, PlanVersion, Remark, Review
from tests.factories import SchoolFactory, SchoolScopeFactory
from tests.journeys.acting import address, choose, follow, open_page, press, write, write_row
from tests.situations import fill, plan_version, started_plan

pytestmark = pytest.mark.django_db(transaction=True)

READY = 'button[name="done"][value="ready"]'


@pytest.fixture
def plain(page_of):
    """Return a maker of pages in a browser that runs no scripts."""
    return lambda person: page_of(person, java_script_enabled=False)


def test_a_team_starts_writes_and_sends_a_plan(cast, plain):
    school = SchoolFactory(authority=cast.participation.jst)
    SchoolScopeFactory(participation=cast.participation, school=school)
    page = plain(cast.lead)
    open_page(page, "jst:team", cast.participation.pk)
    follow(page, "plans:start", cast.participation.pk)
    press(page)
    plan = Plan.objects.get(participation=cast.participation)
    write_risks(page, plan)
    fill(plan.latest())
    open_page(page, "plans:problems", plan.pk)
    follow(page, "plans:move", plan.pk, 1, "ask_signature")
    press(page)

    page = plain(cast.signatory)
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:move", plan.pk, 1, "send")
    press(page)
    expect(page.locator("main")).to_contain_text(plan.latest().register_number)
    assert plan.latest().status == PlanVersion.Status.SENT


def write_risks(page, plan):
    """Two rows, the second in the empty one that the server draws after the first; then a mistake."""
    follow(page, "plans:section", plan.pk, "risks")
    write_row(page, "risk-0", name="Brak kadry", likelihood="2", impact="3")
    press(page, READY)
    write_row(page, "risk-1", name="Mniej uczniów")
    press(page, 'button[name="done"][value="not_ready"]')
    open_page(page, "plans:section", plan.pk, "debate")
    write_row(page, "debate-0", held_on="wczoraj", place="Dom kultury")
    press(page, READY)
    assert page.locator(".error-summary a").get_attribute("href") == "#id_debate-0-held_on"
    assert page.locator('[name="debate-0-held_on"]').input_value() == "wczoraj"
    write_row(page, "debate-0", held_on="03.02.2026")
    press(page, READY)
    version = plan.latest()
    assert list(version.risk_rows.values_list("name", flat=True)) == ["Brak kadry", "Mniej uczniów"]
    assert version.debate_rows.get().place == "Dom kultury"
    version.debate_rows.all().delete()
    version.risk_rows.all().delete()


def test_a_conflict_shows_both_texts(cast, plain):
    plan = started_plan(cast)
    first, second = plain(cast.author), plain(cast.lead)
    for page, text in ((first, "Tekst autora."), (second, "Tekst lidera.")):
        open_page(page, "plans:section", plan.pk, "wizja")
        write(page, body=text)
    press(first, READY)
    press(second, READY)

    expect(second.locator("[role=alert]")).to_contain_text(str(cast.author))
    expect(second.locator("details.stored")).to_contain_text("Tekst autora.")
    assert second.locator("#id_body").input_value() == "Tekst lidera."
    press(second, READY)
    assert plan.latest().text_rows.get(key="wizja").body == "Tekst lidera."


def test_an_expert_judges_ore_returns_the_plan_and_the_team_answers(cast, plain):
    version = plan_version(cast, PlanVersion.Status.IN_REVIEW)
    review = version.reviews.get()
    page = plain(cast.reviewer)
    open_page(page, "plans:reviews")
    follow(page, "plans:review", review.pk)
    choose_everything(page)
    write(page, summary="Popraw cele.")
    press(page)
    follow(page, "plans:remark_add", review.pk, anchor="?sekcja=goals")
    write(page, body="Cel jest zbyt ogólny.")
    press(page)
    press(page, 'button[name="hand_in"]')
    # Whoever recommends acceptance of a plan that meets nothing says why.
    write(page, comment="Gmina prosi o szybką decyzję.")
    press(page)
    assert Review.objects.get().status == Review.Status.HANDED_IN

    return_the_plan(plain(cast.coordinator), version)
    remark = Remark.objects.get()
    page = plain(cast.author)
    open_page(page, "plans:section", version.plan_id, "goals")
    follow(page, "plans:remark_answer", remark.pk)
    write(page, answer="Poprawiliśmy cel.")
    press(page)
    remark.refresh_from_db()
    assert (remark.status, remark.answer) == (Remark.Status.ANSWERED, "Poprawiliśmy cel.")


def return_the_plan(page, version):
    open_page(page, "plans:decision", version.plan_id, 1)
    choose(page, "outcome", "return")
    write(page, reason="Popraw cele.")
    press(page, "form:has([name=outcome]) button")
    press(page, f'form[action="{address("plans:decisions")}"] button')
    press(page, 'button[name="confirm"]')
    version.refresh_from_db()
    assert version.status == PlanVersion.Status.RETURNED


def choose_everything(page):
    """Take the first answer to every question, and give each score a rationale."""
    for group in page.locator("fieldset.scale").all():
        group.locator("input[type=radio]").first.check()
    for text in page.locator('textarea[name^="rationale-"]').all():
        text.fill("Widać to w planie.")
