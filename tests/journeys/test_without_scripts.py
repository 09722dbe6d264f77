"""With scripts switched off every main task is done by plain forms."""

import io
import re

import docx
import pytest
from playwright.sync_api import TimeoutError, expect

from plans.models import (
    BudgetLine,
    Decision,
    Evidence,
    InternalComment,
    Plan,
    PlanVersion,
    Remark,
    Review,
    SectionState,
)
from plans.sections import sections_of
from tests.factories import SchoolFactory, SchoolScopeFactory
from tests.journeys.acting import address, choose, follow, open_page, press, write, write_row
from tests.plans.transfer_files import tables
from tests.situations import complete_draft

pytestmark = pytest.mark.django_db(transaction=True)

READY = 'button[name="done"][value="ready"]'
LATER = 'button[name="done"][value="not_ready"]'
GOAL, ACTION = "Doświadczenia w każdej klasie", "Pracownie przyrodnicze"
# What the pages of each role are for: the tasks that have to be done, in their order.
TASKS = {
    "team": "start write debate swot goals schools actions indicators budget risks attach document sheet "
    "comment owner sign send correct answer resend publish",
    "ORE": "assign begin hold drop prepare release accept",
    "expert": "judge remark edit delete hand_in confirm hand_in_again",
}


@pytest.fixture
def plain(page_of):
    """Return a maker of pages in a browser that runs no scripts."""
    return lambda person: page_of(person, java_script_enabled=False)


def test_every_main_task_of_a_plan_from_its_beginning_to_its_acceptance(cast, plain, tmp_path):
    school = SchoolFactory(authority=cast.participation.jst)
    SchoolScopeFactory(participation=cast.participation, school=school)
    lead, signatory, ore, expert = map(plain, (cast.lead, cast.signatory, cast.coordinator, cast.reviewer))

    done = []
    plan = start(lead, cast.participation, done)
    write_every_section(lead, plan, done, tmp_path)
    bring_in_files(lead, plan, done, tmp_path)
    talk_about_it(lead, plan, cast.author, done)
    sign_and_send(lead, signatory, plan, done)
    give_to_an_expert(ore, plan, cast.reviewer.expert, done)
    judge(expert, plan.latest().reviews.get(), done)
    return_the_plan(ore, plan, done)
    correct_and_send_again(lead, signatory, plan, done)
    accept(ore, expert, plan, done)
    publish(lead, plan, done)

    assert [status for (status,) in plan.versions.order_by("number").values_list("status")] == [
        PlanVersion.Status.RETURNED,
        PlanVersion.Status.ACCEPTED,
    ]
    assert sorted(done) == sorted((role, task) for role, tasks in TASKS.items() for task in tasks.split())


# --- The team ---------------------------------------------------------------------------------


def start(page, participation, done):
    open_page(page, "jst:team", participation.pk)
    follow(page, "plans:start", participation.pk)
    press(page)
    done.append(("team", "start"))
    return Plan.objects.get(participation=participation)


def save_section(page, plan, key, done, *, task, button=READY, **rows):
    """Write rows (prefix → values) into one section and save it by its button."""
    open_page(page, "plans:section", plan.pk, key)
    for prefix, values in rows.items():
        unfold(page, prefix.replace("_", "-"))
        write_row(page, prefix.replace("_", "-"), **values)
    press(page, button)
    expect(page.locator(".error-summary")).to_have_count(0)
    if task:
        done.append(("team", task))


def unfold(page, prefix):
    """Open a row that is folded, as a stored one is."""
    row = page.locator(f'details:has([name="{prefix}-uid"])')
    if row.count() and row.get_attribute("open") is None:
        row.locator("summary").first.press("Enter")


