"""ORE is told that an expert disagrees with another's review, without a word of what the expert wrote."""

import pytest

from plans.assigning import assign_reviewer
from plans.models import PlanVersion
from plans.seconding import second
from plans.workflow import REVIEW
from portal.models import Message
from portal.outbox import render
from tests.situations import hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

WHY = "Kryterium trzecie jest spełnione."


@pytest.fixture
def review(cast):
    """The reviewer's review, handed in, of a version that the other reviewer has judged too."""
    version = plan_version(cast, "in_review")
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    version = PlanVersion.objects.for_page().get(pk=version.pk)
    for one in version.reviews.all():
        hand_in(judged(one))
    return version.reviews.get(expert__person=cast.reviewer)


def letters():
    return Message.objects.filter(event__kind="plans.review.second").order_by("pk")


def said(cast, review, **changes):
    return second(review, **{"agrees": False, "reason": WHY, "by": cast.other_reviewer} | changes)


def test_ore_is_told_of_a_disagreement_in_one_line_without_its_words(cast, review):
    said(cast, review)

    assert {letter.recipient for letter in letters()} == {cast.coordinator, cast.administrator}
    for letter in letters():
        subject, body = render(letter)
        assert subject == f"An expert disagrees with a review: {cast.participation.jst.placed_name}"
        assert f"/plany/{review.version.plan_id}/wersje/1/decyzja/" in body
        text = subject + body
        secrets = (WHY, cast.other_reviewer.last_name, cast.reviewer.last_name)
        assert [word for word in secrets if word in text] == []


def test_agreement_is_told_to_nobody(cast, review):
    said(cast, review, agrees=True, reason="")

    assert letters().count() == 0


def test_a_disagreement_put_in_other_words_is_told_once(cast, review):
    said(cast, review)
    said(cast, review, reason="Inaczej powiedziane.")

    assert letters().count() == 2


def test_who_agreed_and_now_disagrees_is_told(cast, review):
    said(cast, review)
    said(cast, review, agrees=True, reason="")
    said(cast, review)

    assert letters().count() == 4


def test_a_disagreement_with_a_corrected_review_is_told_anew(cast, review):
    said(cast, review)
    REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Dopisz")
    hand_in(review)
    said(cast, review)

    assert letters().count() == 4
