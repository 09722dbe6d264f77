"""Writing a section, through the page's own form: lenient, never losing a word."""

import re
import uuid

import pytest
from lxml import html

from plans.models import (
    Action,
    ActionCost,
    Goal,
    PlanVersion,
    SchoolCommitment,
    SectionRevision,
    SectionState,
    Text,
)
from plans.workflow import VERSION
from tests.situations import complete_draft, grow, plan_version, started_plan

pytestmark = pytest.mark.django_db


def form_of(response):
    """Return what a browser would post from the section's form: every control with its value."""
    form = html.fromstring(response.content).xpath("//form[@data-autosave]")[0]
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    fields = {}
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(value)
    return fields


def address(version, key):
    return f"/plany/{version.plan_id}/sekcje/{key}/"


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def posted(**fields):
    return {"revision": "0", "request_key": uuid.uuid4().hex} | fields


def test_the_lead_starts_the_one_plan_and_a_second_start_leads_to_it(cast, browse):
    client = browse(cast.lead)
    start = f"/zespoly/{cast.participation.pk}/plan/"
    words = {"scope": "wide", "title": "Plan gminy", "year_from": "2026", "year_to": "2029"}

    first = client.post(start, words)
    second = client.post(start, words)

    plan = cast.participation.plan
    assert first.url == second.url == f"/plany/{plan.pk}/"
    assert PlanVersion.objects.count() == 1


def test_an_author_cannot_start_a_plan(cast, browse):
    response = browse(cast.author).get(f"/zespoly/{cast.participation.pk}/plan/")

    assert response.status_code == 403


def test_a_plan_starts_with_the_schools_in_scope(cast):
    version = started_plan(cast).latest()

    assert [str(row.school) for row in SchoolCommitment.objects.filter(version=version)] == [
        "Szkoła Podstawowa w Brzozowie"
    ]


def test_a_text_is_saved_and_shown_again(cast, browse, draft):
    client = browse(cast.author)

    response = client.post(address(draft, "wizja"), posted(body="Szkoła ciekawa świata."))

    assert response.status_code == 302
    assert Text.objects.get(version=draft, key="wizja").body == "Szkoła ciekawa świata."
    assert "Szkoła ciekawa świata." in client.get(address(draft, "wizja")).content.decode()


def test_an_empty_section_may_be_saved(cast, browse, draft):
    response = browse(cast.author).post(address(draft, "wizja"), posted(body=""))

    assert response.status_code == 302
    assert SectionState.objects.get(version=draft, key="wizja").filled is False


def test_a_section_is_ready_when_the_author_says_so_and_not_before(cast, browse, draft):
    client = browse(cast.author)

    client.post(address(draft, "wizja"), posted(body="Tekst"))
    before = SectionState.objects.get(version=draft, key="wizja").done
    client.post(address(draft, "wizja"), posted(body="Tekst", revision="1", done="ready"))

    assert before is False
    assert SectionState.objects.get(version=draft, key="wizja").done is True


def test_a_second_writer_does_not_overwrite_the_first_and_both_texts_stay(cast, browse, draft):
    browse(cast.lead).post(address(draft, "wizja"), posted(body="Tekst lidera"))

    client = browse(cast.author)
    response = client.post(address(draft, "wizja"), posted(body="Tekst autora"))

    page = response.content.decode()
    assert response.status_code == 409
    assert Text.objects.get(version=draft, key="wizja").body == "Tekst lidera"
    assert "Tekst lidera" in page
    assert "Tekst autora" in page
    kept = SectionRevision.objects.get(version=draft, by=cast.author)
    assert (kept.outcome, kept.payload["body"]) == ("conflict", ["Tekst autora"])


def test_after_a_conflict_the_writer_may_choose_the_own_text(cast, browse, draft):
    browse(cast.lead).post(address(draft, "wizja"), posted(body="Tekst lidera"))
    client = browse(cast.author)
    page = client.post(address(draft, "wizja"), posted(body="Tekst autora"))

    response = client.post(address(draft, "wizja"), form_of(page))

    assert response.status_code == 302
    assert Text.objects.get(version=draft, key="wizja").body == "Tekst autora"


