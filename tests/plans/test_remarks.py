"""The ledger of remarks: added by an expert, answered by the team, settled before acceptance."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.judging import stamp
from plans.ledger import remarks_for
from plans.models import Goal, PlanEvent, PlanVersion, Remark
from plans.problems import blockers
from plans.remarks import answer_remark
from plans.workflow import REMARK, REVIEW, VERSION
from portal.models import User
from tests.conftest import person_of
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    return plan_version(cast, "in_review").reviews.get()


def body(**changes):
    return {
        "uid": str(uuid.uuid4()),
        "section": "goals",
        "row_uid": "",
        "kind": "missing",
        "body": "Brakuje uzasadnienia.",
    } | changes


def add(review, *, by, browse, **changes):
    return browse(by).post(f"/recenzje/{review.pk}/uwagi/", body(**changes))


def returned_with_remark(cast, review, **fields):
    """A plan returned with one remark to its goals; returns (remark, the next draft)."""
    remark = remark_on(review.version, cast.reviewer, **fields)
    hand_in(judged(review))
    decide(review.version, "return", by=cast.coordinator)
    return remark, review.version.plan.latest()


def sent_again(cast, draft):
    """Send the corrected draft and start its review; returns the review of the same expert."""
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    return draft.reviews.get()


# --- Adding -------------------------------------------------------------------------------------


def test_a_remark_is_added_to_a_field_of_a_row(cast, browse, review):
    goal = Goal.objects.get(version=review.version, level="operational")
    client = browse(cast.reviewer)
    place = f"/recenzje/{review.pk}/uwagi/?sekcja=goals&wiersz={goal.uid}&pole=title"
    form = client.get(place).context["form"]
    assert form.initial["field"] == "title"
    assert [name for name, _label in form.fields["field"].choices] == [
        "",
        "parent",
        "title",
        "description",
        "competences",
    ]

    response = add(review, by=cast.reviewer, browse=browse, row_uid=str(goal.uid), field="title")

    remark = Remark.objects.get()
    assert (remark.section, remark.row_uid, remark.field) == ("goals", goal.uid, "title")
    assert (remark.status, remark.author, remark.review) == ("open", cast.reviewer, review)
    assert response["Location"] == f"/recenzje/{review.pk}/#remark-{remark.pk}"
    page = client.get(f"/recenzje/{review.pk}/").content.decode()
    row = page[page.index(f'id="wiersz-{goal.uid}"') :]
    assert row.index(f'id="remark-{remark.pk}"') < row.index("</article>")


def test_the_first_remark_begins_the_review(cast, browse, review):
    add(review, by=cast.reviewer, browse=browse)
    review.refresh_from_db()
    assert review.status == "in_progress"


def test_the_same_request_twice_is_one_remark_and_other_words_are_another(cast, browse, review):
    uid = str(uuid.uuid4())
    for _time in range(2):
        add(review, by=cast.reviewer, browse=browse, uid=uid)
    assert Remark.objects.count() == 1
    add(review, by=cast.reviewer, browse=browse, uid=uid, body="Coś innego.")
    assert sorted(Remark.objects.values_list("body", flat=True)) == ["Brakuje uzasadnienia.", "Coś innego."]


def test_without_a_place_the_expert_chooses_the_section(cast, browse, review):
    form = browse(cast.reviewer).get(f"/recenzje/{review.pk}/uwagi/").context["form"]
    assert form.fields["section"].widget.input_type == "select"
    assert len(form.fields["section"].choices) <= 50


@pytest.mark.parametrize(
    "wrong",
    [
        {"section": "nosuch"},
        {"section": ""},
        {"row_uid": str(uuid.uuid4())},
        {"row_uid": "x"},
        {"kind": "insult"},
        {"body": " "},
        {"uid": "x"},
    ],
)
def test_a_remark_needs_a_place_of_this_plan_a_kind_and_words(cast, browse, review, wrong):
    assert add(review, by=cast.reviewer, browse=browse, **wrong).status_code == 422
    assert Remark.objects.count() == 0


def test_forged_fields_change_nothing(cast, browse, review):
    add(
        review,
        by=cast.reviewer,
        browse=browse,
        status="confirmed",
        author=str(cast.lead.pk),
        plan="999",
        answer="Zgoda.",
    )
    remark = Remark.objects.get()
    assert (remark.status, remark.author, remark.plan, remark.answer) == (
        "open",
        cast.reviewer,
        review.version.plan,
        "",
    )


def test_the_author_changes_and_removes_a_remark_until_the_review_is_handed_in(cast, browse, review):
    remark, client = remark_on(review.version, cast.reviewer), browse(cast.reviewer)
    words = body(kind="suggestion", body="Można by dodać.", seen=stamp(remark))
    client.post(f"/uwagi/{remark.pk}/zmien/", words)
    remark.refresh_from_db()
    assert (remark.kind, remark.body) == ("suggestion", "Można by dodać.")

    assert client.get(f"/uwagi/{remark.pk}/usun/").status_code == 200
    assert Remark.objects.count() == 1
    client.post(f"/uwagi/{remark.pk}/usun/", {"seen": stamp(remark)})
    assert Remark.objects.count() == 0


def test_a_remark_of_a_review_handed_in_stays_as_it_is(cast, browse, review):
    remark = remark_on(review.version, cast.reviewer)
    hand_in(judged(review))
    client = browse(cast.reviewer)
    assert client.post(f"/uwagi/{remark.pk}/zmien/", body(body="Inaczej")).status_code == 403
    assert client.post(f"/uwagi/{remark.pk}/usun/").status_code == 403
    assert add(review, by=cast.reviewer, browse=browse).status_code == 403
    assert list(Remark.objects.values_list("body", flat=True)) == ["Brakuje uzasadnienia celu."]


# --- Who sees a remark --------------------------------------------------------------------------

SEES = {
    "written": {"reviewer"},
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
}
ROLES = sorted(SEES["decided"] | {"other_reviewer", "other_team", "former_member"})


@pytest.mark.parametrize("state", SEES)
def test_a_remark_is_seen_by_those_whom_it_concerns(cast, review, state):
    remark_on(review.version, cast.reviewer)
    judged(review)
    if state != "written":
        hand_in(review)
    if state == "decided":
        decide(review.version, "return", by=cast.coordinator)

    found = {role for role in ROLES if remarks_for(review.version, person_of(cast, role))}

    assert found == SEES[state]


def test_strangers_get_the_same_answer_as_for_a_remark_that_never_was(cast, browse, review):
    remark = remark_on(review.version, cast.reviewer)
    for role in ("lead", "other_team", "former_member", "other_reviewer", "coordinator"):
        client = browse(getattr(cast, role))
        for path in ("odpowiedz", "zmien", "usun", "confirm", "uphold", "waive"):
            for method in (client.get, client.post):
                there = method(f"/uwagi/{remark.pk}/{path}/")
                never = method(f"/uwagi/999999/{path}/")
                assert (there.status_code, len(there.content)) == (404, len(never.content))


def test_remarks_of_a_review_that_never_was_handed_in_neither_leak_nor_block(cast, review):
    remark_on(review.version, cast.reviewer, body="Tajne zdanie")
    judged(review)
    decide(review.version, "return", by=cast.coordinator)
    draft = review.version.plan.latest()
    assert [problem.sentence for problem in blockers(draft) if "Tajne" in problem.sentence] == []
    assert remarks_for(draft, cast.lead) == {}


def test_remarks_of_a_review_given_up_do_not_stop_acceptance(cast, review):
    remark_on(review.version, cast.reviewer)
    other = assign_reviewer(review.version, cast.other_reviewer.expert, by=cast.coordinator)
    REVIEW.perform(review, "recuse", by=cast.reviewer, comment="Znam autorów")
    hand_in(judged(other))
    decide(review.version, "accept", by=cast.coordinator)
    assert PlanVersion.objects.get(pk=review.version_id).status == "accepted"


def test_a_new_expert_of_the_next_version_reads_the_earlier_remarks(cast, review):
    remark, draft = returned_with_remark(cast, review)
    answer_remark(remark, "Dopisane.", by=cast.author)
    again = sent_again(cast, draft)
    assign_reviewer(again.version, cast.other_reviewer.expert, by=cast.coordinator)
    [seen] = remarks_for(again.version, User.objects.get(pk=cast.other_reviewer.pk))["goals"]
    assert seen.answer == "Dopisane."


# --- Answering ----------------------------------------------------------------------------------


def test_the_team_answers_and_is_led_back_to_the_section(cast, browse, review):
    remark, draft = returned_with_remark(cast, review)
    client = browse(cast.author)
    page = client.get(f"/plany/{draft.plan_id}/sekcje/goals/").content.decode()
    assert f'href="/uwagi/{remark.pk}/odpowiedz/"' in page

    response = client.post(f"/uwagi/{remark.pk}/odpowiedz/", {"answer": "Dopisaliśmy uzasadnienie."})

    remark.refresh_from_db()
    assert (remark.status, remark.answer) == ("answered", "Dopisaliśmy uzasadnienie.")
    assert response["Location"] == f"/plany/{draft.plan_id}/sekcje/goals/#remark-{remark.pk}"
    event = PlanEvent.objects.get(remark=remark).event
    assert (event.kind, event.actor, event.comment) == ("plans.remark.answer", cast.author, "")


def test_an_answer_needs_words_and_may_be_changed_until_the_plan_is_sent(cast, browse, review):
    remark, draft = returned_with_remark(cast, review)
    client = browse(cast.lead)
    url = f"/uwagi/{remark.pk}/odpowiedz/"
    assert client.post(url, {"answer": "  "}).status_code == 422
    client.post(url, {"answer": "Tak."})
    client.post(url, {"answer": "Tak, na stronie 3."})
    sent_again(cast, draft)
    assert client.post(url, {"answer": "Za późno."}).status_code == 403
    assert Remark.objects.get(pk=remark.pk).answer == "Tak, na stronie 3."


def test_only_writers_answer(cast, browse, review):
    remark, _draft = returned_with_remark(cast, review)
    for role in ("reader", "signatory", "caretaker", "reviewer", "coordinator", "auditor"):
        response = browse(getattr(cast, role)).post(f"/uwagi/{remark.pk}/odpowiedz/", {"answer": "Ja"})
        assert (role, response.status_code) == (role, 403)
    assert Remark.objects.get(pk=remark.pk).status == "open"


def test_an_answer_belongs_to_the_draft_until_it_is_sent(cast, browse, review):
    remark, draft = returned_with_remark(cast, review)
    answer_remark(remark, "Jeszcze myślimy.", by=cast.author)

    def page(person):
        return browse(person).get(f"/recenzje/{review.pk}/").content.decode()

    assert ["Jeszcze myślimy." in page(person) for person in (cast.reviewer, cast.coordinator)] == [False] * 2
    assert ["Jeszcze myślimy." in page(person) for person in (cast.reader, cast.caretaker)] == [True] * 2
    again = sent_again(cast, draft)
    assert "Jeszcze myślimy." in browse(cast.reviewer).get(f"/recenzje/{again.pk}/").content.decode()


# --- Settling -----------------------------------------------------------------------------------


def test_the_expert_confirms_one_answer_and_upholds_another(cast, browse, review):
    second = remark_on(review.version, cast.reviewer, section="wizja", body="Za długie.")
    first, draft = returned_with_remark(cast, review)
    for remark in (first, second):
        answer_remark(remark, "Poprawione.", by=cast.author)
    again = sent_again(cast, draft)
    client = browse(cast.reviewer)
    assert f"/uwagi/{first.pk}/confirm/" in client.get(f"/recenzje/{again.pk}/").content.decode()

    done = client.post(f"/uwagi/{first.pk}/confirm/")
    assert client.post(f"/uwagi/{second.pk}/uphold/").status_code == 422
    client.post(f"/uwagi/{second.pk}/uphold/", {"comment": "Nadal za długie."})

    assert done["Location"] == f"/recenzje/{again.pk}/#remark-{first.pk}"
    assert dict(Remark.objects.values_list("pk", "status")) == {first.pk: "confirmed", second.pk: "upheld"}


def test_ore_waives_a_remark_with_a_reason(cast, browse, review):
    remark = remark_on(review.version, cast.reviewer)
    hand_in(judged(review))
    client = browse(cast.coordinator)
    url = f"/uwagi/{remark.pk}/waive/"
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 422
    done = client.post(url, {"comment": "To drobiazg."})
    assert done["Location"] == f"/plany/{review.version.plan_id}/wersje/1/decyzja/#remark-{remark.pk}"
    assert Remark.objects.get().status == "waived"
    again = client.post(url, {"comment": "Jeszcze raz."})
    assert again.status_code == 403


# The whole table: status → role → moves offered, while the next version is in review.
OFFERED = {
    "open": {
        "reviewer": ["confirm"],
        "coordinator": ["confirm", "waive"],
        "administrator": ["confirm", "waive"],
    },
    "answered": {
        "reviewer": ["confirm", "uphold"],
        "coordinator": ["confirm", "uphold", "waive"],
        "administrator": ["confirm", "uphold", "waive"],
    },
    "upheld": {
        "reviewer": ["confirm"],
        "coordinator": ["confirm", "waive"],
        "administrator": ["confirm", "waive"],
    },
    "confirmed": {},
    "waived": {},
}


@pytest.mark.parametrize("status", OFFERED)
def test_each_role_is_offered_exactly_its_moves_of_a_remark(cast, review, status):
    remark, draft = returned_with_remark(cast, review, kind="suggestion")
    again = sent_again(cast, draft)
    Remark.objects.filter(pk=remark.pk).update(status=status)
    remark.refresh_from_db()

    offered = {}
    for role in ROLES:
        [seen] = remarks_for(again.version, person_of(cast, role)).get("goals", [None])
        if seen and seen.moves:
            offered[role] = [move.name for move in seen.moves]

    assert offered == OFFERED[status]


def test_hidden_moves_have_no_page(cast, browse, review):
    remark, _draft = returned_with_remark(cast, review)
    assert browse(cast.lead).post(f"/uwagi/{remark.pk}/answer/", {"comment": "x"}).status_code == 404
    assert browse(cast.reviewer).get(f"/uwagi/{remark.pk}/nosuch/").status_code == 404


# --- How much it costs --------------------------------------------------------------------------


def test_the_ledger_asks_the_same_for_one_remark_and_for_sixty(cast, browse, review):
    goal = Goal.objects.get(version=review.version, level="operational")
    _remark, draft = returned_with_remark(cast, review, row_uid=goal.uid)
    url = f"/plany/{draft.plan_id}/sekcje/goals/"
    client = browse(cast.author)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(59):
        remark_on(review.version, cast.reviewer, row_uid=goal.uid, body=f"Uwaga {number}")
    with CaptureQueriesContext(connection) as many:
        response = client.get(url)
    assert response.content.decode().count("Uwaga ") == 59
    assert len(many) == len(few)


def test_a_remark_to_a_removed_row_stays_and_says_so(cast, review):
    remark, draft = returned_with_remark(cast, review, row_uid=uuid.uuid4())
    [seen] = remarks_for(draft, cast.lead)["goals"]
    assert seen == remark
    assert seen.row_label != ""


def test_settling_writes_events_with_the_reason(cast, review):
    remark = remark_on(review.version, cast.reviewer)
    hand_in(judged(review))
    before = timezone.now()
    REMARK.perform(remark, "waive", by=cast.coordinator, comment="Drobiazg.")
    event = PlanEvent.objects.get(remark=remark).event
    assert (event.kind, event.comment, event.at >= before) == ("plans.remark.waive", "Drobiazg.", True)
