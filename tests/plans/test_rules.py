"""The registry of rules: staff say how strict each is and which columns count; experts read the same list."""

from datetime import date, timedelta

import pytest
from lxml import html

from jst.models import SchoolScope
from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.comparison import compare
from plans.models import (
    Action,
    PlanTemplate,
    PlanVersion,
    RequiredField,
    Risk,
    RuleSetting,
    SchoolCommitment,
    TemplateSection,
)
from plans.outline import outline
from plans.problems import noticed, problems
from plans.rules.table import BY_CODE, RULES
from plans.workflow import VERSION
from tests.factories import SchoolFactory, SchoolScopeFactory
from tests.plans.pages import both_texts
from tests.situations import complete_draft, plan_version, started_plan

pytestmark = pytest.mark.django_db


def found(version):
    return problems(PlanVersion.objects.get(pk=version.pk))


def by_code(version):
    """Return code → severity of what is found."""
    return {problem.code: problem.severity for problem in found(version)}


def unpublished(version):
    """Let the plan be written by a form that may still be changed, as staff try one out."""
    PlanTemplate.objects.filter(pk=version.plan.template_id).update(published_at=None)
    return PlanTemplate.objects.get(pk=version.plan.template_id)


def test_every_rule_has_a_code_of_its_own_and_a_plain_name():
    assert len(BY_CODE) == len(RULES) == 31
    assert [rule.code for rule in RULES if not str(rule.name)] == []


def test_a_school_starts_within_the_years_of_the_plan(cast):
    version = complete_draft(cast)
    row = version.schoolcommitment_rows.first()
    for year in (version.year_from, version.year_to):
        type(row).objects.filter(pk=row.pk).update(starts=date(year, 9, 1))
        assert "school_years" not in by_code(version)
    for year in (version.year_from - 1, version.year_to + 1):
        type(row).objects.filter(pk=row.pk).update(starts=date(year, 9, 1))
        assert by_code(version)["school_years"] == "warning"


def test_a_declared_school_that_the_plan_leaves_out_is_told_by_name(cast):
    version = complete_draft(cast)
    before = by_code(version)
    scope = SchoolScopeFactory(participation=cast.participation)
    (told,) = [problem for problem in found(version) if problem.code == "school_promised"]
    left = SchoolScopeFactory(participation=cast.participation)
    SchoolScope.objects.filter(pk=left.pk).update(until=today() - timedelta(days=1))

    assert "school_promised" not in before
    assert (told.severity, str(scope.school) in told.sentence) == ("warning", True)
    assert [problem.code for problem in found(version)].count("school_promised") == 1


def jump(version, code, browse, person):
    """Return the sentence of the one finding and how often the editor it leads to has its control."""
    (told,) = [problem for problem in found(version) if problem.code == code]
    address = f"/plany/{version.plan_id}/sekcje/{told.section}/"
    editor = html.fromstring(browse(person).get(address).content)
    return told.sentence, len(editor.xpath("//*[@id=$place]", place=told.place_to_write))


def test_an_action_of_the_whole_unit_is_only_advised_to_name_its_schools(cast, browse):
    version = complete_draft(cast)
    assert "action_school" not in by_code(version)
    version.action_rows.get().schools.clear()

    sentence, places = jump(version, "action_school", browse, cast.author)

    assert by_code(version)["action_school"] == "warning"
    assert ("whole unit" in sentence, places) == (True, 1)


def test_an_action_is_not_asked_for_schools_before_any_is_listed(cast):
    version = complete_draft(cast)
    version.action_rows.get().schools.clear()
    version.schoolcommitment_rows.update(school=None)

    assert "action_school" not in by_code(version)


def test_money_is_balanced_both_ways_by_year_and_source(cast, browse):
    version = complete_draft(cast)
    version.actioncost_rows.update(amount=9000)
    unspent, there = jump(version, "money_unspent", browse, cast.author)
    assert "money_balance" not in by_code(version)
    version.actioncost_rows.update(amount=11000)
    dearer, here = jump(version, "money_balance", browse, cast.author)
    assert "money_unspent" not in by_code(version)
    version.actioncost_rows.update(amount=10000)

    assert ("9\xa0000 zł" in unspent, "11\xa0000 zł" in dearer) == (True, True)
    assert (there, here) == (1, 1)
    assert {"money_balance", "money_unspent"} & set(by_code(version)) == set()


