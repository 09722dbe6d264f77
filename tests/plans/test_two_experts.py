"""Two experts of one plan: where they differ, a third is asked; a correction leaves what it replaced."""

from datetime import timedelta

import pytest

from jst.models.dated import today
from plans.agreement import wanting_third
from plans.assigning import assign_reviewer
from plans.models import EditionSetup, PlanVersion, Review, ReviewScore, ScoreRecord, SectionVerdict
from plans.remarks import answer_remark
from plans.workflow import REMARK, REVIEW, VERSION
from portal.workflow import TransitionError
from tests.factories import ExpertFactory
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    """A plan in review of an edition that asks two experts, and a third where they differ."""
    version = plan_version(cast, "in_review")
    EditionSetup.objects.filter(pk=cast.setup.pk).update(reviews_needed=2, third_review=True)
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    return PlanVersion.objects.for_page().get(pk=version.pk)


def both_in(version, *, second="accept", scores=(2, 2)):
    """Hand in both reviews; of the first criterion each expert gives the score of `scores`."""
    for review, recommendation, score in zip(
        version.reviews.order_by("pk"), ["accept", second], scores, strict=True
    ):
        judged(review, recommendation)
        first = ReviewScore.objects.filter(review=review).order_by("criterion__position").first()
        ReviewScore.objects.filter(pk=first.pk).update(score=score)
        REVIEW.perform(review, "hand_in", by=review.expert.person, comment="Mimo to tak sądzę.")


def pages(browse, cast, version):
    client = browse(cast.coordinator)
    experts = client.get(f"/plany/{version.plan_id}/recenzenci/")
    decision = client.get(f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/")
    return experts, decision


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, False),
        ({"scores": (2, 1)}, False),
        ({"scores": (2, 0)}, True),
        ({"second": "return"}, True),
    ],
)
def test_a_third_is_wanted_where_two_differ(cast, browse, version, said, wanted):
    both_in(version, **said)

    assert list(wanting_third(PlanVersion.objects.all())) == [version] * wanted
    for page in pages(browse, cast, version):
        assert page.context["opinions"].third_wanted is wanted
        assert ("Ask a third expert" in page.content.decode()) is wanted


def test_nobody_is_wanted_while_one_still_writes_or_where_the_edition_asks_no_third(cast, version):
    first, second = version.reviews.order_by("pk")
    hand_in(judged(first))
    judged(second, "return")
    assert list(wanting_third(PlanVersion.objects.all())) == []
    REVIEW.perform(second, "hand_in", by=second.expert.person, comment="Tak sądzę.")
    assert list(wanting_third(PlanVersion.objects.all())) == [version]
    EditionSetup.objects.update(third_review=False)
    assert list(wanting_third(PlanVersion.objects.all())) == []


def test_the_plan_is_not_accepted_before_the_third_opinion_or_a_reason(cast, version):
    both_in(version, second="return")
    with pytest.raises(TransitionError, match="third"):
        decide(version, "accept", by=cast.coordinator)

    third = assign_reviewer(version, ExpertFactory(), by=cast.coordinator)
    assert third.is_third
    with pytest.raises(TransitionError):
        decide(version, "accept", by=cast.coordinator)
    hand_in(judged(third))
    decide(version, "accept", by=cast.coordinator)
    assert PlanVersion.objects.get(pk=version.pk).status == "accepted"


def test_the_third_reads_the_others_only_after_the_own_review_is_in(cast, browse, version):
    both_in(version, second="return")
    third = assign_reviewer(version, ExpertFactory(), by=cast.coordinator)
    person, first = third.expert.person, version.reviews.first()
    assert browse(person).get(first.get_absolute_url()).status_code == 404
    hand_in(judged(third))
    assert browse(person).get(first.get_absolute_url()).status_code == 200
    others = browse(person).get(third.get_absolute_url()).context["others"]
    assert [one.result for one in others] == [100, 100]


def words_in_history(browse, person, version):
    page = browse(person).get(f"/plany/{version.plan_id}/").content.decode()
    return [words for words in ("Mimo to tak sądzę.", "Popraw to.", "Bez znaczenia.") if words in page]


def test_an_expert_who_still_writes_finds_no_word_of_the_others_in_the_history(cast, browse, version):
    first = judged(version.reviews.get(expert__person=cast.reviewer), "return")
    remark = remark_on(version, cast.reviewer)
    hand_in(first, "Mimo to tak sądzę.")
    REVIEW.perform(first, "reopen", by=cast.coordinator, comment="Popraw to.")
    hand_in(first, "Mimo to tak sądzę.")
    REMARK.perform(remark, "waive", by=cast.coordinator, comment="Bez znaczenia.")
    everything = ["Mimo to tak sądzę.", "Popraw to.", "Bez znaczenia."]

    assert words_in_history(browse, cast.other_reviewer, version) == []
    assert words_in_history(browse, cast.reviewer, version) == everything
    assert words_in_history(browse, cast.auditor, version) == everything
    hand_in(judged(version.reviews.get(expert__person=cast.other_reviewer)))
    # Why a review was opened again stays between ORE and its expert.
    told = ["Mimo to tak sądzę.", "Bez znaczenia."]
    assert words_in_history(browse, cast.other_reviewer, version) == told