def write_every_section(page, plan, done, folder):
    for section in sections_of(plan):
        if section.is_narrative:
            open_page(page, "plans:section", plan.pk, section.key)
            write(page, body="Tekst o naszej gminie.")
            press(page, READY)
    done.append(("team", "write"))
    correct_a_date(page, plan)
    done.append(("team", "debate"))
    points = {f"{kind}_0": {"body": "Punkt"} for kind in ("strength", "weakness", "opportunity", "threat")}
    save_section(page, plan, "swot", done, task="swot", **points)
    save_section(page, plan, "goals", done, task="", strategic_0={"title": "Uczeń bada świat"})
    goal = {"parent": "Uczeń bada świat", "title": GOAL, "competences": True}
    save_section(page, plan, "goals", done, task="goals", operational_0=goal)
    support = {"starts": "01.09.2026", "area": "Matematyka", "provider": "Ośrodek", "competences": True}
    save_section(page, plan, "schools", done, task="schools", school_0=support)
    action = {"goal": GOAL, "title": ACTION, "responsible": "Inspektor", "schools": True}
    action |= {"starts": "01.09.2026", "ends": "30.06.2027"}
    save_section(page, plan, "actions", done, task="", button=LATER, action_0=action)
    cost = {"action": ACTION, "year": "2026", "source": "own", "amount": "10000,50"}
    save_section(page, plan, "actions", done, task="actions", cost_0=cost)
    indicator = {"goal": GOAL, "name": "Lekcje z doświadczeniem", "unit": "na miesiąc", "base": "1"}
    indicator |= {"target": "4,5", "target_year": "2027", "source": "Dzienniki"}
    save_section(page, plan, "indicators", done, task="indicators", indicator_0=indicator)
    money = {"year": "2026", "source": "own", "amount": "12000"}
    save_section(page, plan, "budget", done, task="budget", budget_0=money)
    two_risks(page, plan, done)
    attach(page, plan, done, folder)


def correct_a_date(page, plan):
    """A mistake is told with a link to its place, and what was written stays."""
    open_page(page, "plans:section", plan.pk, "debate")
    write_row(page, "debate-0", held_on="wczoraj", place="Dom kultury", conclusions="Więcej doświadczeń.")
    press(page, READY)
    assert page.locator(".error-summary a").get_attribute("href") == "#id_debate-0-held_on"
    assert page.locator('[name="debate-0-held_on"]').input_value() == "wczoraj"
    write_row(page, "debate-0", held_on="03.02.2026")
    press(page, READY)
    assert plan.latest().debate_rows.get().place == "Dom kultury"


def two_risks(page, plan, done):
    """The second goes into the empty row that the server draws after the first; a third goes again."""
    risk = {"name": "Brak kadry", "likelihood": "2", "impact": "3", "response": "Szkolenia"}
    save_section(page, plan, "risks", done, task="", risk_0=risk)
    save_section(page, plan, "risks", done, task="", risk_1=risk | {"name": "Mniej uczniów"})
    save_section(page, plan, "risks", done, task="", risk_2=risk | {"name": "Przez pomyłkę"})
    open_page(page, "plans:section", plan.pk, "risks")
    unfold(page, "risk-2")
    page.locator("[name=risk-2-delete]").check()
    press(page, READY)
    assert list(plan.latest().risk_rows.order_by("position").values_list("name", flat=True)) == [
        "Brak kadry",
        "Mniej uczniów",
    ]
    done.append(("team", "risks"))


def attach(page, plan, done, folder):
    open_page(page, "plans:section", plan.pk, "evidence")
    minutes = folder / "protokół.pdf"
    minutes.write_bytes(b"%PDF-1.7\n%%EOF\n")
    page.locator('input[type="file"]').set_input_files(minutes)
    page.locator('main select[name="kind"]').select_option("minutes")
    write(page, title="Protokół debaty")
    press(page, f'form[action="{address("plans:evidence_add", plan.pk)}"] button')
    assert Evidence.objects.get(version=plan.latest()).title == "Protokół debaty"
    done.append(("team", "attach"))


