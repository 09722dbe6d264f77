"""What goes wrong between a page and the server while somebody writes: no word is lost, none is doubled."""

import pytest
from playwright.sync_api import expect

from plans.models import PlanEvent
from plans.saving import Outcome
from plans.workflow import VERSION
from tests.journeys.acting import (
    add_row,
    address,
    follow,
    open_page,
    press,
    revision,
    wait_for_save,
    write,
    write_row,
)
from tests.journeys.writing import SENTENCE, open_section, outcomes, stored, told, type_in
from tests.situations import plan_version, started_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(cast):
    return started_plan(cast)


# --- The network ------------------------------------------------------------------------------


def test_a_save_that_fails_or_whose_answer_is_lost_counts_once(cast, plan, page_of, faults):
    """The first try meets a failing server, the second is stored and its answer lost, the third is told."""
    page = page_of(cast.lead)
    tries = []

    def interfere(route):
        if route.request.method != "POST":
            return route.fallback()
        tries.append(route.request.post_data)
        if len(tries) == 1:
            return route.fulfill(status=503, body="")
        if len(tries) == 2:
            route.fetch()
            return route.abort()
        return route.fallback()

    page.route(f"**{address('plans:section', plan.pk, 'wizja')}", interfere)
    open_section(page, plan)
    type_in(page, SENTENCE)
    wait_for_save(page, after=0)

    assert [sentence[:12] for sentence in faults.sentences] == ["answered 503"]
    faults.sentences.clear()
    assert len(tries) == 3
    assert len(set(tries)) == 1, "an unanswered request is repeated unchanged"
    assert (stored(plan), outcomes(plan)) == (SENTENCE.strip(), [(Outcome.SAVED, 1)])


def test_words_typed_while_a_save_is_on_its_way_follow_it(cast, plan, page_of):
    page = page_of(cast.lead)
    held = []

    def hold_the_first(route):
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.fallback()

    page.route(f"**{address('plans:section', plan.pk, 'wizja')}", hold_the_first)
    open_section(page, plan)
    type_in(page, SENTENCE)
    told(page, "saving")
    type_in(page, SENTENCE)
    page.locator('button[value="ready"]').press("Enter")
    assert outcomes(plan) == [], "one request at a time"
    with page.expect_navigation():
        held[0].continue_()

    assert stored(plan) == (SENTENCE * 2).strip()
    assert outcomes(plan) == [(Outcome.SAVED, 1), (Outcome.SAVED, 2), (Outcome.SAVED, 3)]


# --- The same section twice --------------------------------------------------------------------


def test_two_windows_on_one_section_keep_both_texts(cast, plan, page_of, check):
    """The second window is told who was first; both texts are shown; the writer chooses."""
    first, second = page_of(cast.author), page_of(cast.lead)
    for page in (first, second):
        open_section(page, plan)
    type_in(first, "Tekst autora.")
    wait_for_save(first, after=0)
    type_in(second, "Tekst lidera.")
    expect(second.locator('#save-state[data-tone="bad"]')).to_contain_text(str(cast.author))
    check(second, "section-conflict")
    assert stored(plan) == "Tekst autora."

    with second.expect_navigation():
        second.locator("#save-state a").press("Enter")
    check(second, "section-two-texts")
    follow(second, "plans:section", plan.pk, "wizja", anchor="?moje")
    check(second, "section-both-texts")
    expect(second.locator("details.stored")).to_contain_text("Tekst autora.")
    assert second.locator("#id_body").input_value() == "Tekst lidera."
    write(second, body="Tekst autora. Tekst lidera.")
    press(second, 'button[value="ready"]')

    assert stored(plan) == "Tekst autora. Tekst lidera."
    conflict = (Outcome.CONFLICT, None)
    # The text goes first, the button's own request after it.
    assert outcomes(plan) == [(Outcome.SAVED, 1), conflict, (Outcome.SAVED, 2), (Outcome.SAVED, 3)]


def test_going_back_never_puts_an_old_text_over_a_newer_one(cast, plan, page_of):
    page, other = page_of(cast.lead), page_of(cast.author)
    open_section(page, plan)
    type_in(page, "Stary tekst.")
    press(page, 'button[value="ready"]')
    open_page(page, "plans:plan", plan.pk)
    open_section(other, plan)
    write(other, body="Nowy tekst.")
    press(other, 'button[value="ready"]')

    page.go_back()
    page.locator("#id_body").press("End")
    type_in(page, " Dopisek.")
    page.wait_for_function("() => document.getElementById('save-state').dataset.tone !== 'working'")
    expect(page.locator("#save-state")).not_to_have_attribute("data-revision", "1")

    assert "Nowy tekst." in stored(plan)


