"""A team's way: from the letter that invites its lead to the plan that is sent, and its PDF."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect

from plans.models import (
    BudgetLine,
    Plan,
    PlanEvent,
    PlanVersion,
    Risk,
    SchoolCommitment,
    SwotItem,
    Text,
)
from portal.models import User
from tests.factories import PASSWORD, SchoolFactory, SchoolScopeFactory
from tests.journeys.acting import (
    add_row,
    address,
    choose,
    focus_is_told,
    follow,
    open_page,
    press,
    revision,
    wait_for_save,
    write,
    write_row,
)
from tests.journeys.looking import summary_leads_to_the_places

pytestmark = pytest.mark.django_db(transaction=True)

READY = 'button[name="done"][value="ready"]'
VISION = "Szkoły, do których chce się chodzić.\n\n- ciekawe lekcje\n- spokojne przerwy"


def test_a_team_writes_its_plan_signs_it_and_sends_it(cast, page_of, check, tmp_path):
    school = SchoolFactory(authority=cast.participation.jst, name="Szkoła Podstawowa w Brzozowie")
    SchoolScopeFactory(participation=cast.participation, school=school)

    lead = page_of(None)
    lead.goto(invite_a_lead(page_of(cast.coordinator), cast.participation, check))
    join_the_team(lead, check)
    plan = start_the_plan(lead, cast.participation, check)

    write_a_told_section(lead, plan, check)
    correct_a_mistake_in_the_debate(lead, plan, check)
    write_the_goals(lead, plan, check)
    write_actions_and_indicators(lead, plan)
    attach_the_minutes(lead, plan, check, tmp_path)
    fill_the_rest(plan)

    hand_over(lead, plan, check)
    sign_and_send(page_of(cast.signatory, width=390), plan, check)
    take_the_pdf(lead, plan, check)

    version = plan.versions.get()
    assert version.status == PlanVersion.Status.SENT
    assert [
        event.event.kind for event in PlanEvent.objects.filter(plan=plan).order_by("event__sequence")
    ] == [
        "plans.plan.start",
        "plans.version.ask_signature",
        "plans.version.send",
    ]
    assert version.text_rows.get(key="wizja").body == VISION
    assert [goal.title for goal in version.goal_rows.order_by("level")] == [
        "Doświadczenia w klasach",
        "Uczeń bada świat",
    ]


def invite_a_lead(page, participation, check):
    """ORE invites the lead; returns the link of the letter."""
    open_page(page, "jst:team", participation.pk)
    check(page, "team")
    follow(page, "jst:invite", participation.pk)
    press(page)
    focus_is_told(page)
    check(page, "invitation-mistakes")
    write(page, email="zofia@example.org", first_name="Zofia", last_name="Lis")
    choose(page, "rights", "is_lead")
    press(page)
    focus_is_told(page)
    check(page, "team-invited")
    call_command("outbox", "--once")
    letter = next(one for one in mail.outbox if one.to == ["zofia@example.org"])
    return re.search(r"http\S+/zaproszenie/\S+", letter.body)[0]


def join_the_team(page, check):
    check(page, "invitation")
    write(page, password="za krótkie")
    press(page)
    focus_is_told(page)
    check(page, "invitation-short-password")
    summary_leads_to_the_places(page)
    write(page, password=PASSWORD)
    press(page)
    focus_is_told(page)
    assert User.objects.get(email="zofia@example.org").check_password(PASSWORD)


def start_the_plan(page, participation, check):
    follow(page, "plans:start", participation.pk)
    check(page, "plan-start")
    write(page, year_from="2029", year_to="2026")
    press(page)
    focus_is_told(page)
    check(page, "plan-start-mistake")
    summary_leads_to_the_places(page)
    write(page, year_from="2026", year_to="2029", title="Plan rozwoju oświaty")
    press(page)
    focus_is_told(page)
    check(page, "plan-empty")
    return Plan.objects.get(participation=participation)


def write_a_told_section(page, plan, check):
    """Type a text; it is saved by itself, and a counter follows."""
    follow(page, "plans:section", plan.pk, "wizja")
    check(page, "section-empty")
    before = revision(page)
    page.locator("#id_body").press_sequentially(VISION)
    wait_for_save(page, after=before)
    expect(page.locator(".word-count span").first).to_contain_text("10 ")
    check(page, "section-saved-by-itself")
    press(page, READY)
    focus_is_told(page)


def correct_a_mistake_in_the_debate(page, plan, check):
    follow(page, "plans:plan", plan.pk)
    follow(page, "plans:section", plan.pk, "debate")
    write_row(page, "debate-0", held_on="wczoraj", place="Dom kultury", conclusions="Więcej doświadczeń.")
    press(page, READY)
    focus_is_told(page)
    check(page, "section-mistake")
    summary_leads_to_the_places(page)
    write_row(page, "debate-0", held_on="03.02.2026")
    press(page, READY)
    focus_is_told(page)
    check(page, "section-rows-saved")


def write_the_goals(page, plan, check):
    """A goal that serves another one written a moment ago, both saved by themselves."""
    open_page(page, "plans:section", plan.pk, "goals")
    before = revision(page)
    write_row(page, "strategic-0", title="Uczeń bada świat")
    added = add_row(page, "operational")
    write_row(page, added, parent="Uczeń bada świat", title="Doświadczenia w klasach")
    page.locator(f'[name="{added}-competences"]').first.check()
    wait_for_save(page, after=before)
    check(page, "section-rows-added")
    press(page, READY)
    focus_is_told(page)


def write_actions_and_indicators(page, plan):
    open_page(page, "plans:section", plan.pk, "actions")
    before = revision(page)
    write_row(page, "action-0", goal="Doświadczenia w klasach", title="Pracownie", responsible="Inspektor")
    write_row(page, "action-0", starts="01.09.2026", ends="30.06.2027", schools=True)
    write_row(page, "cost-0", action="Pracownie", year="2026", source="own", amount="10000,50")
    wait_for_save(page, after=before)
    press(page, 'button[name="next"]')
    assert page.url.endswith(address("plans:section", plan.pk, "indicators"))
    write_row(
        page, "indicator-0", goal="Doświadczenia w klasach", name="Lekcje z doświadczeniem", unit="na miesiąc"
    )
    write_row(page, "indicator-0", base="1", target="4,5", target_year="2027", source="Dzienniki")
    press(page, READY)
    focus_is_told(page)


def attach_the_minutes(page, plan, check, folder):
    open_page(page, "plans:section", plan.pk, "evidence")
    form = f'form[action="{address("plans:evidence_add", plan.pk)}"]'
    check(page, "evidence-empty")
    press(page, f"{form} button")
    focus_is_told(page)
    check(page, "evidence-mistake")
    minutes = folder / "protokół z debaty.pdf"
    minutes.write_bytes(b"%PDF-1.7\n%%EOF\n")
    page.locator('input[type="file"]').set_input_files(minutes)
    page.locator('main select[name="kind"]').select_option("minutes")
    page.locator('main input[name="title"]').fill("Protokół debaty")
    press(page, f"{form} button")
    focus_is_told(page)
    check(page, "evidence-attached")


def fill_the_rest(plan):
    """What the team writes in the same way in the other sections."""
    version = plan.latest()
    Text.objects.filter(version=version, body="").update(body="Tekst o naszej gminie.")
    SwotItem.objects.bulk_create(SwotItem(version=version, kind=kind, body="Punkt") for kind in "swot")
    competence = version.goal_rows.get(level="operational").competences.get()
    for school in SchoolCommitment.objects.filter(version=version):
        school.starts, school.area, school.provider = "2026-09-01", "Matematyka", "Ośrodek"
        school.save()
        school.competences.add(competence)
    BudgetLine.objects.create(version=version, year=2026, source="own", amount=12000)
    Risk.objects.create(
        version=version, name="Brak nauczycieli", likelihood=2, impact=3, response="Szkolenia"
    )


def hand_over(page, plan, check):
    """See what is missing, mend it by the link, hand over for signature."""
    version = plan.latest()
    Text.objects.filter(version=version, key="zespol").update(body="")
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:problems", plan.pk)
    check(page, "problems")
    follow(page, "plans:section", plan.pk, "zespol")
    write(page, body="Zespół powołał wójt.")
    press(page, READY)
    open_page(page, "plans:problems", plan.pk)
    check(page, "problems-none")
    follow(page, "plans:move", plan.pk, 1, "ask_signature")
    check(page, "hand-over")
    press(page)
    focus_is_told(page)
    check(page, "plan-awaits-signature")
    open_page(page, "plans:section", plan.pk, "goals")
    check(page, "section-closed")


def sign_and_send(page, plan, check):
    """The signatory, on a telephone: from the desk to the plan, and an impatient double click."""
    open_page(page, "desk")
    check(page, "desk-of-signatory")
    open_page(page, "plans:plan", plan.pk)
    follow(page, "plans:move", plan.pk, 1, "send")
    check(page, "send")
    page.locator("main form button").dblclick()
    page.wait_for_url(f"**{address('plans:plan', plan.pk)}")
    focus_is_told(page)
    check(page, "plan-sent")


def take_the_pdf(page, plan, check):
    open_page(page, "plans:version", plan.pk, 1)
    check(page, "version")
    follow(page, "plans:document", plan.pk, 1)
    check(page, "pdf-in-the-making")
    call_command("jobs", "--once")
    answer = page.request.get(address("plans:document", plan.pk, 1))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