def bring_in_files(page, plan, done, folder):
    """A told section leaves as a document and comes back; a spreadsheet brings a second amount of money."""
    answer = page.request.get(address("plans:section_document", plan.pk, "wizja"))
    document = docx.Document(io.BytesIO(answer.body()))
    document.paragraphs[-1].insert_paragraph_before("Dopisane w edytorze.")
    written = folder / "wizja.docx"
    document.save(written)
    open_page(page, "plans:section", plan.pk, "wizja")
    follow(page, "plans:section_bring", plan.pk, "wizja")
    page.locator('input[type="file"]').set_input_files(written)
    press(page)
    press(page, "form:has([name=revision]) button")
    assert "Dopisane w edytorze." in plan.latest().text_rows.get(key="wizja").body
    done.append(("team", "document"))

    sheet = folder / "plan.xlsx"
    sheet.write_bytes(tables(budget=[{"year": 2027, "source": "środki własne", "amount": 5000, "note": ""}]))
    open_page(page, "plans:bring", plan.pk)
    page.locator('input[type="file"]').set_input_files(sheet)
    press(page)
    press(page, "form:has([name^=revision-]) button")
    assert BudgetLine.objects.filter(version=plan.latest(), year=2027, amount=5000).count() == 1
    done.append(("team", "sheet"))


def talk_about_it(page, plan, author, done):
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:section_care", plan.pk, "wizja")
    page.locator('main [name="owner"]').select_option(str(author))
    press(page)
    assert SectionState.objects.get(version=plan.latest(), key="wizja").owner == author
    done.append(("team", "owner"))

    open_page(page, "plans:comment_add", plan.pk, "wizja")
    write(page, body="Zapytać dyrektorów.")
    press(page)
    comment = InternalComment.objects.get()
    press(page, f'form[action="{address("plans:comment_move", plan.pk, comment.pk, "zalatwione")}"] button')
    comment.refresh_from_db()
    assert comment.settled_at is not None
    done.append(("team", "comment"))


def sign_and_send(lead, signatory, plan, done, number=1, tasks=("sign", "send")):
    open_page(lead, "plans:problems", plan.pk)
    follow(lead, "plans:move", plan.pk, number, "ask_signature")
    press(lead)
    open_page(signatory, "plans:plan", plan.pk)
    follow(signatory, "plans:move", plan.pk, number, "send")
    press(signatory)
    expect(signatory.locator("main")).to_contain_text(plan.latest().register_number)
    assert plan.latest().status == PlanVersion.Status.SENT
    done.extend(("team", task) for task in tasks)


def correct_and_send_again(lead, signatory, plan, done):
    remark = Remark.objects.get()
    open_page(lead, "plans:section", plan.pk, "goals")
    unfold(lead, "operational-0")
    write_row(lead, "operational-0", title=f"{GOAL} co tydzień")
    press(lead, READY)
    assert plan.latest().goal_rows.get(level="operational").title == f"{GOAL} co tydzień"
    done.append(("team", "correct"))
    open_page(lead, "plans:section", plan.pk, "goals")
    follow(lead, "plans:remark_answer", remark.pk)
    write(lead, answer="Poprawiliśmy cel.")
    press(lead)
    remark.refresh_from_db()
    assert (remark.status, remark.answer) == (Remark.Status.ANSWERED, "Poprawiliśmy cel.")
    done.append(("team", "answer"))
    sign_and_send(lead, signatory, plan, done, number=2, tasks=["resend"])


def publish(page, plan, done):
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:publish", plan.pk)
    press(page, 'button[name="publish"]')
    open_page(page, "plans:library_plan", plan.pk)
    expect(page.locator("main")).to_contain_text(f"{GOAL} co tydzień")
    done.append(("team", "publish"))


# --- The expert -------------------------------------------------------------------------------


def judge(page, review, done):
    """Save half of it, come back, judge everything, write a remark, hand in."""
    open_page(page, "plans:reviews")
    follow(page, "plans:review", review.pk)
    score_everything(page, review)
    write(page, summary="Popraw cele.")
    press(page)
    done.append(("expert", "judge"))
    for body in ("Cel jest zbyt ogólny.", "Wpisane przez pomyłkę."):
        follow(page, "plans:remark_add", review.pk, anchor="?sekcja=goals")
        write(page, body=body)
        press(page)
    done.append(("expert", "remark"))
    first, second = Remark.objects.order_by("pk")
    follow(page, "plans:remark_edit", first.pk)
    write(page, body="Cel jest zbyt ogólny: jak często?")
    press(page)
    done.append(("expert", "edit"))
    follow(page, "plans:remark_delete", second.pk)
    press(page)
    assert Remark.objects.get().body == "Cel jest zbyt ogólny: jak często?"
    done.append(("expert", "delete"))
    hand_in(page, review)
    done.append(("expert", "hand_in"))