def test_money_is_not_called_unspent_before_there_is_an_action(cast):
    version = complete_draft(cast)
    version.actioncost_rows.all().delete()
    version.action_rows.all().delete()

    assert "money_unspent" not in by_code(version)


@pytest.mark.parametrize("severity", ["warning", "off"])
def test_staff_make_a_rule_advice_or_do_not_ask_it(cast, severity):
    version = complete_draft(cast)
    template = unpublished(version)
    version.action_rows.update(goal=None)
    assert by_code(version)["goal_action"] == "blocker"

    RuleSetting.objects.create(template=template, code="goal_action", severity=severity)

    assert by_code(version).get("goal_action", "off") == severity


def test_the_editor_says_which_columns_are_needed(cast, browse):
    version = started_plan(cast).latest()

    page = html.fromstring(browse(cast.author).get(f"/plany/{version.plan_id}/sekcje/actions/").content)
    hints = page.xpath("//form[@data-autosave]//section[1]/div//*[@class='hint']/@id")

    assert hints == [f"id_action-0-{name}_helptext" for name in ("title", "responsible", "starts", "ends")]


def test_a_column_is_required_by_the_scope_that_the_form_says(cast):
    version = complete_draft(cast)
    template = unpublished(version)
    Risk.objects.filter(version=version).update(response=" ")
    column = RequiredField.objects.create(
        section=template.sections.get(key="risks"), row_set="risk", field="response", required_wide=False
    )
    mild = [problem.sentence for problem in found(version) if problem.section == "risks"]
    RequiredField.objects.filter(pk=column.pk).update(required_wide=True)
    (strict,) = [problem for problem in found(version) if problem.section == "risks"]

    assert mild == []
    assert (strict.code, strict.control) == ("column_required", "id_risk-0-response")


def test_an_empty_section_is_told_once_and_not_for_each_goal(cast):
    version = complete_draft(cast)
    version.actioncost_rows.all().delete()
    version.action_rows.all().delete()
    strict = [problem.code for problem in found(version) if problem.section == "actions"]
    unpublished(version)
    TemplateSection.objects.filter(key="actions").update(required_wide=False)
    mild = {problem.code for problem in found(version) if problem.section == "actions"}

    assert strict == ["section_required"]
    assert mild == {"section_optional", "goal_action"}


def test_a_number_of_zero_is_not_empty(cast):
    version = complete_draft(cast)
    version.planindicator_rows.update(base=0)

    assert "column_required" not in by_code(version)


def test_a_table_keeps_to_its_limit_of_rows(cast):
    version = complete_draft(cast)
    unpublished(version)
    TemplateSection.objects.filter(key="risks").update(row_limit=2)
    assert "row_limit" not in by_code(version)

    Risk.objects.bulk_create(Risk(version=version, name=f"Ryzyko {number}") for number in range(2))

    assert by_code(version)["row_limit"] == "blocker"


def test_a_school_of_another_authority_with_a_reason_is_only_shown(cast, browse):
    version = complete_draft(cast)
    reason = "Uczą się w niej dzieci z naszej gminy."
    SchoolCommitment.objects.filter(version=version).update(school=SchoolFactory(), reason=reason)

    page = browse(cast.reader).get(version.get_absolute_url())

    assert "school_own" not in by_code(version)
    assert reason in page.content.decode()


def test_a_school_of_another_authority_that_the_unit_takes_on_can_be_chosen(cast, browse):
    version = started_plan(cast).latest()
    taken_on, stranger = SchoolFactory(), SchoolFactory()
    SchoolScopeFactory(participation=cast.participation, school=taken_on)
    page = html.fromstring(browse(cast.author).get(f"/plany/{version.plan_id}/sekcje/schools/").content)

    offered = page.xpath("//select[@name='school-0-school']/option/@value")

    assert (str(taken_on.pk) in offered, str(stranger.pk) in offered) == (True, False)


