"""A form of the plan kept by staff: columns, rules, preview, and for ever once it is published."""

import pytest
from django.db import transaction
from django.urls import reverse
from lxml import html

from plans.models import PlanTemplate, RequiredField, RuleSetting, TemplateSection
from plans.templating import copy_template, hold_draft, publish_template
from portal.workflow import TransitionError
from tests.plans.test_plans_admin import section_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast, browse):
    return browse(cast.coordinator)


@pytest.fixture
def draft(cast):
    """A form that may be changed: a copy of the sample."""
    return copy_template(cast.setup.template)


def page_of(template):
    return f"/admin/plans/plantemplate/{template.pk}/change/"


def page_of_section(section):
    return f"/admin/plans/templatesection/{section.pk}/change/"


def section_post(section, *columns, **fields):
    """What the page of a section posts: its fields and new required columns."""
    found = {"position": section.position, "title": section.title, "help": section.help}
    found |= {"criterion": section.criterion_id or "", "replaces": section.replaces, "in_narrow": "on"}
    found |= {"required_fields-TOTAL_FORMS": len(columns), "required_fields-INITIAL_FORMS": 0}
    for index, column in enumerate(columns):
        found |= {f"required_fields-{index}-column": column, f"required_fields-{index}-required_wide": "on"}
    return found | fields


def asked(section):
    return set(section.required_fields.values_list("row_set", "field", "required_wide", "required_narrow"))


# --- Columns and rules ----------------------------------------------------------------------------


def test_a_required_column_is_chosen_from_those_the_section_has(client, draft):
    section = draft.sections.get(key="budget")
    page = html.fromstring(client.get(page_of_section(section)).content)
    offered = page.xpath("//select[@name='required_fields-0-column']//option/@value")

    client.post(page_of_section(section), section_post(section, "budget:note"))

    assert [value for value in offered if value] == [
        "budget:year", "budget:source", "budget:amount", "budget:note",
    ]  # fmt: skip
    assert asked(section) == {("budget", "note", True, False)}


@pytest.mark.parametrize("columns", [["budget:secret"], ["risk:name"], ["budget:note", "budget:note"]])
def test_a_column_of_another_table_or_one_twice_is_refused(client, draft, columns):
    section = draft.sections.get(key="budget")

    response = client.post(page_of_section(section), section_post(section, *columns))

    assert response.status_code == 200
    assert asked(section) == set()


def test_a_rule_is_made_mild_in_one_form(client, draft):
    posted = section_rows(draft) | {
        "rule_settings-TOTAL_FORMS": "1",
        "rule_settings-0-code": "goal_action",
        "rule_settings-0-severity": "warning",
    }
    response = client.post(page_of(draft), posted)

    assert response.status_code == 302
    assert list(draft.rule_settings.values_list("code", "severity")) == [("goal_action", "warning")]


def test_a_rule_nobody_knows_cannot_be_chosen(client, draft):
    posted = section_rows(draft) | {
        "rule_settings-TOTAL_FORMS": "1",
        "rule_settings-0-code": "no_such_rule",
        "rule_settings-0-severity": "off",
    }
    assert client.post(page_of(draft), posted).status_code == 200
    assert draft.rule_settings.count() == 0


def test_whoever_makes_a_form_reads_which_keys_the_portal_knows_facts_for(client, draft):
    page = client.get(reverse("admin:plans_plantemplate_change", args=[draft.pk])).content.decode()

    assert "what the portal knows of the unit: demografia, schools, wnioski, wyniki, zespol." in page


def test_a_section_says_which_earlier_one_it_replaces(client, draft):
    draft.sections.filter(key="zespol").update(key="autorzy")
    section = draft.sections.get(key="autorzy")
    page = html.fromstring(client.get(page_of_section(section)).content)
    offered = page.xpath("//select[@name='replaces']/option/@value")

    client.post(page_of_section(section), section_post(section, replaces="zespol", word_limit=300))

    section.refresh_from_db()
    assert {"zespol", "wizja"} < set(offered)
    assert (section.replaces, section.word_limit) == ("zespol", 300)


def test_a_key_that_no_earlier_form_has_cannot_be_replaced(client, draft):
    section = draft.sections.get(key="zespol")

    assert client.post(page_of_section(section), section_post(section, replaces="nic")).status_code == 200
    assert draft.sections.get(key="zespol").replaces == ""


