"""Plans in the admin panel: forms and criteria that staff keep, and what staff may not see there."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.models import (
    CriteriaSet,
    DeadlineExtension,
    EditionSetup,
    Goal,
    KeyCompetence,
    PlanTemplate,
    PlanVersion,
    Review,
)
from portal.models import Event
from tests.situations import complete_draft, hand_in, judged, plan_version, remark_on, started_plan

pytestmark = pytest.mark.django_db

LISTS = [
    "criteriaset",
    "deadlineextension",
    "decision",
    "editionsetup",
    "keycompetence",
    "plan",
    "plantemplate",
    "planversion",
    "remark",
    "review",
]


def address(name, rest=""):
    return f"/admin/plans/{name}/{rest}"


@pytest.fixture
def client(cast, browse):
    return browse(cast.coordinator)


# --- What staff may not see ---------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordinator", "administrator", "auditor"])
def test_no_page_of_the_admin_shows_a_draft(cast, browse, role):
    version = complete_draft(cast)
    version.text_rows.update(body="KANAREK w szkicu")
    Goal.objects.filter(version=version).update(title="KANAREK w celu")
    client = browse(getattr(cast, role))
    for name in LISTS:
        page = client.get(address(name))
        assert (name, page.status_code) == (name, 200)
        assert "KANAREK" not in page.content.decode()
    assert client.get(address("planversion", f"{version.pk}/change/")).status_code == 302
    plan = client.get(address("plan", f"{version.plan_id}/change/"))
    assert plan.status_code == 200
    assert "KANAREK" not in plan.content.decode()


def test_reviews_and_remarks_appear_once_handed_in(cast, client):
    version = plan_version(cast, "in_review")
    review = judged(version.reviews.get())
    remark_on(version, cast.reviewer, body="KANAREK")
    found = [client.get(address(name)).context["cl"].result_count for name in ("review", "remark")]
    assert found == [0, 0]
    assert client.get(address("review", f"{review.pk}/change/")).status_code == 302
    hand_in(review)
    found = [client.get(address(name)).context["cl"].result_count for name in ("review", "remark")]
    assert found == [1, 1]


def test_a_superuser_of_no_group_sees_no_texts_either(cast, browse):
    version = plan_version(cast, "sent")
    chief = type(cast.coordinator).objects.create_superuser("root@example.org", "x")
    for name, pk in (("planversion", version.pk), ("plan", version.plan_id)):
        assert browse(chief).get(address(name, f"{pk}/change/")).status_code == 302


@pytest.mark.parametrize("name", ["plan", "planversion", "review", "remark", "decision"])
def test_what_has_pages_of_its_own_is_not_added_here(client, name):
    assert client.get(address(name, "add/")).status_code == 403


# --- Moves --------------------------------------------------------------------------------------


def test_the_buttons_of_a_version_are_the_moves_of_the_table(cast, client):
    version = plan_version(cast, "in_review")
    page = client.get(address("planversion", f"{version.pk}/change/"))
    decision = f"/plany/{version.plan_id}/wersje/1/decyzja/"
    assert [where for _label, where in page.context["buttons"]] == [decision] * 3


def test_reviews_are_started_in_bulk_and_what_is_refused_is_told(cast, client):
    version = plan_version(cast, "sent")
    data = {"action": "move_start_review", "_selected_action": [version.pk], "confirmed": "1", "comment": ""}
    refused = client.post(address("planversion"), data, follow=True)
    assert [message.level_tag for message in refused.context["messages"]] == ["error"]
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    client.post(address("planversion"), data)
    assert PlanVersion.objects.get(pk=version.pk).status == "in_review"


def test_only_moves_that_staff_make_are_offered_in_bulk(cast, client):
    plan_version(cast, "sent")
    offered = {
        name: dict(client.get(address(name)).context["action_form"].fields["action"].choices)
        for name in ("planversion", "review", "remark")
    }
    assert {name: set(actions) - {""} for name, actions in offered.items()} == {
        "planversion": {"move_start_review"},
        "review": {"move_reopen"},
        "remark": {"move_confirm", "move_waive"},
    }


def test_posting_fields_of_a_version_changes_nothing(cast, client):
    version = plan_version(cast, "sent")
    before = PlanVersion.objects.filter(pk=version.pk).values().get()
    client.post(
        address("planversion", f"{version.pk}/change/"), {"status": "accepted", "number": "9", "sha256": "x"}
    )
    assert PlanVersion.objects.filter(pk=version.pk).values().get() == before


def test_a_review_is_reopened_from_the_admin_as_from_the_portal(cast, client):
    review = hand_in(judged(plan_version(cast, "in_review").reviews.get()))
    client.post(address("review", f"{review.pk}/move/reopen/"), {"comment": "Dopisz"})
    assert Review.objects.get(pk=review.pk).status == "in_progress"
    assert Event.objects.last().kind == "plans.review.reopen"


# --- The form of a plan -------------------------------------------------------------------------


def section_rows(template, total=None, **fields):
    rows = {
        "name": template.name,
        "sections-TOTAL_FORMS": str(total or template.sections.count()),
        "sections-INITIAL_FORMS": str(template.sections.count()),
        "rule_settings-TOTAL_FORMS": "0",
        "rule_settings-INITIAL_FORMS": "0",
    }
    for index, section in enumerate(template.sections.all()):
        row = {"id": section.pk, "template": template.pk, "position": section.position, "key": section.key}
        row |= {"kind": section.kind, "title": section.title, "help": section.help}
        row |= {"word_limit": section.word_limit or "", "criterion": section.criterion_id or ""}
        row |= {
            name: "on" for name in ("in_narrow", "required_wide", "required_narrow") if getattr(section, name)
        }
        rows |= {f"sections-{index}-{name}": value for name, value in row.items()}
    return rows | fields


def test_a_published_template_never_changes(cast, client):
    template = cast.setup.template
    page = client.get(address("plantemplate", f"{template.pk}/change/"))
    assert page.context["has_change_permission"] is False
    response = client.post(
        address("plantemplate", f"{template.pk}/change/"), section_rows(template, name="Inna nazwa")
    )
    assert response.status_code == 403
    assert PlanTemplate.objects.get(pk=template.pk).name == template.name


def test_a_copy_is_changed_and_then_published(cast, client):
    template = cast.setup.template
    client.post(address("plantemplate", f"{template.pk}/copy/"))
    copy = PlanTemplate.objects.exclude(pk=template.pk).get()
    assert copy.published_at is None
    assert list(copy.sections.values_list("key", "title")) == list(
        template.sections.values_list("key", "title")
    )

    posted = section_rows(copy, **{"name": "Wzór 2027", "sections-0-title": "Kto pisał"})
    response = client.post(address("plantemplate", f"{copy.pk}/change/"), posted)
    assert response.status_code == 302
    assert copy.sections.first().title == "Kto pisał"

    client.post(address("plantemplate", f"{copy.pk}/publish/"))
    copy.refresh_from_db()
    assert copy.published_at is not None
    log = LogEntry.objects.filter(object_id=copy.pk, user=cast.coordinator)
    assert log.count() == 3


def test_a_template_without_sections_is_not_published(client):
    template = PlanTemplate.objects.create(name="Pusty")
    client.post(address("plantemplate", f"{template.pk}/publish/"))
    template.refresh_from_db()
    assert template.published_at is None


def test_rows_of_an_unknown_kind_are_refused_where_they_are_typed(cast, client):
    client.post(address("plantemplate", f"{cast.setup.template_id}/copy/"))
    copy = PlanTemplate.objects.get(published_at=None)
    posted = section_rows(copy, **{"sections-2-key": "nosuch"})
    assert client.post(address("plantemplate", f"{copy.pk}/change/"), posted).status_code == 200
    assert copy.sections.filter(key="nosuch").count() == 0


def test_opening_the_addresses_of_the_buttons_changes_nothing(cast, client):
    for name in ("publish", "copy"):
        assert client.get(address("plantemplate", f"{cast.setup.template_id}/{name}/")).status_code == 405
    assert PlanTemplate.objects.count() == 1


def test_an_auditor_changes_no_template(cast, browse):
    template = PlanTemplate.objects.create(name="Szkic")
    for name in ("publish", "copy"):
        response = browse(cast.auditor).post(address("plantemplate", f"{template.pk}/{name}/"))
        assert response.status_code == 403
    assert PlanTemplate.objects.filter(published_at=None).count() == 1


# --- Criteria, competences, editions ------------------------------------------------------------


def test_criteria_stay_once_a_plan_is_written_by_a_form_that_shows_them(cast, client):
    where = address("criteriaset", f"{cast.setup.criteria_id}/change/")
    before = client.get(where).context["has_change_permission"]

    started_plan(cast)

    assert (before, client.get(where).context["has_change_permission"]) == (True, False)
    assert client.post(where, {"name": "Inne"}).status_code == 403


def test_criteria_that_no_form_shows_stay_once_a_review_by_them_has_begun(cast, client):
    cast.setup.template.sections.update(criterion=None)
    version = plan_version(cast, "in_review")
    where = address("criteriaset", f"{cast.setup.criteria_id}/change/")
    before = client.get(where).context["has_change_permission"]

    judged(version.reviews.get())

    assert (before, client.get(where).context["has_change_permission"]) == (True, False)
    setup = client.get(address("editionsetup", f"{cast.setup.pk}/change/"))
    assert "criteria" not in setup.context["adminform"].form.fields


def test_experts_judge_by_the_criteria_that_authors_see(cast, client):
    where = address("editionsetup", f"{cast.setup.pk}/change/")
    others = CriteriaSet.objects.create(name="Inne kryteria")
    form = client.get(where).context["adminform"].form
    words = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    words |= {"deadline_0": "2027-01-15", "deadline_1": "12:00:00", "criteria": others.pk}

    refused = client.post(where, words)
    cast.setup.template.sections.update(criterion=None)
    client.post(where, words)

    assert "shows criteria of another set" in refused.content.decode()
    assert EditionSetup.objects.get(pk=cast.setup.pk).criteria == others


def test_a_competence_that_a_plan_names_keeps_its_name(cast, client):
    used = KeyCompetence.objects.filter(competence_set="power").first()
    unused = KeyCompetence.objects.filter(competence_set="power").last()
    complete_draft(cast)
    pages = [client.get(address("keycompetence", f"{one.pk}/change/")) for one in (used, unused)]
    assert [page.context["has_change_permission"] for page in pages] == [False, True]


def test_the_set_of_competences_stays_once_a_plan_is_written_by_it(cast, client):
    def changeable():
        page = client.get(address("editionsetup", f"{cast.setup.pk}/change/"))
        return "competence_set" in page.context["adminform"].form.fields

    before = changeable()
    complete_draft(cast)

    assert (before, changeable()) == (True, False)


def test_only_published_templates_can_be_chosen_for_an_edition(cast, client):
    PlanTemplate.objects.create(name="Szkic")
    page = client.get(address("editionsetup", f"{cast.setup.pk}/change/"))
    offered = page.context["adminform"].form.fields["template"].queryset
    assert list(offered) == [cast.setup.template]
    assert EditionSetup.objects.count() == CriteriaSet.objects.count() == 1


# --- Deadlines ----------------------------------------------------------------------------------


def test_more_time_is_given_once_with_a_reason_and_the_team_is_told(cast, client):
    plan = complete_draft(cast).plan
    until = timezone.localtime() + timedelta(days=60)
    posted = {
        "plan": plan.pk,
        "until_0": until.strftime("%d.%m.%Y"),
        "until_1": until.strftime("%H:%M"),
        "reason": "Powódź",
    }
    response = client.post(address("deadlineextension", "add/"), posted)
    assert response.status_code == 302
    extension = DeadlineExtension.objects.get()
    event = Event.objects.last()
    assert (extension.plan, extension.by, extension.reason) == (plan, cast.coordinator, "Powódź")
    assert (event.kind, event.comment, event.planevent.plan) == ("plans.plan.extend", "Powódź", plan)
    assert set(event.messages.values_list("recipient", flat=True)) == {
        cast.lead.pk,
        cast.author.pk,
        cast.signatory.pk,
    }
    assert client.post(address("deadlineextension", f"{extension.pk}/change/"), posted).status_code == 403


def test_time_that_has_passed_cannot_be_given(cast, client):
    plan = complete_draft(cast).plan
    posted = {"plan": plan.pk, "until_0": "01.01.2020", "until_1": "12:00", "reason": "Powódź"}
    assert client.post(address("deadlineextension", "add/"), posted).status_code == 200
    assert DeadlineExtension.objects.count() == 0
