"""A goal borrowed from a published plan: found by its words, put in as new rows that say whose they were."""

import pytest
from lxml import html

from plans.copying import start_plan
from plans.models import Action, Goal, PlanIndicator, Text
from plans.publishing import publish_plan
from plans.shelving import fill_shelf
from tests.plans.pages import address, form_of, version_digest
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(cast):
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    return version


@pytest.fixture
def draft(cast):
    """The draft of another unit, which borrows."""
    fields = {"scope": "wide", "title": "Plan Zielonek", "year_from": 2026, "year_to": 2029}
    return start_plan(cast.other_participation, by=cast.other_team, **fields).latest()


def page_of(draft, goal):
    return f"/plany/{draft.plan_id}/zapozycz/{goal.version.plan_id}/{goal.uid}/"


def hidden(response):
    inputs = html.fromstring(response.content).xpath("//main//form//input")
    return {one.get("name"): one.get("value") or "on" for one in inputs}


@pytest.mark.parametrize("words", ["doswiadczeniami klasa", "BRZOZOW"])
def test_a_goal_is_found_by_other_forms_of_its_words_and_by_the_unit(cast, browse, published, draft, words):
    found = browse(cast.other_team).get(f"/plany/{draft.plan_id}/zapozycz/", {"szukaj": words})

    assert "Doświadczenia w każdej klasie" in found.content.decode()


@pytest.mark.parametrize(
    "words, is_found", [("uczniów", True), ("UCZNIOW świata", True), ("uczelnia", False)]
)
def test_a_word_on_the_shelf_is_found_in_every_form_and_no_other(
    cast, browse, published, draft, words, is_found
):
    fill_shelf()

    found = browse(cast.other_team).get(f"/plany/{draft.plan_id}/zapozycz/", {"szukaj": words})

    assert ("Uczeń, który bada świat" in found.content.decode()) == is_found


def test_a_unit_is_found_by_the_beginning_of_its_name_though_the_shelf_knows_that_word(
    cast, browse, published, draft
):
    Text.objects.filter(version=published, key="wizja").update(body="Szkoła pod brzozą, na brzozach.")
    fill_shelf()

    found = browse(cast.other_team).get(f"/plany/{draft.plan_id}/zapozycz/", {"szukaj": "brzoz"})

    assert "Doświadczenia w każdej klasie" in found.content.decode()


def test_what_is_not_published_is_not_found(cast, browse, published, draft):
    publish_plan(published.plan, published=False, by=cast.lead)
    client = browse(cast.other_team)
    goal = Goal.objects.filter(version=published).first()

    found = client.get(f"/plany/{draft.plan_id}/zapozycz/", {"szukaj": "doświadczenia"})

    assert "No published goal" in found.content.decode()
    assert client.get(page_of(draft, goal)).status_code == 404


def test_a_strategic_goal_comes_with_its_parts_and_says_whose_it_was(cast, browse, published, draft):
    client = browse(cast.other_team)
    source = Goal.objects.get(version=published, level="strategic")
    page = client.get(page_of(draft, source))

    client.post(page_of(draft, source), hidden(page))

    goals = {goal.level: goal for goal in Goal.objects.filter(version=draft)}
    assert goals["operational"].parent == goals["strategic"]
    assert goals["strategic"].uid != source.uid
    assert goals["strategic"].origin == "borrowed from the plan: Urban-rural gmina Brzozów, version 1"
    action, indicator = Action.objects.get(version=draft), PlanIndicator.objects.get(version=draft)
    assert action.goal == indicator.goal == goals["operational"]
    assert (action.responsible, action.starts, indicator.target) == ("", None, None)
    assert goals["strategic"].origin in client.get(address(draft, "goals")).content.decode()


def test_actions_and_indicators_come_only_if_wished(cast, browse, published, draft):
    client = browse(cast.other_team)
    source = Goal.objects.get(version=published, level="operational")
    words = hidden(client.get(page_of(draft, source)))
    del words["actions"], words["indicators"]

    client.post(page_of(draft, source), words)

    assert Goal.objects.get(version=draft).competences.count() == source.competences.count() == 1
    assert not Action.objects.filter(version=draft).exists()
    assert not PlanIndicator.objects.filter(version=draft).exists()


def test_a_double_click_borrows_once(cast, browse, published, draft):
    client = browse(cast.other_team)
    source = Goal.objects.get(version=published, level="operational")
    words = hidden(client.get(page_of(draft, source)))

    client.post(page_of(draft, source), words)
    client.post(page_of(draft, source), words)

    assert Goal.objects.filter(version=draft).count() == 1


def test_goals_saved_meanwhile_stop_the_loan(cast, browse, published, draft):
    client = browse(cast.other_team)
    source = Goal.objects.get(version=published, level="operational")
    words = hidden(client.get(page_of(draft, source)))
    form = form_of(client.get(address(draft, "goals")))
    client.post(address(draft, "goals"), form | {"strategic-0-title": "Własny cel"})
    before = version_digest(draft)

    answer = client.post(page_of(draft, source), words)

    assert answer.status_code == 409
    assert version_digest(draft) == before
