"""Rows of a section: added, changed, removed, referred to; never somebody else's."""

import uuid

import pytest
from lxml import html

from plans.models import Goal, SchoolCommitment, SectionState
from plans.sections import ROW_SETS
from tests.plans.pages import address, form_of, posted, version_digest
from tests.situations import complete_draft, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


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


def test_a_new_row_offers_what_neighbours_share_and_a_stored_row_does_not(cast, browse):
    version = complete_draft(cast)
    page = html.fromstring(browse(cast.author).get(address(version, "actions")).content)
    found = {}
    for row in page.xpath("//form//details[@data-row]"):
        names = row.xpath(".//button/@data-as-above")
        (uid,) = row.xpath(".//input[contains(@name, '-uid')]/@name")
        found[uid.removesuffix("-uid")] = names
        for name in " ".join(names).split():
            assert len(row.xpath(".//*[@name=$name]", name=uid.replace("uid", name))) == 1

    actions, costs = ["goal responsible"], ["action year source"]
    assert found == {
        "action-0": [], "action-1": actions, "action-__index__": actions,
        "cost-0": [], "cost-1": costs, "cost-__index__": costs,
    }  # fmt: skip
    buttons = page.xpath("//button[@data-as-above]")
    assert [button.get("hidden") for button in buttons] == [""] * 4
    assert {" ".join(button.text_content().split()) for button in buttons} == {
        "As in the row above: serves the operational goal, who is responsible",
        "As in the row above: action, year, source of money",
    }


def test_every_field_that_neighbours_share_is_a_column_with_one_value():
    shared = [(one.model, name) for one in ROW_SETS.values() for name in one.alike]

    assert [one for one in ROW_SETS.values() if set(one.alike) - set(one.fields)] == []
    assert [name for model, name in shared if model._meta.get_field(name).many_to_many] == []
