"""What a team says to itself: who reads it, who hears of it in the history, and on which page it shows."""

from datetime import timedelta

import pytest

from jst.models.dated import today
from plans.commenting import add_comment, settle
from plans.history import history_of
from plans.models import Goal, InternalComment
from portal import audit
from portal.models import Event
from tests.conftest import ROLES, person_of
from tests.plans.pages import address
from tests.situations import complete_draft, plan_version, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def page_of(client, path):
    return client.get(path).content.decode()


READ = {"reader", "author", "lead", "signatory"}


@pytest.mark.parametrize("status", ["draft", "in_review", "accepted"])
def test_only_the_team_reads_its_comments_whatever_the_state(cast, status):
    version = plan_version(cast, status)
    InternalComment.objects.create(plan=version.plan, section="wizja", author=cast.lead, body="Tylko dla nas")

    readers = {
        role
        for role in ROLES
        if (person := person_of(cast, role)) and InternalComment.objects.visible_to(person).exists()
    }

    assert readers == READ


def test_no_page_nor_file_of_others_carries_a_comment_of_the_team(cast, browse):
    version = plan_version(cast, "in_review")
    InternalComment.objects.create(plan=version.plan, section="wizja", author=cast.lead, body="Tylko dla nas")
    paths = [
        f"/plany/{version.plan_id}/",
        f"/plany/{version.plan_id}/komentarze/",
        version.get_absolute_url(),
        version.reviews.first().get_absolute_url(),
    ]

    found = [
        (role, path)
        for role in sorted(set(ROLES) - READ)
        for path in paths
        if "Tylko dla nas" in browse(person_of(cast, role)).get(path).content.decode()
    ]

    assert found == []
    assert "Tylko dla nas" in page_of(browse(cast.reader), paths[1])


def test_a_caretakers_comment_is_marked_and_the_caretaker_reads_only_the_own(cast, browse, draft):
    path = f"/plany/{draft.plan_id}/komentarze/wizja/"
    browse(cast.lead).post(path, {"body": "Słowo zespołu"})
    browse(cast.caretaker).post(path, {"body": "Słowo opiekuna"})

    page = page_of(browse(cast.caretaker), path)

    assert InternalComment.objects.get(author=cast.caretaker).by_caretaker is True
    assert ("Słowo opiekuna" in page, "Słowo zespołu" in page) == (True, False)
    assert "Słowo opiekuna" in page_of(browse(cast.author), address(draft, "wizja"))


def test_a_comment_on_a_row_is_settled_and_put_back(cast, browse):
    version = complete_draft(cast)
    row = Goal.objects.filter(version=version).first()
    path = f"/plany/{version.plan_id}/komentarze/"
    client = browse(cast.reader)
    client.post(f"{path}goals/", {"body": "Za ogólnie", "row_uid": str(row.uid)})
    comment = InternalComment.objects.get()

    client.post(f"{path}{comment.pk}/zalatwione/")
    settled = InternalComment.objects.get().settled_by
    client.post(f"{path}{comment.pk}/wroc/")

    assert (comment.row_uid, settled) == (row.uid, cast.reader)
    assert InternalComment.objects.get().settled_at is None


def told_to(browse, person, plan):
    history = browse(person).get(f"/plany/{plan.pk}/").context["history"]
    return [entry.sentence for entry in history if "comment" in entry.sentence]


def test_each_change_of_a_comment_is_one_event_without_its_words(cast, browse, draft):
    path = f"/plany/{draft.plan_id}/komentarze/"
    client = browse(cast.reader)
    client.post(f"{path}wizja/", {"body": "Tajne słowo"})
    comment = InternalComment.objects.get()

    for move in ("zalatwione", "zalatwione", "wroc", "wroc"):
        client.post(f"{path}{comment.pk}/{move}/")

    events = Event.objects.filter(kind__startswith="plans.comment.").order_by("sequence")
    assert [event.kind.rpartition(".")[2] for event in events] == ["add", "settle", "reopen"]
    assert [event.data for event in events] == [{"section": "wizja", "comment": comment.pk}] * 3
    assert {event.comment for event in events} == {""}
    assert {event.actor for event in events} == {cast.reader}
    assert audit.verify() == (Event.objects.count(), None)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"anonymous"}))
def test_the_history_tells_of_comments_to_the_team_and_to_nobody_else(cast, browse, role):
    version = plan_version(cast, "in_review")
    comment = add_comment(version.plan, section="wizja", body="Tylko dla nas", by=cast.lead)
    settle(comment, by=cast.reader)
    response = browse(person_of(cast, role)).get(f"/plany/{version.plan_id}/")

    told = [one.sentence for one in response.context["history"]] if response.status_code == 200 else []

    assert sum("comment" in sentence for sentence in told) == (2 if role in READ else 0)


def test_a_caretaker_finds_in_the_history_the_own_comments_as_long_as_the_care_lasts(cast, browse, draft):
    add_comment(draft.plan, section="wizja", body="Słowo zespołu", by=cast.lead)
    own = add_comment(draft.plan, section="wizja", body="Słowo opiekuna", by=cast.caretaker)
    settle(own, by=cast.author)

    told = told_to(browse, cast.caretaker, draft.plan)
    cast.caretaker.expert.assignments.update(until=today() - timedelta(days=1))

    assert told == [
        f"{cast.author} settled a comment of the team.",
        f"{cast.caretaker} wrote a comment within the team.",
    ]
    later = history_of(draft.plan, cast.caretaker, own=[], reviews=(), is_team=False)
    assert [entry.sentence for entry in later if "comment" in entry.sentence] == []


def test_a_comment_on_one_section_does_not_show_on_the_page_of_another(cast, browse, draft):
    add_comment(draft.plan, section="wizja", body="O wizji", by=cast.lead)
    add_comment(draft.plan, section="zespol", body="O zespole", by=cast.lead)
    client = browse(cast.author)

    pages = {
        path: page_of(client, path)
        for path in (
            f"/plany/{draft.plan_id}/komentarze/wizja/",
            address(draft, "wizja"),
            f"/plany/{draft.plan_id}/komentarze/",
        )
    }

    assert ["O wizji" in page for page in pages.values()] == [True, True, True]
    assert ["O zespole" in page for page in pages.values()] == [False, False, True]


def test_an_empty_comment_is_refused_with_a_sentence(cast, browse, draft):
    response = browse(cast.reader).post(f"/plany/{draft.plan_id}/komentarze/wizja/", {"body": " "})

    assert response.status_code == 422
    assert InternalComment.objects.count() == 0
