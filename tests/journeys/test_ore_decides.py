"""ORE's way: a plan is given to an expert, returned, corrected, accepted; then everybody reads it."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from plans.models import PlanVersion, Remark, Review
from tests.journeys.acting import (
    address,
    choose,
    focus_is_told,
    follow,
    open_page,
    press,
    write,
)
from tests.journeys.looking import summary_leads_to_the_places
from tests.situations import hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db(transaction=True)

READY = 'button[name="done"][value="ready"]'


def test_ore_returns_a_plan_the_team_corrects_it_and_ore_accepts_it(cast, page_of, check):
    plan = plan_version(cast, PlanVersion.Status.SENT).plan
    ore, lead, expert = page_of(cast.coordinator), page_of(cast.lead), page_of(cast.reviewer)

    give_to_an_expert(ore, plan, cast.reviewer.expert, check)
    goal_remark, vision_remark = reviewed(plan, cast.reviewer)
    return_the_plan(ore, plan, check)

    correct_the_goal(lead, plan, check)
    answer_the_remarks(lead, plan, goal_remark, vision_remark, check)
    send_again(lead, page_of(cast.signatory), plan)

    start_the_second_review(ore, plan)
    settle_the_remark(expert, plan, goal_remark, check)
    accept_the_plan(ore, plan, check)
    publish(lead, plan, check)
    read_by_everybody(page_of(None), plan, check)

    assert list(plan.versions.order_by("number").values_list("status", flat=True)) == ["returned", "accepted"]
    assert Remark.objects.get(pk=goal_remark.pk).status == Remark.Status.CONFIRMED


def give_to_an_expert(page, plan, expert, check):
    open_page(page, "desk")
    check(page, "desk-of-ore")
    open_page(page, "plans:list")
    check(page, "plans")
    follow(page, "plans:plan", plan.pk)
    follow(page, "plans:reviewers", plan.pk)
    check(page, "reviewers-none")
    ask = "form[method=post]"
    press(page, f"{ask} button")
    focus_is_told(page)
    check(page, "reviewers-mistake")
    choose(page, "expert", expert.pk)
    press(page, f"{ask} button")
    focus_is_told(page)
    check(page, "reviewers-asked")
    follow(page, "plans:move", plan.pk, 1, "start_review")
    press(page)
    focus_is_told(page)
    check(page, "plan-in-review")


def reviewed(plan, person):
    """The expert hands the first review in, with a remark on a row and one on a section; returns both."""
    version = plan.latest()
    goal = version.goal_rows.get(level="operational")
    on_goal = remark_on(version, person, row_uid=goal.uid, field="title", body="Cel jest zbyt ogólny.")
    on_vision = remark_on(version, person, section="wizja", kind=Remark.Kind.SUGGESTION, body="Śmielej!")
    hand_in(judged(version.reviews.get(), "return"))
    return on_goal, on_vision


def return_the_plan(page, plan, check):
    """Prepare a return of one section and release it after a second look."""
    open_page(page, "plans:decisions")
    check(page, "decisions-awaiting")
    follow(page, "plans:decision", plan.pk, 1)
    check(page, "decision")
    save = "form:has([name=outcome]) button"
    press(page, save)
    focus_is_told(page)
    check(page, "decision-mistake")
    summary_leads_to_the_places(page)
    choose(page, "outcome", "return")
    write(page, reason="Cel trzeba nazwać dokładniej.\n\n- popraw cel operacyjny")
    proposed = page.locator('main [name="sections"]:checked')
    assert proposed.evaluate_all("(all) => all.map((one) => one.value)") == ["goals"]
    press(page, save)
    focus_is_told(page)
    check(page, "decision-prepared")
    press(page, f'form[action="{address("plans:decisions")}"] button')
    check(page, "decision-release")
    press(page, 'button[name="confirm"]')
    focus_is_told(page)
    check(page, "decisions-released")


def correct_the_goal(page, plan, check):
    """The team sees what is asked, finds other sections locked, and changes the goal."""
    open_page(page, "plans:plan", plan.pk)
    check(page, "plan-returned")
    page.goto(address("plans:section", plan.pk, "zespol"))
    assert page.locator("form[data-autosave]").count() == 0
    check(page, "section-locked")
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:section", plan.pk, "goals")
    check(page, "section-with-remarks")
    title = page.locator('main input[name="operational-0-title"]')
    page.locator("details:has([name=operational-0-title]) summary").first.press("Enter")
    title.fill("Doświadczenie w każdej klasie co tydzień")
    press(page, READY)
    focus_is_told(page)


def answer_the_remarks(page, plan, goal_remark, vision_remark, check):
    open_page(page, "plans:problems", plan.pk)
    check(page, "problems-remark")
    follow(page, "plans:section", plan.pk, "goals", anchor="#id_operational-0-title")
    expect(page.locator("main input[name=operational-0-title]")).to_be_focused()
    follow(page, "plans:remark_answer", goal_remark.pk)
    check(page, "remark-answer")
    press(page)
    focus_is_told(page)
    check(page, "remark-answer-mistake")
    write(page, answer="Cel mówi teraz, jak często.")
    press(page)
    expect(page.locator(f"#remark-{goal_remark.pk}")).to_be_focused()
    check(page, "remark-answered")
    open_page(page, "plans:remark_answer", vision_remark.pk)
    write(page, answer="Dziękujemy, wizja zostaje.")
    press(page)


def send_again(lead, signatory, plan):
    open_page(lead, "plans:problems", plan.pk)
    open_page(signatory, "plans:plan", plan.pk)
    for page, move in ((lead, "ask_signature"), (signatory, "send")):
        page.reload()
        follow(page, "plans:move", plan.pk, 2, move)
        press(page)
        focus_is_told(page)


def start_the_second_review(page, plan):
    """The same expert is asked again; ORE has only to start."""
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:move", plan.pk, 2, "start_review")
    press(page)
    focus_is_told(page)


def settle_the_remark(page, plan, remark, check):
    """The expert reads what changed, confirms the remark, and hands the second review in."""
    review = Review.objects.get(version=plan.latest())
    open_page(page, "plans:reviews")
    follow(page, "plans:review", review.pk)
    check(page, "review-of-changes")
    follow(page, "plans:comparison", plan.pk, 2)
    expect(page.locator("main")).to_contain_text("Doświadczenie w każdej klasie co tydzień")
    check(page, "comparison")
    open_page(page, "plans:review", review.pk)
    follow(page, "plans:remark_move", remark.pk, "uphold")
    press(page)
    focus_is_told(page)
    check(page, "remark-uphold-mistake")
    open_page(page, "plans:review", review.pk)
    follow(page, "plans:remark_move", remark.pk, "confirm")
    check(page, "remark-confirm")
    press(page)
    expect(page.locator(f"#remark-{remark.pk}")).to_be_focused()
    hand_in(judged(review))


def accept_the_plan(page, plan, check):
    open_page(page, "plans:decisions")
    follow(page, "plans:decision", plan.pk, 2)
    choose(page, "outcome", "accept")
    write(page, reason="Plan spełnia kryteria.")
    press(page, "form:has([name=outcome]) button")
    open_page(page, "plans:decisions")
    check(page, "decisions-prepared")
    press(page)
    focus_is_told(page)
    check(page, "decisions-none-chosen")
    page.locator('main input[name="decision"]').check()
    press(page)
    press(page, 'button[name="confirm"]')
    focus_is_told(page)
    open_page(page, "plans:decision", plan.pk, 2)
    check(page, "decision-released")


def publish(page, plan, check):
    open_page(page, "plans:plan", plan.pk)
    check(page, "plan-accepted")
    follow(page, "plans:publish", plan.pk)
    check(page, "publish")
    press(page, 'button[name="publish"]')
    focus_is_told(page)


def read_by_everybody(page, plan, check):
    """A citizen finds the plan from the home page and takes its PDF."""
    open_page(page, "home")
    check(page, "home")
    follow(page, "plans:library")
    check(page, "library")
    follow(page, "plans:library_plan", plan.pk)
    expect(page.locator("main")).to_contain_text("Doświadczenie w każdej klasie co tydzień")
    check(page, "library-plan")
    document = address("plans:library_document", plan.pk)
    assert page.locator(f'a[href="{document}"]').count() > 0
    call_command("jobs", "--once")
    answer = page.request.get(document)
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")
