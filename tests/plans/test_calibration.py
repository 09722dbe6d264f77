"""How experts judge: means, spreads, leniency, agreement; and a letter read before it is sent."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.calibration import agreement, calibration, frequent_remarks, weighed_kappa
from plans.decisions import prepare_decision, release_decisions
from plans.models import ReviewScore
from portal.models import Message
from portal.outbox import render
from tests.factories import ExpertFactory
from tests.situations import hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


def judged_by(cast, version, expert, score):
    review = version.reviews.filter(expert=expert).first() or assign_reviewer(
        version, expert, by=cast.coordinator
    )
    judged(review)
    ReviewScore.objects.filter(review=review).update(score=score)
    return hand_in(review, "Tak sądzę.")


def test_means_spread_leniency_and_agreement_follow_from_the_scores(cast):
    version = plan_version(cast, "in_review")
    severe = judged_by(cast, version, cast.reviewer.expert, 1)
    judged_by(cast, version, cast.other_reviewer.expert, 2)
    first = ReviewScore.objects.filter(review=severe).first()
    ReviewScore.objects.filter(pk=first.pk).update(score=2)

    found = calibration(cast.setup.edition)
    count = len(found.criteria)

    by_name = {judge.expert.person: judge for judge in found.judges}
    strict, mild = by_name[cast.reviewer], by_name[cast.other_reviewer]
    assert (strict.reviews, mild.reviews) == (1, 1)
    assert mild.leniency == pytest.approx((count - 1) / count)
    assert strict.leniency == pytest.approx(-(count - 1) / count)
    assert strict.criteria[first.criterion_id] == (2, 0)
    assert (found.agreement.pairs, found.agreement.same) == (count, 1)
    assert found.agreement.kappa is None


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([(0, 0), (1, 1), (2, 2)], 1),
        ([(0, 2), (2, 0)], -1),
        ([(1, 1), (1, 1)], None),
        # Worked by hand: two of eight steps seen, 54 of 64 by chance.
        ([(0, 0), (0, 1), (1, 1), (2, 2)], 1 - (2 / 8) / (2 * (3 * 3 + 3 * 2 * 2 + 3 * 2) / 64)),
    ],
)
def test_kappa_is_that_of_the_books(pairs, kappa):
    assert weighed_kappa(pairs) == (None if kappa is None else pytest.approx(kappa))


def test_kappa_is_counted_only_of_enough_pairs():
    def rows(places):
        return [(0, place, expert, 1, place % 3) for place in range(places) for expert in (1, 2)]

    assert agreement(rows(29)).kappa is None
    assert agreement(rows(30)).kappa == 1


def test_the_page_and_the_file_say_the_same_and_cost_the_same(cast, browse):
    version = plan_version(cast, "in_review")
    remark_on(version, cast.reviewer)
    judged_by(cast, version, cast.reviewer.expert, 1)
    client = browse(cast.coordinator)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get("/recenzje/kalibracja/")
        return len(asked)

    small = cost()
    for _number in range(6):
        judged_by(cast, version, ExpertFactory(), 2)
    assert cost() == small <= 12

    page = client.get("/recenzje/kalibracja/")
    answer = client.get("/recenzje/kalibracja/xlsx/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer))).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()[1:]] == [
        str(expert) for expert, _cells, _pairs in page.context["lines"]
    ]
    assert page.context["remarks"][0][2] == 1


def test_remarks_count_once_they_left_the_expert(cast):
    version = plan_version(cast, "in_review")
    remark_on(version, cast.reviewer)
    remark_on(version, cast.reviewer)
    remark_on(version, cast.reviewer, section="wizja", kind="suggestion")
    assert frequent_remarks() == []
    hand_in(judged(version.reviews.get()))
    assert frequent_remarks(cast.setup.edition) == [("goals", "missing", 2), ("wizja", "suggestion", 1)]


@pytest.mark.parametrize("outcome", ["accept", "return", "refuse"])
def test_the_letter_read_before_the_release_is_the_letter_that_goes_out(cast, browse, outcome):
    version = plan_version(cast, "in_review")
    hand_in(judged(version.reviews.get()))
    due = today() + timedelta(days=14)
    words = {"reason": "Tak wynika z recenzji.", "sections": ["goals"], "due": due}
    decision = prepare_decision(version, outcome=outcome, by=cast.coordinator, **words)
    page = browse(cast.coordinator).get(f"/plany/{version.plan_id}/wersje/1/decyzja/")
    letters = Message.objects.filter(event__kind=f"plans.version.{outcome}", recipient=cast.lead)
    assert letters.count() == 0

    release_decisions([decision], by=cast.coordinator)

    assert page.context["decision"].letter == render(letters.get())