def test_a_section_that_closes_while_somebody_writes_keeps_the_text(cast, page_of, check):
    version = plan_version(cast, "draft")
    page = page_of(cast.author)
    open_page(page, "plans:section", version.plan_id, "wizja")
    VERSION.perform(version, "ask_signature", by=cast.lead)
    write(page, body="Za późno.")
    expect(page.locator('#save-state[data-tone="bad"]')).to_be_visible()
    check(page, "section-closed-while-writing")
    with page.expect_navigation():
        page.locator("#save-state a").press("Enter")
    check(page, "section-closed-with-text")

    assert stored(version.plan) == "Tekst o naszej gminie."
    assert page.get_by_text("Za późno.").count() > 0


# --- The page ----------------------------------------------------------------------------------


def test_a_voice_tells_what_turned_and_does_not_follow_every_save(cast, plan, page_of):
    """What is read aloud while somebody writes: one word for two saves, at once when the network is gone."""
    page = page_of(cast.lead)
    open_section(page, plan)
    page.evaluate(
        """() => {
          window.heard = [];
          const hear = (changes) => heard.push(...changes.map(({ target }) => target.getAttribute("role")));
          for (const place of document.querySelectorAll("form > [role=status], form > [role=alert]")) {
            new MutationObserver(hear).observe(place, { childList: true });
          }
        }"""
    )
    for number in range(2):
        page.locator("#id_body").press("a")
        wait_for_save(page, after=number)
    assert page.evaluate("heard") == ["status"]

    page.context.set_offline(True)
    page.locator("#id_body").press("b")
    told(page, "failed")
    page.wait_for_timeout(1500)
    assert page.evaluate("heard") == ["status", "alert"]
    page.context.set_offline(False)
    wait_for_save(page, after=2)
    page.wait_for_function("heard.length === 3")
    assert page.evaluate("heard") == ["status", "alert", "status"]


def test_a_mistake_is_told_while_writing_and_stops_nothing_else(cast, plan, page_of, check):
    page = page_of(cast.lead)
    open_page(page, "plans:section", plan.pk, "debate")
    write_row(page, "debate-0", held_on="jutro", place="Dom kultury")
    expect(page.locator('#save-state[data-tone="bad"]')).to_be_visible()
    check(page, "section-mistake-by-itself")
    before = revision(page)
    write_row(page, "debate-0", held_on="03.02.2026")
    wait_for_save(page, after=before)

    assert plan.latest().debate_rows.get().place == "Dom kultury"


def test_who_leaves_in_the_middle_is_offered_the_text_again(cast, plan, page_of, check):
    """Also the text of a row that was added and that the server has never seen."""
    page = page_of(cast.lead)
    open_page(page, "plans:section", plan.pk, "risks")
    page.route(f"**{address('plans:section', plan.pk, 'risks')}", lambda route: route.abort())
    write_row(page, "risk-0", name="Brak nauczycieli")
    write_row(page, add_row(page, "risk"), name="Mniej uczniów", likelihood="3")
    page.unroute_all()
    follow(page, "plans:plan", plan.pk)
    open_page(page, "plans:section", plan.pk, "risks")
    check(page, "section-unsaved-offered")
    page.locator("#unsaved-offer button").press("Enter")
    wait_for_save(page, after=0)

    rows = plan.latest().risk_rows.order_by("position")
    assert list(rows.values_list("name", "likelihood")) == [("Brak nauczycieli", None), ("Mniej uczniów", 3)]


def test_an_impatient_hand_sends_a_plan_once(cast, page_of, figures):
    """The button pressed again and again, all at once: one sending, and every answer leads to the plan."""
    version = plan_version(cast, "awaiting_signature")
    page = page_of(cast.signatory)
    open_page(page, "plans:move", version.plan_id, 1, "send")
    answers = page.evaluate(
        """async (times) => {
          const body = new FormData(document.querySelector("main form"));
          const post = () => fetch(location.pathname, { method: "POST", body });
          const answers = await Promise.all(Array.from({ length: times }, post));
          return answers.map(({ status, url }) => [status, new URL(url).pathname]);
        }""",
        figures(small=6, full=50),
    )

    assert {tuple(answer) for answer in answers} == {(200, address("plans:plan", version.plan_id))}
    assert PlanEvent.objects.filter(plan=version.plan, event__kind="plans.version.send").count() == 1