def test_an_expert_without_an_opinion_finds_no_word_of_the_others_in_the_history(cast, browse, version):
    hand_in(judged(version.reviews.get(expert__person=cast.reviewer), "return"), "Mimo to tak sądzę.")
    mine = version.reviews.get(expert__person=cast.other_reviewer)
    REVIEW.perform(mine, "abstain", by=cast.other_reviewer, comment="Nie znam szkół.")

    assert words_in_history(browse, cast.other_reviewer, version) == []
    decide(version, "return", by=cast.coordinator)
    assert words_in_history(browse, cast.other_reviewer, version) == []
    assert words_in_history(browse, cast.lead, version) == ["Mimo to tak sądzę."]


def test_the_next_version_goes_to_the_same_two_experts_and_not_to_the_third(cast, version):
    both_in(version, second="return")
    third = assign_reviewer(version, ExpertFactory(), by=cast.coordinator)
    hand_in(judged(third))
    remark = remark_on(version, cast.reviewer)
    decide(version, "return", by=cast.coordinator)
    draft = version.plan.latest()
    answer_remark(remark, "Dopisane.", by=cast.author)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    again = Review.objects.filter(version=draft).order_by("pk")
    assert [one.expert.person for one in again] == [cast.reviewer, cast.other_reviewer]
    assert {one.due for one in again} == {draft_due(cast)}


def draft_due(cast):
    return today() + timedelta(days=cast.setup.review_days)


# --- Corrections of scores ------------------------------------------------------------------------


def test_a_corrected_score_shows_what_it_was(cast, browse, version):
    both_in(version)
    review = version.reviews.order_by("pk").first()
    criterion = ReviewScore.objects.filter(review=review).order_by("criterion__position").first().criterion
    REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Sprawdź")
    ReviewScore.objects.filter(review=review, criterion=criterion).update(score=1)

    [line] = [one for one in reviewed(browse, review) if one.changes]
    assert [(one.before, one.after, one.after_at) for one in line.changes] == [
        ("meets", "meets in part", None)
    ]

    review.refresh_from_db()
    hand_in(review)
    assert ScoreRecord.objects.filter(review=review, criterion=criterion).count() == 2
    _experts, decision = pages(browse, cast, version)
    [row] = [row for row in decision.context["opinions"].criteria if row[0] == criterion.label]
    [change] = row[2][0].changes
    assert (change.before, change.after) == ("meets", "meets in part")
    assert "Was: meets → is: meets in part" in decision.content.decode()


def reviewed(browse, review):
    page = browse(review.expert.person).get(review.get_absolute_url())
    return page.context["judgement"].criterion_lines


def test_the_result_is_weighed_by_the_criteria(cast, browse, version):
    criterion = cast.setup.criteria.criteria.first()
    weights = dict(cast.setup.criteria.criteria.values_list("pk", "weight"))
    both_in(version, scores=(2, 1))
    most = 2 * sum(weights.values())
    expected = round(100 * (most - weights[criterion.pk]) / most)
    opinions = pages(browse, cast, version)[1].context["opinions"]
    assert [one.result for one in opinions.handed_in] == [100, expected]


# --- A recommendation that does not follow --------------------------------------------------------


def test_acceptance_with_a_serious_gap_is_explained(cast, browse, version):
    review = judged(version.reviews.order_by("pk").first())
    SectionVerdict.objects.filter(review=review, key="goals").update(verdict="gap")
    client, url = browse(cast.reviewer), f"/recenzje/{review.pk}/hand_in/"

    assert len(client.get(url).context["explained"]) == 1
    assert client.post(url).status_code == 422
    with pytest.raises(TransitionError):
        hand_in(review)
    assert client.post(url, {"comment": "Brak dotyczy jednego celu."}).status_code == 302

    assert Review.objects.get(pk=review.pk).status == "handed_in"
    decision = pages(browse, cast, version)[1].content.decode()
    assert "Brak dotyczy jednego celu." in decision


def test_a_refusal_of_a_plan_without_a_fault_is_explained_and_one_with_a_remark_is_not(cast, version):
    review = judged(version.reviews.order_by("pk").first(), "return")
    with pytest.raises(TransitionError):
        hand_in(review)
    remark_on(version, cast.reviewer)
    hand_in(review)
    assert Review.objects.get(pk=review.pk).status == "handed_in"
