"""A second opinion: experts who have judged a version say of each other's reviews what they think."""

import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jst import merges
from plans.assigning import assign_reviewer
from plans.decisions import prepare_decision
from plans.models import PlanEvent, PlanVersion, Review, SecondOpinion
from plans.personal import second_opinions
from plans.seconding import second
from plans.workflow import REVIEW, about_review
from portal.models import User
from portal.workflow import NotAllowed, TransitionError, note
from tests.conftest import ROLES, person_of
from tests.factories import ExpertFactory, UserFactory
from tests.plans.test_races import at_once
from tests.situations import decide, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

WHY = "Kryterium trzecie jest spełnione."


@pytest.fixture
def review(cast):
    """The reviewer's review, handed in, of a version that the other reviewer has judged too.

    A third expert, `writing`, has been asked as well and has not handed in yet.
    """
    version = plan_version(cast, "in_review")
    cast.writing = ExpertFactory(person=UserFactory(email="writing@example.org")).person
    for person in (cast.other_reviewer, cast.writing):
        assign_reviewer(version, person.expert, by=cast.coordinator)
    version = PlanVersion.objects.for_page().get(pk=version.pk)
    for one in version.reviews.exclude(expert__person=cast.writing):
        hand_in(judged(one))
    return version.reviews.get(expert__person=cast.reviewer)


def address(review):
    return f"/recenzje/{review.pk}/druga-opinia/"


def decision_of(review):
    return f"/plany/{review.version.plan_id}/wersje/{review.version.number}/decyzja/"


def said(cast, review, **changes):
    words = {"agrees": False, "reason": WHY, "by": cast.other_reviewer} | changes
    return second(review, **words)


def decision_page(cast, browse, review):
    return browse(cast.coordinator).get(decision_of(review)).content.decode()


def of_seconds(page):
    """Return the part of the page of a review that holds second opinions."""
    return page.split('id="druga-opinia"')[1].split("</section>")[0]


def events():
    found = PlanEvent.objects.filter(event__kind="plans.review.second").order_by("event__sequence")
    return [row.event for row in found.select_related("event__words", "review")]


def stored():
    return list(SecondOpinion.objects.values_list("author__email", "agrees", "reason"))


# --- Who may, who sees ----------------------------------------------------------------------------

# The review spoken of is the reviewer's; `writing` is a third expert who has not handed in.
# fmt: off
TABLE = {
    #                 says so in review, decision prepared, decided | reads it in review, decided
    "anonymous":      (302, 302, 302,                                 False, False),
    "reader":         (404, 404, 403,                                 False, False),
    "author":         (404, 404, 403,                                 False, False),
    "lead":           (404, 404, 403,                                 False, False),
    "signatory":      (404, 404, 403,                                 False, False),
    "former_member":  (404, 404, 404,                                 False, False),
    "other_team":     (404, 404, 404,                                 False, False),
    "reviewer":       (403, 403, 403,                                 True,  True),
    "other_reviewer": (302, 302, 423,                                 True,  True),
    "writing":        (404, 404, 403,                                 False, False),
    "caretaker":      (404, 404, 403,                                 False, False),
    "coordinator":    (403, 403, 403,                                 True,  True),
    "administrator":  (403, 403, 403,                                 True,  True),
    "auditor":        (403, 403, 403,                                 True,  True),
    "operator":       (404, 404, 403,                                 False, False),
}
# fmt: on
STATES = ["in review", "prepared", "decided"]


def bring_to(state, cast, review):
    if state == "prepared":
        prepare_decision(review.version, outcome="refuse", reason="Powód", by=cast.coordinator)
    if state == "decided":
        decide(review.version, "return", by=cast.coordinator)


def answers(cast, browse, review, words):
    """Return what each role is answered who posts these words."""
    return {role: browse(person_of(cast, role)).post(address(review), words).status_code for role in TABLE}


def test_the_table_names_every_role():
    assert set(TABLE) == {*ROLES, "writing"}


@pytest.mark.parametrize("state", STATES)
def test_who_says_what_they_think_of_a_review(cast, browse, review, state):
    bring_to(state, cast, review)

    found = answers(cast, browse, review, {"agrees": "yes"})

    assert found == {role: row[STATES.index(state)] for role, row in TABLE.items()}
    assert stored() == [("reviewer2@example.org", True, "")] * (state != "decided")
    assert len(events()) == (state != "decided")


def test_who_may_not_never_gets_the_form_however_badly_it_is_posted(cast, browse, review):
    bring_to("decided", cast, review)
    found = answers(cast, browse, review, {"agrees": "perhaps"})

    assert found == {role: row[2] for role, row in TABLE.items()} | {"other_reviewer": 422}
    own = Review.objects.get(expert__person=cast.writing)
    assert browse(cast.writing).post(address(own), {}).status_code == 403