def test_a_copy_has_the_columns_and_the_rules_of_its_original(draft):
    RuleSetting.objects.create(template=draft, code="goal_action", severity="off")
    copy = copy_template(draft)

    def columns(template):
        found = RequiredField.objects.filter(section__template=template)
        return set(found.values_list("section__key", "row_set", "field"))

    assert columns(copy) == columns(draft) != set()
    assert list(copy.rule_settings.values_list("code", "severity")) == [("goal_action", "off")]
    assert draft.rule_settings.count() == 1


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda draft: draft.sections.filter(key="zespol").update(key="goals2", kind="structured"), "goals2"),
        (lambda draft: draft.sections.filter(key="risks").update(kind="narrative"), "risks"),
        (lambda draft: RuleSetting.objects.create(template=draft, code="x", severity="off"), "x"),
        (
            lambda draft: RequiredField.objects.create(
                section=draft.sections.get(key="risks"), row_set="risk", field="nothing"
            ),
            "nothing",
        ),
    ],
)
def test_a_form_that_names_what_the_portal_does_not_know_is_not_published(draft, spoil, word):
    spoil(draft)

    with pytest.raises(TransitionError, match=word):
        publish_template(draft)

    assert PlanTemplate.objects.get(pk=draft.pk).published_at is None


# --- Published for ever ---------------------------------------------------------------------------


def everything(template):
    """Every stored value of a template and its parts."""
    return [
        list(PlanTemplate.objects.filter(pk=template.pk).values()),
        list(TemplateSection.objects.filter(template=template).values()),
        list(RequiredField.objects.filter(section__template=template).values()),
        list(RuleSetting.objects.filter(template=template).values()),
    ]


def test_no_crafted_post_changes_a_published_form(cast, client):
    template = cast.setup.template
    section = template.sections.get(key="budget")
    column = RequiredField.objects.filter(section__template=template).first()
    before = everything(template)
    posts = [
        (page_of(template), section_rows(template, **{"sections-0-title": "Inny"})),
        (page_of(template), section_rows(template) | {"sections-0-DELETE": "on"}),
        (
            page_of(template),
            section_rows(template)
            | {"rule_settings-TOTAL_FORMS": "1", "rule_settings-0-code": "goal_action"}
            | {"rule_settings-0-severity": "off"},
        ),
        (page_of_section(section), section_post(section, "budget:note", title="Inny")),
        (f"/admin/plans/templatesection/{section.pk}/delete/", {"post": "yes"}),
        (f"/admin/plans/plantemplate/{template.pk}/delete/", {"post": "yes"}),
        ("/admin/plans/templatesection/add/", section_post(section) | {"template": template.pk, "key": "x"}),
    ]  # fmt: skip

    assert [client.post(*post).status_code for post in posts] == [403] * len(posts)
    assert client.post(f"/admin/plans/requiredfield/{column.pk}/change/", {}).status_code == 404
    assert everything(template) == before


def test_the_same_posts_change_a_form_that_is_not_published(client, draft):
    """The control of the test above: it is the publication that refuses them."""
    section = draft.sections.get(key="budget")
    before = everything(draft)

    client.post(page_of_section(section), section_post(section, "budget:note", title="Inny"))

    assert everything(draft) != before


def test_what_was_open_while_somebody_published_is_refused(client, draft, monkeypatch):
    """Two people at once: the page still thinks that the form may be changed, the save finds it published."""
    from plans.admin.templates import HeldAdmin
    from portal.admin import PortalModelAdmin

    section = draft.sections.get(key="budget")
    publish_template(draft)
    before = everything(draft)
    monkeypatch.setattr(HeldAdmin, "has_change_permission", PortalModelAdmin.has_change_permission)

    for where, posted in [
        (page_of(draft), section_rows(draft, **{"sections-0-title": "Inny"})),
        (page_of_section(section), section_post(section, "budget:note", title="Inny")),
    ]:
        response = client.post(where, posted)
        assert "A published form" in response.content.decode() or "Opublikowany" in response.content.decode()

    assert everything(draft) == before


def test_hold_of_a_form_is_given_only_while_it_is_not_published(draft):
    with transaction.atomic():
        hold_draft(draft)
    publish_template(draft)

    with pytest.raises(TransitionError), transaction.atomic():
        hold_draft(draft)


# --- The preview ----------------------------------------------------------------------------------


def test_the_preview_shows_the_form_of_either_scope_and_stores_nothing(client, draft):
    section = draft.sections.get(key="demografia")
    before = everything(draft)
    where = f"/admin/plans/plantemplate/{draft.pk}/preview/"
    wide, narrow = client.get(where), client.get(f"{where}?zakres=narrow")

    def sections(page):
        return html.fromstring(page.content).xpath("//section[@class='part']/@id")

    assert sections(wide) == [f"sekcja-{one.key}" for one in draft.sections.all()]
    assert sections(narrow) == [f"sekcja-{one.key}" for one in draft.sections.filter(in_narrow=True)]
    assert section.help in wide.content.decode()
    assert len(html.fromstring(wide.content).xpath("//fieldset[@disabled]//*[@name='risk-0-name']")) == 1
    assert html.fromstring(wide.content).xpath("//main//form") == []
    assert everything(draft) == before


def test_the_preview_is_for_staff(cast, browse, draft):
    where = f"/admin/plans/plantemplate/{draft.pk}/preview/"

    assert browse(cast.auditor).get(where).status_code == 200
    assert browse(cast.lead).get(where).status_code in {302, 403, 404}
    assert browse(None).get(where).status_code == 302