def test_a_plan_without_such_schools_has_no_column_for_the_reason(cast):
    version = complete_draft(cast)

    def columns():
        (table,) = next(part for part in outline(version) if part.key == "schools").tables
        return [name for name, _label in table.columns]

    before = columns()
    SchoolCommitment.objects.filter(version=version).update(reason="Dzieci z naszej gminy")

    assert ("reason" in before, "reason" in columns()) == (False, True)


def test_a_reason_that_was_dropped_is_in_the_comparison(cast):
    version = plan_version(cast, "returned")
    SchoolCommitment.objects.filter(version=version).update(reason="Dzieci z naszej gminy")

    (found,) = compare(version, version.plan.latest())

    assert (found["field"], *both_texts(found["pieces"])) == ("reason", "Dzieci z naszej gminy", "")


def test_a_problem_leads_to_its_control_in_the_editor(cast, browse):
    version = complete_draft(cast)
    version.action_rows.update(responsible="")

    page = html.fromstring(browse(cast.author).get(f"/plany/{version.plan_id}/czego-brakuje/").content)
    (link,) = [link for link in page.xpath("//ul[@class='problems']//a/@href") if "/actions/" in link]
    editor = html.fromstring(browse(cast.author).get(link.partition("#")[0]).content)

    assert link.partition("#")[2] == "id_action-0-responsible"
    assert len(editor.xpath("//*[@id='id_action-0-responsible']")) == 1


def test_a_narrow_plan_says_which_sections_it_does_not_need(cast, browse):
    narrow = started_plan(cast, scope="narrow")
    page = browse(cast.lead).get(narrow.get_absolute_url())

    titles = [section.title for section in narrow.template.sections.filter(in_narrow=False)]
    assert [section.title for section in page.context["left_out"]] == titles != []
    assert ", ".join(titles) in page.content.decode()


# --- What experts and ORE read --------------------------------------------------------------------


def told(page):
    """Return (anchor, sentence) of what the page says that the check noticed."""
    links = html.fromstring(page.content).xpath("//details[@class='noticed']//li/a")
    return [(link.get("href"), link.text_content()) for link in links]


@pytest.fixture
def judged(cast):
    """A plan in review whose school takes part in no action."""
    version = complete_draft(cast)
    Action.objects.get(version=version).schools.clear()
    return plan_version_of(cast, version)


def plan_version_of(cast, version):
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    return version


def test_the_expert_and_ore_read_the_list_that_the_team_saw(cast, browse, judged):
    expected = [(f"#{problem.place_to_read}", problem.sentence) for problem in noticed(judged)]
    review = judged.reviews.get()

    assert "school_action" in {problem.code for problem in noticed(judged)}
    assert told(browse(cast.reviewer).get(review.get_absolute_url())) == expected
    assert told(browse(cast.coordinator).get(judged.get_absolute_url())) == expected


def test_every_link_of_the_list_leads_into_the_page(cast, browse, judged):
    page = browse(cast.reviewer).get(judged.reviews.get().get_absolute_url())
    there = {f"#{place}" for place in html.fromstring(page.content).xpath("//@id")}

    assert {anchor for anchor, _sentence in told(page)} - there == set()


@pytest.mark.parametrize("role", ["reader", "lead", "caretaker", "operator"])
def test_nobody_else_is_told_what_a_sent_plan_lacks(cast, browse, judged, role):
    page = browse(getattr(cast, role)).get(judged.get_absolute_url())

    assert page.status_code == 200
    assert told(page) == []


def test_a_draft_has_no_such_list_for_anybody(cast, browse):
    version = started_plan(cast).latest()

    assert noticed(version) == []
    assert told(browse(cast.lead).get(version.get_absolute_url())) == []
    assert browse(cast.coordinator).get(version.get_absolute_url()).status_code == 404


def test_the_next_draft_of_a_returned_plan_stays_the_teams(cast, browse):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    draft.action_rows.update(responsible="")

    assert browse(cast.coordinator).get(draft.get_absolute_url()).status_code == 404
    assert "column_required" not in {problem.code for problem in noticed(version)}
