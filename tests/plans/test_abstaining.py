"""An expert who has read a plan and cannot judge it says so: neither an opinion nor a recusal nor silence."""

import pytest
from django.core.management import call_command

from plans.assigning import assign_reviewer
from plans.ledger import remarks_for
from plans.models import EditionSetup, PlanEvent, Remark, Review
from plans.waiting import waiting_for
from plans.workflow import REVIEW, VERSION
from portal.workflow import NotAllowed
from tests.conftest import person_of
from tests.factories import ExpertFactory
from tests.plans.posting import address
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db

WHY = "Plan dotyczy przedszkoli, a znam szkoły."


@pytest.fixture
def version(cast):
    """The cast's plan in review by two experts."""
    version = plan_version(cast, "in_review")
    EditionSetup.objects.filter(pk=cast.setup.pk).update(reviews_needed=2)
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    return version


def review_of(version, person):
    return version.reviews.get(expert__person=person)


def abstain(version, person):
    review = review_of(version, person)
    REVIEW.perform(review, "abstain", by=person, comment=WHY)
    return review


def decision_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def text(page):
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_an_expert_records_with_a_reason_that_the_plan_was_read_without_an_opinion(cast, browse, version):
    review = review_of(version, cast.reviewer)
    client = browse(cast.reviewer)
    assert f'href="{address(review, "abstain")}"' in text(client.get(address(review)))
    assert client.post(address(review, "abstain"), {"comment": " "}).status_code == 422

    done = client.post(address(review, "abstain"), {"comment": WHY})

    assert (done.status_code, done["Location"]) == (302, "/recenzje/")
    queue = client.get("/recenzje/")
    [line] = queue.context["reviews"]
    assert (line.status, line.is_waiting) == ("abstained", 0)
    assert "read, no opinion" in text(queue)
    assert "You have read this plan and have no opinion." in text(client.get(address(review)))
    event = PlanEvent.objects.get(event__kind="plans.review.abstain").event
    assert (event.actor, event.comment) == (cast.reviewer, WHY)
    call_command("audit", "verify")


def test_it_is_no_opinion_and_ore_sees_that_another_expert_is_needed(cast, browse, version):
    hand_in(judged(review_of(version, cast.other_reviewer)))
    judged(review_of(version, cast.reviewer), "refuse")
    abstain(version, cast.reviewer)
    client = browse(cast.coordinator)

    page = client.get(decision_of(version))

    opinions = page.context["opinions"]
    assert (len(opinions.handed_in), opinions.missing, opinions.lacking) == (1, 1, 1)
    assert "Reviews in: 1 of 2. 1 expert is lacking." in text(page)
    assert ("read, no opinion" in text(page), WHY in text(page)) == (True, True)
    assert "do not accept the plan" not in text(page).partition("Prepare the decision")[0]
    reasons = [row.reason for row in waiting_for(person_of(cast, "coordinator"))]
    assert reasons == ["Reviews in: 1 of 2. 1 expert is lacking."]
    assert "read, no opinion" in text(client.get(f"/plany/{version.plan_id}/recenzenci/"))
    board = client.get("/recenzje/wszystkie/", {"stan": "bez-opinii"})
    assert [line["pk"] for line in board.context["reviews"]] == [review_of(version, cast.reviewer).pk]
    assert "read, no opinion" in text(board)

    assign_reviewer(version, ExpertFactory(), by=cast.coordinator)
    assert client.get(decision_of(version)).context["opinions"].lacking == 0


def test_who_has_no_opinion_does_not_see_the_reviews_of_others_and_may_read_the_plan(cast, browse, version):
    other = hand_in(judged(review_of(version, cast.other_reviewer)))
    remark_on(version, cast.other_reviewer, body="Cudza uwaga.")
    remark_on(version, cast.reviewer, body="Własna uwaga.")
    abstain(version, cast.reviewer)
    client = browse(cast.reviewer)

    def seen():
        found = remarks_for(version, person_of(cast, "reviewer")).values()
        return [remark.body for keyed in found for remark in keyed]

    assert (client.get(address(other)).status_code, seen()) == (404, ["Własna uwaga."])
    assert client.get(version.get_absolute_url()).status_code == 200
    decide(version, "return", by=cast.coordinator)
    assert (client.get(address(other)).status_code, seen()) == (404, ["Własna uwaga."])


def sent_again(cast, version):
    """Return the next version, sent after a return."""
    decide(version, "return", by=cast.coordinator)
    draft = version.plan.latest()
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    return draft


def test_who_judged_an_earlier_version_does_not_see_the_reviews_of_one_without_an_own_opinion(
    cast, browse, version
):
    for review in version.reviews.all():
        hand_in(judged(review))
    second = sent_again(cast, version)
    VERSION.perform(second, "start_review", by=cast.coordinator)
    abstain(second, cast.reviewer)
    other = hand_in(judged(review_of(second, cast.other_reviewer)))
    remark = remark_on(second, cast.other_reviewer, body="Cudza uwaga.", kind="suggestion")
    earlier = review_of(version, cast.other_reviewer)
    third = sent_again(cast, second)
    client = browse(cast.reviewer)

    def seen():
        pages = [client.get(address(review)).status_code for review in (earlier, other)]
        return [*pages, Remark.objects.visible_to(person_of(cast, "reviewer")).filter(pk=remark.pk).exists()]

    assert seen() == [200, 404, False]
    # Whoever judges what came after it has to know what was said.
    assign_reviewer(third, cast.reviewer.expert, by=cast.coordinator)
    assert seen() == [200, 200, True]


