"""The last steps of ORE's work: the page of the decision says what is done, what is open and what is next."""

import pytest

from plans.models import Decision, Remark, Review
from tests.situations import hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db

READ, SETTLE, DECIDE, REPORT, LETTER, RELEASE = range(6)


@pytest.fixture
def version(cast):
    return plan_version(cast, "in_review")


def page_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def prepare(version, client, **changes):
    words = {"outcome": "accept", "reason": "Tak.", "seen": ""} | changes
    assert client.post(page_of(version), words).status_code == 302


def steps(client, version):
    """Return how each step stands, and the number of the next."""
    found = client.get(page_of(version)).context["steps"]
    following = [number for number, step in enumerate(found) if step.is_next]
    return [step.state for step in found], following


def test_before_the_reviews_are_in_they_come_first(cast, browse, version):
    client = browse(cast.coordinator)
    assert steps(client, version) == (["open", "done", "open", "free", "later", "later"], [READ])


def test_each_step_follows_the_one_before_up_to_the_release(cast, browse, version):
    client = browse(cast.coordinator)
    remark = remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    assert steps(client, version) == (["done", "open", "open", "free", "later", "later"], [SETTLE])

    Remark.objects.filter(pk=remark.pk).update(status="waived")
    assert steps(client, version) == (["done", "done", "open", "free", "later", "later"], [DECIDE])

    prepare(version, client)
    assert steps(client, version) == (["done", "done", "done", "free", "done", "open"], [RELEASE])


def test_what_stops_an_acceptance_stops_the_release_and_nothing_stops_a_return(cast, browse, version):
    client = browse(cast.coordinator)
    remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    prepare(version, client)
    assert steps(client, version) == (["done", "open", "done", "free", "done", "later"], [SETTLE])

    client.post(page_of(version), {"drop": "1"})
    prepare(version, client, outcome="return", sections=["goals"], due="31.12.2030")
    assert steps(client, version) == (["done", "free", "done", "free", "done", "open"], [RELEASE])


def test_an_expert_who_gives_up_after_the_decision_opens_the_first_step_again(cast, browse, version):
    client = browse(cast.coordinator)
    hand_in(judged(version.reviews.get()))
    prepare(version, client)
    Review.objects.filter(version=version).update(status="recused")
    assert steps(client, version) == (["open", "done", "done", "free", "done", "later"], [READ])


def test_a_letter_that_reaches_nobody_is_an_open_step(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client, outcome="refuse")
    Review.objects.filter(version=version).update(status="recused")
    cast.participation.memberships.update(until="2026-01-02", since="2026-01-01")
    cast.caretaker.expert.assignments.update(until="2026-01-02", since="2026-01-01")
    assert steps(client, version) == (["free", "done", "done", "free", "open", "open"], [LETTER])


def test_the_next_step_is_marked_for_everybody_and_leads_to_its_place(cast, browse, version):
    client = browse(cast.coordinator)
    hand_in(judged(version.reviews.get()))
    prepare(version, client)
    page = client.get(page_of(version))
    text = page.content.decode()
    assert text.count('aria-current="step"') == 1
    places = {step.place for step in page.context["steps"]}
    assert [place for place in places if text.count(f'id="{place}"') != 1] == []


def test_after_the_release_no_step_is_left(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client, outcome="refuse")
    decision = Decision.objects.get()
    stamp = f"{decision.pk}:{decision.prepared_at.isoformat()}"
    before = client.get("/decyzje/").content.decode()
    assert "Two steps are left" in before
    assert "Prepared, not released (1)" in before
    client.post("/decyzje/", {"decision": stamp, "confirm": "1"})
    assert "steps" not in client.get(page_of(version)).context
    assert "Two steps are left" not in client.get("/decyzje/").content.decode()
