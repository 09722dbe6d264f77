"""Who opens a review, and when; everybody else gets the answer of a review that never was."""

import pytest

from jst.models import Expert, TeamMembership
from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.models import Review
from plans.workflow import REMARK, REVIEW
from tests.plans.posting import address, words
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    """The cast's plan in review, given to the reviewer, nothing written yet."""
    return plan_version(cast, "in_review").reviews.get()


# State of the review → who opens its page. Everybody else gets 404.
READERS = {
    "assigned": {"reviewer"},
    "in_progress": {"reviewer"},
    "handed_in": {"reviewer", "coordinator", "administrator", "auditor"},
    "decided": {
        "reviewer",
        "coordinator",
        "administrator",
        "auditor",
        "reader",
        "author",
        "lead",
        "signatory",
        "caretaker",
    },
    "recused": set(),
    "abstained": {"reviewer"},
}
ROLES = sorted(READERS["decided"] | {"other_reviewer", "other_team", "former_member"})


@pytest.mark.parametrize("state", READERS)
def test_a_review_is_read_by_those_whom_it_concerns(cast, browse, review, state):
    if state != "assigned":
        judged(review)
    if state in {"handed_in", "decided"}:
        hand_in(review)
    if state == "decided":
        decide(review.version, "accept", by=cast.coordinator)
    if state == "recused":
        REVIEW.perform(review, "recuse", by=cast.reviewer, comment="Konflikt")
    if state == "abstained":
        REVIEW.perform(review, "abstain", by=cast.reviewer, comment="To nie moja dziedzina")

    found = {role for role in ROLES if browse(getattr(cast, role)).get(address(review)).status_code == 200}

    assert found == READERS[state]


def test_a_stranger_gets_the_same_answer_as_for_a_review_that_never_was(cast, browse, review):
    hand_in(judged(review))
    for role in ("other_team", "former_member", "other_reviewer", "lead"):
        client = browse(getattr(cast, role))
        for method in (client.get, client.post):
            for path in ((), ("hand_in",), ("recuse",), ("uwagi",)):
                there, never = (
                    method(address(review, *path)),
                    method(address(review, *path).replace(str(review.pk), "999999")),
                )
                assert (there.status_code, len(there.content)) == (404, len(never.content))
    assert Review.objects.get(pk=review.pk).status == "handed_in"


def test_readers_of_a_review_do_not_write_it(cast, browse, review):
    hand_in(judged(review))
    decide(review.version, "return", by=cast.coordinator)
    for role in ("lead", "coordinator", "auditor", "caretaker"):
        client = browse(getattr(cast, role))
        assert client.post(address(review), words(review, summary="Moje")).status_code == 403
        assert client.post(address(review, "uwagi"), {"body": "x"}).status_code == 403
    assert Review.objects.get(pk=review.pk).summary == "Dobry plan."


def test_the_team_reads_a_review_without_the_name_of_the_expert(cast, browse, review):
    hand_in(judged(review))
    remark_on(review.version, cast.reviewer, review=review)
    decide(review.version, "return", by=cast.coordinator)
    team = browse(cast.lead).get(address(review)).content.decode()
    ore = browse(cast.coordinator).get(address(review)).content.decode()
    assert (cast.reviewer.last_name in team, cast.reviewer.last_name in ore) == (False, True)


def test_an_expert_of_yesterday_loses_the_review_at_once(cast, browse, review):
    client = browse(cast.reviewer)
    assert client.get(address(review)).status_code == 200
    Expert.objects.filter(person=cast.reviewer).update(until=today())
    assert client.get(address(review)).status_code == 404
    assert client.post(address(review), words(review)).status_code == 404
    assert client.get("/recenzje/").status_code == 403


def test_a_member_of_yesterday_loses_the_review_at_once(cast, browse, review):
    hand_in(judged(review))
    decide(review.version, "accept", by=cast.coordinator)
    client = browse(cast.lead)
    assert client.get(address(review)).status_code == 200
    TeamMembership.objects.filter(person=cast.lead).update(until=today())
    assert client.get(address(review)).status_code == 404


def test_a_second_expert_sees_the_first_review_after_handing_in_the_own(cast, browse, review):
    second = assign_reviewer(review.version, cast.other_reviewer.expert, by=cast.coordinator)
    hand_in(judged(review))
    client = browse(cast.other_reviewer)
    assert client.get(address(review)).status_code == 404
    hand_in(judged(second))
    assert client.get(address(review)).status_code == 200
    assert cast.reviewer.last_name not in client.get(address(review)).content.decode()


def test_who_reads_a_review_never_gets_its_form_however_badly_it_is_posted(cast, browse, review):
    hand_in(judged(review))

    answers = [
        browse(cast.coordinator).post(address(review), words(review, recommendation=recommendation))
        for recommendation in ("accept", "nonsense")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_an_expert_with_a_conflict_declared_since_settles_no_remark(cast, review):
    remark = remark_on(review.version, cast.coordinator, review=None)
    before = REMARK.available(remark, cast.reviewer)

    cast.reviewer.expert.conflicts.create(jst=cast.participation.jst, reason="Praca w urzędzie")

    assert [move.name for move in before] == ["confirm"]
    assert REMARK.available(remark, cast.reviewer) == []


def test_the_page_of_the_plan_leads_those_who_may_to_the_review(cast, browse, review):
    hand_in(judged(review))

    def leads(person):
        page = browse(person).get(f"/plany/{review.version.plan_id}/").content.decode()
        return f'href="{address(review)}"' in page

    people = (cast.reader, cast.caretaker, cast.coordinator, cast.reviewer)
    assert [leads(person) for person in people] == [False, False, True, True]
    decide(review.version, "accept", by=cast.coordinator)
    assert [leads(person) for person in people] == [True] * 4