@pytest.mark.parametrize("state", ["in review", "decided"])
def test_who_reads_a_second_opinion(cast, browse, review, state):
    said(cast, review)
    bring_to(state, cast, review)
    version = review.version
    pages = [review.get_absolute_url(), decision_of(review), version.get_absolute_url()]
    pages += [version.plan.get_absolute_url(), f"/plany/{version.plan_id}/recenzenci/", "/", "/recenzje/"]

    wanted, allowed, shown = {}, {}, {}
    for role, row in TABLE.items():
        person = person_of(cast, role)
        client = browse(person)
        wanted[role] = row[4 if state == "decided" else 3]
        allowed[role] = person is not None and SecondOpinion.objects.visible_to(person).exists()
        shown[role] = any(WHY in client.get(page).content.decode() for page in pages)

    assert allowed == shown == wanted


@pytest.mark.parametrize("state", STATES)
def test_the_form_stands_only_before_those_who_may(cast, browse, review, state):
    bring_to(state, cast, review)

    found = {
        role
        for role in TABLE
        if address(review) in browse(person_of(cast, role)).get(review.get_absolute_url()).content.decode()
    }

    assert found == (set() if state == "decided" else {"other_reviewer"})


def test_no_history_of_the_plan_tells_of_it(cast, browse, review):
    said(cast, review)
    decide(review.version, "return", by=cast.coordinator)

    for role in TABLE:
        page = browse(person_of(cast, role)).get(review.version.plan.get_absolute_url()).content.decode()
        assert "second opinion" not in page, role


def test_experts_know_each_other_by_no_name_and_ore_knows_all(cast, browse, review):
    User.objects.filter(pk=cast.other_reviewer.pk).update(last_name="Drugoopiniujący")
    said(cast, review)

    pages = {
        role: browse(getattr(cast, role)).get(review.get_absolute_url()).content.decode()
        for role in ("reviewer", "other_reviewer", "auditor")
    }

    shown = {role: of_seconds(page) for role, page in pages.items()}
    assert {role for role, words in shown.items() if "Drugoopiniujący" in words} == {"auditor"}
    assert "Another expert," in shown["reviewer"]
    assert "You," in shown["other_reviewer"]


# --- Saying it ------------------------------------------------------------------------------------


def test_an_expert_disagrees_on_the_page_of_the_review_and_ore_reads_why(cast, browse, review):
    client = browse(cast.other_reviewer)
    page = client.get(review.get_absolute_url()).content.decode()
    assert "Do you agree with this review?" in page
    assert "<details><summary>" not in of_seconds(page)

    response = client.post(address(review), {"agrees": "no", "reason": f" {WHY} "})

    assert response["Location"] == f"{review.get_absolute_url()}#druga-opinia"
    assert stored() == [("reviewer2@example.org", False, WHY)]
    [event] = events()
    assert (event.actor, event.data, event.comment) == (cast.other_reviewer, {"agrees": False}, "")
    assert PlanEvent.objects.get(event=event).review == review
    page = client.get(review.get_absolute_url())
    assert WHY in of_seconds(page.content.decode())
    assert "<details><summary>" in of_seconds(page.content.decode())
    assert page.context["second_form"].initial == {"agrees": "no", "reason": WHY}
    decision = decision_page(cast, browse, review)
    shown = decision.split(f'id="podsumowanie-{review.pk}"')[1].split("</section>")[0]
    assert "disagrees" in shown
    assert WHY in shown
    call_command("audit", "verify")


