"""What no page of ours sends is refused with 400, and nothing of it is stored."""

import uuid

import pytest

from plans.models import Goal, SectionRevision, SwotItem
from tests.situations import complete_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(cast, browse):
    """Return a function that posts a section of a complete draft as its author."""
    version = complete_draft(cast)
    client = browse(cast.author)

    def send(key, **fields):
        fields = {"revision": "0", "request_key": uuid.uuid4().hex} | fields
        return client.post(f"/plany/{version.plan_id}/sekcje/{key}/", fields)

    return send


@pytest.mark.parametrize("total", ["301", "9" * 5000, "-1", "²", "x"])
def test_a_number_of_rows_that_no_page_has_is_refused(post, total):
    assert post("swot", **{"strength-total": total}).status_code == 400
    assert SectionRevision.objects.count() == 0


def test_one_row_twice_is_refused(post):
    uid = str(uuid.uuid4())
    rows = {"strength-0-uid": uid, "strength-0-body": "Raz", "strength-1-uid": uid, "strength-1-body": "Dwa"}

    assert post("swot", **{"strength-total": "2"}, **rows).status_code == 400
    assert SwotItem.objects.filter(uid=uid).count() == 0


def test_a_row_of_another_table_is_refused(post):
    goal = Goal.objects.get(level="operational")
    row = {"strategic-total": "1", "strategic-0-uid": str(goal.uid), "strategic-0-title": "Inny"}

    assert post("goals", **row).status_code == 400
    assert Goal.objects.get(uid=goal.uid).title == goal.title