def score_everything(page, review):
    """Answer every criterion, every section and the recommendation."""
    names = [one.get_attribute("name") for one in page.locator('main input[name^="score-"]').all()]
    for name in dict.fromkeys(names):
        choose(page, name, "2")
        write(page, **{name.replace("score", "rationale"): "Widać to w planie."})
    for section in sections_of(review.version.plan):
        choose(page, f"verdict-{section.key}", "fine")
    choose(page, "recommendation", "return")


def hand_in(page, review):
    open_page(page, "plans:review", review.pk)
    press(page, 'button[name="hand_in"]')
    if page.locator('main [name="comment"]').count():
        write(page, comment="Tak wynika z planu.")
    press(page)
    review.refresh_from_db()
    assert review.status == Review.Status.HANDED_IN


# --- ORE --------------------------------------------------------------------------------------


def give_to_an_expert(page, plan, expert, done):
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:reviewers", plan.pk)
    choose(page, "expert", expert.pk)
    press(page, "form[method=post] button")
    assert plan.latest().reviews.get().expert == expert
    done.append(("ORE", "assign"))
    begin(page, plan)
    done.append(("ORE", "begin"))


def begin(page, plan):
    version = plan.latest()
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:move", plan.pk, version.number, "start_review")
    press(page)
    assert plan.latest().status == PlanVersion.Status.IN_REVIEW


def prepare(page, plan, outcome):
    open_page(page, "plans:decision", plan.pk, plan.latest().number)
    choose(page, "outcome", outcome)
    write(page, reason="Tak wynika z recenzji.")
    press(page, "form:has([name=outcome]) button")
    assert Decision.objects.get(version=plan.latest()).released_at is None


def release(page):
    """All that is prepared: chosen on one page, seen once more on the next."""
    open_page(page, "plans:decisions")
    page.locator('main input[name="decision"]').check()
    press(page)
    press(page, 'button[name="confirm"]')


def return_the_plan(page, plan, done):
    """A decision that is held tells nobody; it is dropped, prepared anew, released."""
    prepare(page, plan, "return")
    assert plan.latest().status == PlanVersion.Status.IN_REVIEW
    done.append(("ORE", "hold"))
    press(page, 'button[name="drop"]')
    assert Decision.objects.count() == 0
    done.append(("ORE", "drop"))
    prepare(page, plan, "return")
    done.append(("ORE", "prepare"))
    release(page)
    assert plan.versions.get(number=1).status == PlanVersion.Status.RETURNED
    done.append(("ORE", "release"))


def accept(page, expert, plan, done):
    begin(page, plan)
    review, remark = Review.objects.get(version=plan.latest()), Remark.objects.get()
    open_page(expert, "plans:review", review.pk)
    follow(expert, "plans:remark_move", remark.pk, "confirm")
    press(expert)
    remark.refresh_from_db()
    assert remark.status == Remark.Status.CONFIRMED
    done.append(("expert", "confirm"))
    open_page(expert, "plans:review", review.pk)
    score_everything(expert, review)
    choose(expert, "recommendation", "accept")
    write(expert, summary="Dobry plan.")
    press(expert)
    hand_in(expert, review)
    done.append(("expert", "hand_in_again"))
    prepare(page, plan, "accept")
    release(page)
    done.append(("ORE", "accept"))


# --- The control --------------------------------------------------------------


def test_the_control_whose_buttons_need_a_script_stops_at_the_first_task(cast, plain):
    version = complete_draft(cast)
    page = plain(cast.lead)

    def only_by_script(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub("<button", '<button type="button"', answer.text()))

    page.route("**/plany/**", only_by_script)
    open_page(page, "plans:section", version.plan_id, "wizja")
    write(page, body="Nowy tekst.")
    page.set_default_navigation_timeout(1500)
    with pytest.raises(TimeoutError):
        press(page, READY)
    assert version.text_rows.get(key="wizja").body == "Tekst o naszej gminie."
