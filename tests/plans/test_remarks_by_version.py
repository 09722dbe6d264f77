"""A version shows the remarks on itself and on the versions before it, never on a later one."""

import pytest

from plans.ledger import remarks_for
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


def test_a_version_does_not_show_what_was_said_of_a_later_one(cast):
    first = plan_version(cast, "in_review")
    remark_on(first, cast.reviewer, body="Do pierwszej wersji.")
    hand_in(judged(first.reviews.get()))
    decide(first, "return", by=cast.coordinator)
    second = first.plan.latest()
    remark_on(second, cast.coordinator, review=None, body="Do drugiej wersji.")

    shown = [
        [remark.body for found in remarks_for(version, cast.coordinator).values() for remark in found]
        for version in (first, second)
    ]

    assert shown == [["Do pierwszej wersji."], ["Do pierwszej wersji.", "Do drugiej wersji."]]
