"""What the pages of writing ask of the database: equal at 3 and at 60 goals, few at each save."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.corrections import unlock_section
from plans.models import Action, ActionCost, Goal
from tests.plans.pages import address, form_of, posted
from tests.situations import complete_draft, grow, plan_version, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


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


def test_a_text_is_opened_with_6_questions_and_one_to_be_corrected_with_8(cast, browse, draft, settings):
    """Session and person among them; alone at the section, with everything saved."""
    settings.SECOND_FACTOR_REQUIRED = True
    client = browse(cast.author)
    client.post(address(draft, "wizja"), posted(body="Raz"))
    client.get(address(draft, "wizja"))
    assert queries_of(client, address(draft, "wizja")) <= 6

    corrected = plan_version(cast, "returned").plan.latest()
    unlock_section(corrected, "wizja", reason="Zmiana wizji", by=cast.coordinator)
    client.get(address(corrected, "wizja"))
    assert queries_of(client, address(corrected, "wizja")) <= 8


def test_autosave_of_a_text_needs_at_most_8_statements(
    cast, browse, draft, django_capture_on_commit_callbacks
):
    client = browse(cast.author)
    client.post(address(draft, "wizja"), posted(body="Raz"))

    with CaptureQueriesContext(connection) as captured:
        response = client.post(
            address(draft, "wizja"), posted(body="Dwa", revision="1"), headers={"HX-Request": "true"}
        )

    assert response.status_code == 200
    assert len(statements(captured)) <= 8, "\n".join(statements(captured))


def test_autosave_of_a_correction_needs_no_more_where_a_second_factor_is_asked(cast, browse, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    draft = plan_version(cast, "returned").plan.latest()
    unlock_section(draft, "wizja", reason="Zmiana wizji", by=cast.coordinator)
    client = browse(cast.author)
    fields = form_of(client.get(address(draft, "wizja")))

    with CaptureQueriesContext(connection) as captured:
        response = client.post(
            address(draft, "wizja"), fields | {"body": "Poprawione"}, headers={"HX-Request": "true"}
        )

    assert response.status_code == 200
    assert draft.text_rows.get(key="wizja").body == "Poprawione"
    assert len(statements(captured)) <= 8, "\n".join(statements(captured))


def test_autosave_of_rows_needs_at_most_12_statements(cast, browse):
    version = complete_draft(cast)
    grow(version, 20)
    client = browse(cast.author)
    form = form_of(client.get(address(version, "indicators")))
    form["indicator-3-name"] = "Inna nazwa"

    with CaptureQueriesContext(connection) as captured:
        response = client.post(address(version, "indicators"), form, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert len(statements(captured)) <= 12, "\n".join(statements(captured))