def test_the_same_request_twice_has_one_effect_and_the_same_answer(cast, browse, draft):
    client = browse(cast.author)
    request = posted(body="Tekst")

    answers = [
        client.post(address(draft, "wizja"), request, headers={"HX-Request": "true"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert SectionState.objects.get(version=draft, key="wizja").revision == 1
    assert SectionRevision.objects.count() == 1


def test_the_same_key_with_other_words_is_a_new_request_on_its_own_base(cast, browse, draft):
    client = browse(cast.author)
    request = posted(body="Pierwszy")
    client.post(address(draft, "wizja"), request)

    response = client.post(address(draft, "wizja"), request | {"body": "Drugi"})

    assert response.status_code == 409
    assert Text.objects.get(version=draft, key="wizja").body == "Pierwszy"


def test_autosave_answers_with_the_state_line_alone(cast, browse, draft):
    response = browse(cast.author).post(
        address(draft, "wizja"), posted(body="Tekst"), headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r'data-revision="(\d+)"', page) == ["1"]
    assert "<html" not in page


def test_rows_are_added_changed_and_removed_only_by_an_explicit_mark(cast, browse, draft):
    client = browse(cast.author)
    first, second = uuid.uuid4(), uuid.uuid4()
    rows = {
        "risk-total": "2",
        "risk-0-uid": str(first),
        "risk-0-name": "Brak nauczycieli",
        "risk-1-uid": str(second),
        "risk-1-name": "Brak pieniędzy",
    }
    client.post(address(draft, "risks"), posted(**rows))

    # The first row is absent from the request, so it stays; the second is marked, so it goes.
    absent = {"risk-total": "2", "risk-1-uid": str(second), "risk-1-name": "Brak", "risk-1-delete": "on"}
    client.post(address(draft, "risks"), posted(revision="1", **absent))

    assert list(draft.risk_rows.values_list("uid", "name")) == [(first, "Brak nauczycieli")]


def test_an_empty_row_drawn_by_the_server_is_not_stored(cast, browse, draft):
    client = browse(cast.author)
    form = form_of(client.get(address(draft, "risks")))

    client.post(address(draft, "risks"), form)

    assert form["risk-total"] == ["1"]
    assert draft.risk_rows.count() == 0


def test_a_row_may_point_to_a_row_made_in_the_same_request(cast, browse, draft):
    strategic, operational = str(uuid.uuid4()), str(uuid.uuid4())

    response = browse(cast.author).post(
        address(draft, "goals"),
        posted(
            **{
                "strategic-total": "1",
                "strategic-0-uid": strategic,
                "strategic-0-title": "Cel główny",
                "operational-total": "1",
                "operational-0-uid": operational,
                "operational-0-title": "Cel szczegółowy",
                "operational-0-parent": strategic,
            }
        ),
    )

    assert response.status_code == 302
    assert Goal.objects.get(version=draft, level="operational").parent.title == "Cel główny"


def test_what_cannot_be_read_is_refused_with_a_sentence_and_kept(cast, browse, draft):
    client = browse(cast.author)
    rows = {"budget-total": "1", "budget-0-uid": str(uuid.uuid4()), "budget-0-amount": "dużo"}

    response = client.post(address(draft, "budget"), posted(**rows))

    assert response.status_code == 422
    assert 'value="dużo"' in response.content.decode()
    assert draft.budgetline_rows.count() == 0
    again = client.get(address(draft, "budget") + "?moje").content.decode()
    assert 'value="dużo"' in again


def test_sums_are_read_as_people_in_poland_write_them(cast, browse, draft):
    rows = {"budget-total": "1", "budget-0-uid": str(uuid.uuid4()), "budget-0-amount": "12 345,50"}

    browse(cast.author).post(address(draft, "budget"), posted(**rows))

    assert str(draft.budgetline_rows.get().amount) == "12345.50"


def test_a_negative_sum_is_refused(cast, browse, draft):
    rows = {"budget-total": "1", "budget-0-uid": str(uuid.uuid4()), "budget-0-amount": "-5"}

    assert browse(cast.author).post(address(draft, "budget"), posted(**rows)).status_code == 422


def test_a_goal_that_actions_use_cannot_be_removed(cast, browse):
    version = complete_draft(cast)
    goal = Goal.objects.get(version=version, level="operational")
    rows = {"operational-total": "1", "operational-0-uid": str(goal.uid), "operational-0-delete": "on"}

    response = browse(cast.author).post(address(version, "goals"), posted(**rows))

    assert response.status_code == 422
    assert Goal.objects.filter(pk=goal.pk).exists()
    assert "Pracownie przyrodnicze" in response.content.decode()
    assert SectionState.objects.get(version=version, key="goals").revision == 0


def test_a_school_that_an_action_uses_cannot_be_removed(cast, browse):
    version = complete_draft(cast)
    row = SchoolCommitment.objects.get(version=version)
    rows = {"school-total": "1", "school-0-uid": str(row.uid), "school-0-delete": "on"}

    response = browse(cast.author).post(address(version, "schools"), posted(**rows))

    assert response.status_code == 422
    assert SchoolCommitment.objects.filter(pk=row.pk).exists()


def test_posting_what_the_page_shows_changes_nothing(cast, browse):
    version = complete_draft(cast)
    client = browse(cast.author)
    before = version_digest(version)

    for key in ("debate", "swot", "goals", "schools", "actions", "indicators", "budget", "risks", "wizja"):
        response = client.post(address(version, key), form_of(client.get(address(version, key))))
        assert (key, response.status_code) == (key, 302)

    assert version_digest(version) == before


def version_digest(version):
    from plans.content import Content

    return Content(PlanVersion.objects.get(pk=version.pk)).sha256()


def test_extra_fields_in_a_request_change_nothing_else(cast, browse, draft):
    browse(cast.author).post(
        address(draft, "wizja"),
        posted(body="Tekst", status="accepted", version="999", plan="7", sent_at="2026-01-01", key="goals"),
    )

    draft.refresh_from_db()
    assert (draft.status, draft.sent_at) == ("draft", None)


def test_a_row_of_another_plan_is_never_touched(cast, browse, draft):
    version = draft
    other = Goal.objects.create(version=started_plan_of_other(cast), level="strategic", title="Cudzy cel")
    rows = {"strategic-total": "1", "strategic-0-uid": str(other.uid), "strategic-0-title": "Mój cel"}

    browse(cast.author).post(address(version, "goals"), posted(**rows))

    other.refresh_from_db()
    assert other.title == "Cudzy cel"
    assert Goal.objects.get(version=version).title == "Mój cel"


def started_plan_of_other(cast):
    from plans.copying import start_plan

    plan = start_plan(
        cast.other_participation, scope="wide", title="Inny", year_from=2026, year_to=2027, by=cast.other_team
    )
    return plan.latest()


@pytest.mark.parametrize("status", ["awaiting_signature", "sent", "in_review", "accepted"])
def test_after_the_draft_nothing_is_stored_and_the_text_is_kept(cast, browse, status):
    version = plan_version(cast, status)

    response = browse(cast.author).post(address(version, "wizja"), posted(body="Za późno"))

    assert response.status_code == 423
    assert Text.objects.get(version=version, key="wizja").body == "Tekst o naszej gminie."
    assert SectionRevision.objects.get(version=version).outcome == "locked"


def test_after_a_return_only_the_requested_sections_open(cast, browse):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    client = browse(cast.author)

    locked = client.post(address(draft, "wizja"), posted(body="Poprawka"))
    open_one = client.post(address(draft, "goals"), posted(**{"strategic-total": "0"}))

    assert draft.number == 2
    assert (locked.status_code, open_one.status_code) == (423, 302)


@pytest.mark.parametrize("role", ["reader", "signatory", "caretaker"])
def test_insiders_who_do_not_write_are_told_who_does(cast, browse, draft, role):
    response = browse(getattr(cast, role)).get(address(draft, "wizja"))

    assert response.status_code == 403


@pytest.mark.parametrize("role", ["former_member", "other_team", "reviewer", "coordinator", "auditor"])
def test_to_all_others_a_draft_is_missing(cast, browse, draft, role):
    response = browse(getattr(cast, role)).get(address(draft, "wizja"))

    assert response.status_code == 404


def test_a_member_whose_membership_ends_loses_access_at_the_next_request(cast, browse, draft):
    from datetime import timedelta

    from jst.models.dated import today

    client = browse(cast.author)
    before = client.get(address(draft, "wizja")).status_code
    cast.participation.memberships.filter(person=cast.author).update(until=today() - timedelta(days=1))

    after = client.post(address(draft, "wizja"), posted(body="Jeszcze ja")).status_code

    assert (before, after) == (200, 404)


@pytest.mark.parametrize("key", ["goals", "actions", "indicators", "schools", "wizja"])
def test_a_section_costs_the_same_number_of_queries_with_3_goals_and_with_60(
    cast, browse, django_assert_num_queries, key
):
    version = complete_draft(cast)
    client = browse(cast.author)
    client.get(address(version, key))
    grow(version, 2)
    few = queries_of(client, address(version, key))
    grow(version, 57)

    assert queries_of(client, address(version, key)) == few
    assert Goal.objects.filter(version=version).count() >= 60
    assert (
        ActionCost.objects.filter(version=version).count() == Action.objects.filter(version=version).count()
    )


def queries_of(client, path):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def statements(captured):
    return [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    ]


def test_autosave_of_a_text_needs_at_most_8_statements(
    cast, browse, draft, django_capture_on_commit_callbacks
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browse(cast.author)
    client.post(address(draft, "wizja"), posted(body="Raz"))

    with CaptureQueriesContext(connection) as captured:
        response = client.post(
            address(draft, "wizja"), posted(body="Dwa", revision="1"), headers={"HX-Request": "true"}
        )

    assert response.status_code == 200
    assert len(statements(captured)) <= 8, "\n".join(statements(captured))


def test_autosave_of_rows_needs_at_most_12_statements(cast, browse):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    version = complete_draft(cast)
    grow(version, 20)
    client = browse(cast.author)
    form = form_of(client.get(address(version, "indicators")))
    form["indicator-3-name"] = "Inna nazwa"

    with CaptureQueriesContext(connection) as captured:
        response = client.post(address(version, "indicators"), form, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert len(statements(captured)) <= 12, "\n".join(statements(captured))


def test_sending_freezes_what_was_saved_last(cast, browse):
    version = complete_draft(cast)
    browse(cast.author).post(address(version, "wizja"), posted(body="Ostatnie słowo"))

    VERSION.perform(version, "ask_signature", by=cast.author)
    event = VERSION.perform(version, "send", by=cast.signatory)

    assert event.data["sha256"] == version.sha256 == version_digest(version)
    assert Text.objects.get(version=version, key="wizja").body == "Ostatnie słowo"