def test_what_was_written_before_counts_for_nobody_and_ore_reads_no_word_of_it(cast, browse, version):
    judged(review_of(version, cast.reviewer))
    remark = remark_on(version, cast.reviewer, body="Własna uwaga.")
    review = abstain(version, cast.reviewer)
    client = browse(cast.coordinator)

    assert client.get(address(review)).status_code == 404
    assert "Własna uwaga." not in text(client.get(decision_of(version)))
    assert remark.plan.remarks.given().count() == 0


def test_ore_lets_the_expert_write_the_review_after_all(cast, browse, version):
    review = abstain(version, cast.reviewer)
    client, move = browse(cast.coordinator), address(review, "reopen")
    assert f'href="{move}"' in text(client.get(decision_of(version)))
    page = client.get(move)
    assert f'href="{decision_of(version)}"' in text(page)

    done = client.post(move, {"comment": "Wystarczy część o szkołach."})

    assert done["Location"] == decision_of(version)
    review.refresh_from_db()
    assert review.status == "in_progress"
    hand_in(judged(review))
    assert Review.objects.get(pk=review.pk).status == "handed_in"


def test_after_the_decision_the_page_promises_no_writing_any_more(cast, browse, version):
    hand_in(judged(review_of(version, cast.other_reviewer)))
    page, promise = address(abstain(version, cast.reviewer)), "ORE may let you write the review after all."
    client = browse(cast.reviewer)
    assert promise in text(client.get(page))

    decide(version, "return", by=cast.coordinator)

    assert "You have read this plan and have no opinion." in text(client.get(page))
    assert promise not in text(client.get(page))


@pytest.mark.parametrize("role", ["auditor", "other_reviewer", "lead", "caretaker"])
def test_nobody_else_lets_the_expert_write_again(cast, browse, version, role):
    review = abstain(version, cast.reviewer)

    assert browse(person_of(cast, role)).get(address(review, "reopen")).status_code == 404


def test_a_plan_that_is_not_in_review_is_not_read_without_an_opinion(cast):
    version = plan_version(cast, "sent")
    review = assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)

    with pytest.raises(NotAllowed):
        REVIEW.perform(review, "abstain", by=cast.reviewer, comment=WHY)


def test_who_had_no_opinion_is_not_asked_again_about_the_next_version(cast, version):
    hand_in(judged(review_of(version, cast.other_reviewer)))
    abstain(version, cast.reviewer)
    decide(version, "return", by=cast.coordinator)
    draft = version.plan.latest()
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    assert [review.expert.person for review in draft.reviews.all()] == [cast.other_reviewer]


@pytest.mark.parametrize("move", ["abstain", "recuse"])
def test_why_an_expert_does_not_judge_is_read_by_ore_alone(cast, browse, version, move):
    hand_in(judged(review_of(version, cast.other_reviewer)))
    REVIEW.perform(review_of(version, cast.reviewer), move, by=cast.reviewer, comment=WHY)
    decide(version, "return", by=cast.coordinator)

    found = {
        role: WHY in text(browse(person_of(cast, role)).get(f"/plany/{version.plan_id}/"))
        for role in ("coordinator", "auditor", "lead", "caretaker", "other_reviewer")
    }

    assert found == {"coordinator": True, "auditor": True} | dict.fromkeys(
        ("lead", "caretaker", "other_reviewer"), False
    )


def test_a_third_expert_without_an_opinion_leaves_the_question_open(cast, browse, version):
    EditionSetup.objects.filter(pk=cast.setup.pk).update(third_review=True)
    hand_in(judged(review_of(version, cast.reviewer), "accept"))
    hand_in(judged(review_of(version, cast.other_reviewer), "refuse"), comment="Nie wierzę.")
    third = ExpertFactory()
    review = assign_reviewer(version, third, by=cast.coordinator)
    assert Review.objects.get(pk=review.pk).is_third
    REVIEW.perform(review, "abstain", by=third.person, comment=WHY)

    assert browse(cast.coordinator).get(decision_of(version)).context["opinions"].third_wanted


def test_how_a_review_was_explained_is_read_in_the_history_by_whoever_reads_the_review(cast, browse, version):
    said = "Ocena jest wysoka, bo braki są pojedyncze."
    hand_in(judged(review_of(version, cast.other_reviewer)), comment=said)

    def readers():
        roles = ("coordinator", "auditor", "other_reviewer", "lead", "caretaker", "reviewer")
        page = f"/plany/{version.plan_id}/"
        return [role for role in roles if said in text(browse(person_of(cast, role)).get(page))]

    assert readers() == ["coordinator", "auditor", "other_reviewer"]
    abstain(version, cast.reviewer)
    decide(version, "return", by=cast.coordinator)
    assert readers() == ["coordinator", "auditor", "other_reviewer", "lead", "caretaker"]


def test_why_ore_lets_an_expert_write_after_all_is_read_by_ore_and_that_expert_alone(cast, browse, version):
    review = abstain(version, cast.reviewer)
    said = "Wystarczy część o szkołach."
    REVIEW.perform(review, "reopen", by=cast.coordinator, comment=said)
    hand_in(judged(review))
    hand_in(judged(review_of(version, cast.other_reviewer)))
    decide(version, "return", by=cast.coordinator)

    roles = ("coordinator", "auditor", "reviewer", "other_reviewer", "lead", "caretaker")
    page = f"/plany/{version.plan_id}/"
    readers = [role for role in roles if said in text(browse(person_of(cast, role)).get(page))]
    assert readers == ["coordinator", "auditor", "reviewer"]