def test_said_anew_it_replaces_what_was_said_and_the_same_words_twice_are_one_event(cast, browse, review):
    client = browse(cast.other_reviewer)
    for words in ({"agrees": "no", "reason": WHY},) * 2 + ({"agrees": "yes", "reason": "Po namyśle tak."},):
        assert client.post(address(review), words).status_code == 302

    assert stored() == [("reviewer2@example.org", True, "Po namyśle tak.")]
    assert [event.data for event in events()] == [{"agrees": False}, {"agrees": True}]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"agrees": "no", "reason": "  "}, "Say why you disagree."),
        ({"agrees": "no"}, "Say why you disagree."),
        ({"reason": WHY}, "Choose whether you agree."),
        ({"agrees": "perhaps", "reason": WHY}, "Choose whether you agree."),
        ({"agrees": "no", "reason": "x" * 4001}, "4000"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_its_words(cast, browse, review, words, sentence):
    response = browse(cast.other_reviewer).post(address(review), words)

    page = response.content.decode()
    assert (response.status_code, 'class="error-summary"' in page) == (422, True)
    assert [told for told in (sentence, words.get("reason", "").strip()) if told not in page] == []
    assert stored() == events() == []


def test_the_database_keeps_no_disagreement_without_a_reason_and_none_twice(cast, review):
    opinion = said(cast, review)
    for wrong in ({"agrees": False, "author": cast.reviewer}, {"agrees": True, "author": opinion.author}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondOpinion.objects.create(review=review, reason="", **wrong)


def test_the_door_itself_refuses_what_the_page_does_not_offer(cast, review):
    for role in ("reviewer", "writing", "coordinator", "lead"):
        with pytest.raises(NotAllowed):
            said(cast, review, by=getattr(cast, role))
    with pytest.raises(TransitionError, match="Say why you disagree"):
        said(cast, review, reason=" ")
    unfinished = Review.objects.get(expert__person=cast.writing)
    with pytest.raises(TransitionError, match="closed now"):
        said(cast, unfinished)
    assert (stored(), events()) == ([], [])


def test_a_page_written_while_ore_decides_keeps_the_words(cast, browse, review):
    decide(review.version, "return", by=cast.coordinator)

    response = browse(cast.other_reviewer).post(address(review), {"agrees": "no", "reason": WHY})

    assert (response.status_code, stored()) == (423, [])
    assert WHY in response.content.decode()


def test_an_expert_with_a_conflict_declared_since_says_nothing(cast, browse, review):
    cast.other_reviewer.expert.conflicts.create(jst=cast.participation.jst, reason="Praca w urzędzie")
    client = browse(cast.other_reviewer)

    assert address(review) not in client.get(review.get_absolute_url()).content.decode()
    assert client.post(address(review), {"agrees": "yes"}).status_code == 403


@pytest.mark.parametrize("whose", ["reviewer", "other_reviewer"])
def test_it_counts_only_while_both_reviews_are_handed_in(cast, browse, review, whose):
    said(cast, review)
    reopened = review.version.reviews.get(expert__person=getattr(cast, whose))
    REVIEW.perform(reopened, "reopen", by=cast.coordinator, comment="Sprawdź")

    readers = [cast.reviewer, cast.other_reviewer, cast.coordinator]
    assert [SecondOpinion.objects.visible_to(one).exists() for one in readers] == [False] * 3
    assert WHY not in decision_page(cast, browse, review)
    with pytest.raises(TransitionError):
        said(cast, review, reason="Inaczej.")

    reopened.refresh_from_db()
    hand_in(reopened)
    assert [SecondOpinion.objects.visible_to(one).exists() for one in readers] == [True] * 3


def test_what_was_said_before_the_review_was_corrected_is_marked_until_it_is_said_anew(cast, browse, review):
    said(cast, review)
    assert "corrected since" not in decision_page(cast, browse, review)
    REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Sprawdź")
    hand_in(review)

    marked = "the review was corrected since"
    assert marked in decision_page(cast, browse, review)
    client = browse(cast.other_reviewer)
    assert marked in of_seconds(client.get(review.get_absolute_url()).content.decode())
    client.post(address(review), {"agrees": "no", "reason": WHY})
    assert marked not in decision_page(cast, browse, review)
    assert (len(stored()), len(events())) == (1, 2)


# --- One person, one copy -------------------------------------------------------------------------


def test_it_goes_with_the_expert_into_a_kept_account(cast, review):
    said(cast, review)
    kept = UserFactory(email="nowa@example.org")

    merges.merge(kept, cast.other_reviewer, [], by=cast.administrator)

    assert SecondOpinion.objects.get().author == kept
    assert SecondOpinion.objects.visible_to(kept).exists()
    said(cast, review, by=kept, agrees=True, reason="")
    assert stored() == [("nowa@example.org", True, "")]


def test_the_copy_of_ones_data_holds_the_own_words_alone(cast, review):
    said(cast, review)

    assert [row[2:4] for row in second_opinions(cast.other_reviewer).rows] == [("you disagree", WHY)]
    assert second_opinions(cast.reviewer).rows == []


# --- What it costs --------------------------------------------------------------------------------


def test_pages_ask_the_same_for_one_second_opinion_and_for_many(cast, browse, review):
    client = browse(cast.coordinator)
    said(cast, review)

    def cost():
        found = []
        for page in (decision_of(review), review.get_absolute_url()):
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            found.append(len(asked))
        return found

    hand_in(judged(Review.objects.get(expert__person=cast.writing)))
    few = cost()
    people = [cast.reviewer, cast.other_reviewer, cast.writing]
    for one in review.version.reviews.select_related("expert", "version"):
        for person in people:
            if one.expert.person_id != person.pk:
                said(cast, one, by=person, reason=f"Opinia: {person.email}.")

    assert SecondOpinion.objects.count() == 6
    assert cost() == few


# --- Twice at the same instant --------------------------------------------------------------------


def look_first(review, *, agrees, reason, by):
    """The control: look whether it was said, then write."""
    if not SecondOpinion.objects.filter(review=review, author=by, agrees=agrees, reason=reason).exists():
        time.sleep(0.2)
        SecondOpinion.objects.update_or_create(
            review=review, author=by, defaults={"agrees": agrees, "reason": reason}
        )
        note("plans.review.second", by=by, about=about_review(review), data={"agrees": agrees})


def clicked_twice(cast, review, door):
    """Say the same four times at one instant; return how many rows and events there are."""
    at_once(4, lambda _number: door(review, agrees=False, reason=WHY, by=cast.other_reviewer))
    return SecondOpinion.objects.count(), len(events())


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_opinion_and_one_event(cast, review):
    assert clicked_twice(cast, review, second) == (1, 1)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_looking_first_is_not_enough(cast, review):
    assert clicked_twice(cast, review, look_first)[1] > 1
