"""Writing a section, through the page's own form: lenient, never losing a word."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from plans.models import (
    PlanVersion,
    SchoolCommitment,
    SectionRevision,
    SectionState,
    Text,
)
from plans.sections import section_of
from plans.workflow import VERSION
from tests.plans.pages import address, form_of, posted, version_digest
from tests.situations import complete_draft, plan_version, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def test_the_lead_starts_the_one_plan_and_a_second_start_leads_to_it(cast, browse):
    client = browse(cast.lead)
    start = f"/zespoly/{cast.participation.pk}/plan/"
    words = {"scope": "wide", "title": "Plan gminy", "year_from": "2026", "year_to": "2029"}

    first = client.post(start, words)
    second = client.post(start, words)

    plan = cast.participation.plan
    assert first.url == second.url == f"/plany/{plan.pk}/"
    assert PlanVersion.objects.count() == 1


def test_an_author_cannot_start_a_plan(cast, browse):
    response = browse(cast.author).get(f"/zespoly/{cast.participation.pk}/plan/")

    assert response.status_code == 403


def test_a_plan_starts_with_the_schools_in_scope(cast):
    version = started_plan(cast).latest()

    assert [str(row.school) for row in SchoolCommitment.objects.filter(version=version)] == [
        "Szkoła Podstawowa w Brzozowie"
    ]


def test_a_text_is_saved_and_shown_again(cast, browse, draft):
    client = browse(cast.author)

    response = client.post(address(draft, "wizja"), posted(body="Szkoła ciekawa świata."))

    assert response.status_code == 302
    assert Text.objects.get(version=draft, key="wizja").body == "Szkoła ciekawa świata."
    assert "Szkoła ciekawa świata." in client.get(address(draft, "wizja")).content.decode()


def test_a_save_of_today_is_told_by_the_clock_and_an_older_one_with_its_day(cast, browse, draft):
    client, where = browse(cast.author), address(draft, "wizja")
    client.post(where, posted(body="Szkoła ciekawa świata."))
    today = client.get(where).content.decode()
    older = datetime(2026, 11, 3, 10, 15, tzinfo=ZoneInfo("Europe/Warsaw"))
    SectionState.objects.filter(version=draft, key="wizja").update(changed_at=older)
    another_day = client.get(where).content.decode()

    assert re.search(r"Saved \d\d:\d\d:\d\d \(", today)
    assert "Saved 3 listopada 2026, 10:15 (" in another_day


def test_the_help_of_a_text_stands_once_and_names_its_control(cast, browse, draft):
    section = section_of(draft.plan, "wizja")

    page = html.fromstring(browse(cast.author).get(address(draft, "wizja")).content)

    (told,) = page.xpath(f"//main//*[text()='{section.help}']")
    assert told.get("id") in page.get_element_by_id("id_body").get("aria-describedby")


def test_an_empty_section_may_be_saved(cast, browse, draft):
    response = browse(cast.author).post(address(draft, "wizja"), posted(body=""))

    assert response.status_code == 302
    assert SectionState.objects.get(version=draft, key="wizja").filled is False


def test_a_section_is_ready_when_the_author_says_so_and_not_before(cast, browse, draft):
    client = browse(cast.author)

    client.post(address(draft, "wizja"), posted(body="Tekst"))
    before = SectionState.objects.get(version=draft, key="wizja").done
    client.post(address(draft, "wizja"), posted(body="Tekst", revision="1", done="ready"))

    assert before is False
    assert SectionState.objects.get(version=draft, key="wizja").done is True


def test_a_second_writer_does_not_overwrite_the_first_and_both_texts_stay(cast, browse, draft):
    browse(cast.lead).post(address(draft, "wizja"), posted(body="Tekst lidera"))

    client = browse(cast.author)
    response = client.post(address(draft, "wizja"), posted(body="Tekst autora"))

    page = response.content.decode()
    assert response.status_code == 409
    assert Text.objects.get(version=draft, key="wizja").body == "Tekst lidera"
    assert "Tekst lidera" in page
    assert "Tekst autora" in page
    kept = SectionRevision.objects.get(version=draft, by=cast.author)
    assert (kept.outcome, kept.payload["body"]) == ("conflict", ["Tekst autora"])


def test_after_a_conflict_the_writer_may_choose_the_own_text(cast, browse, draft):
    browse(cast.lead).post(address(draft, "wizja"), posted(body="Tekst lidera"))
    client = browse(cast.author)
    page = client.post(address(draft, "wizja"), posted(body="Tekst autora"))

    response = client.post(address(draft, "wizja"), form_of(page))

    assert response.status_code == 302
    assert Text.objects.get(version=draft, key="wizja").body == "Tekst autora"


def test_the_same_request_twice_has_one_effect_and_the_same_answer(cast, browse, draft):
    client = browse(cast.author)
    request = posted(body="Tekst")

    answers = [
        client.post(address(draft, "wizja"), request, headers={"HX-Request": "true"}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert SectionState.objects.get(version=draft, key="wizja").revision == 1
    assert SectionRevision.objects.count() == 1


def test_the_same_key_with_other_words_is_a_new_request_on_its_own_base(cast, browse, draft):
    client = browse(cast.author)
    request = posted(body="Pierwszy")
    client.post(address(draft, "wizja"), request)

    response = client.post(address(draft, "wizja"), request | {"body": "Drugi"})

    assert response.status_code == 409
    assert Text.objects.get(version=draft, key="wizja").body == "Pierwszy"


def test_autosave_answers_with_the_state_line_alone(cast, browse, draft):
    response = browse(cast.author).post(
        address(draft, "wizja"), posted(body="Tekst"), headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r'data-revision="(\d+)"', page) == ["1"]
    assert "<html" not in page


def test_extra_fields_in_a_request_change_nothing_else(cast, browse, draft):
    browse(cast.author).post(
        address(draft, "wizja"),
        posted(body="Tekst", status="accepted", version="999", plan="7", sent_at="2026-01-01", key="goals"),
    )

    draft.refresh_from_db()
    assert (draft.status, draft.sent_at) == ("draft", None)


@pytest.mark.parametrize("status", ["awaiting_signature", "sent", "in_review", "accepted"])
def test_after_the_draft_nothing_is_stored_and_the_text_is_kept(cast, browse, status):
    version = plan_version(cast, status)

    response = browse(cast.author).post(address(version, "wizja"), posted(body="Za późno"))

    assert response.status_code == 423
    assert Text.objects.get(version=version, key="wizja").body == "Tekst o naszej gminie."
    assert SectionRevision.objects.get(version=version).outcome == "locked"


def test_after_a_return_only_the_requested_sections_open(cast, browse):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    client = browse(cast.author)

    locked = client.post(address(draft, "wizja"), posted(body="Poprawka"))
    open_one = client.post(address(draft, "goals"), posted(**{"strategic-total": "0"}))

    assert draft.number == 2
    assert (locked.status_code, open_one.status_code) == (423, 302)


@pytest.mark.parametrize("role", ["reader", "signatory", "caretaker"])
def test_insiders_who_do_not_write_are_told_who_does(cast, browse, draft, role):
    response = browse(getattr(cast, role)).get(address(draft, "wizja"))

    assert response.status_code == 403


@pytest.mark.parametrize("role", ["former_member", "other_team", "reviewer", "coordinator", "auditor"])
def test_to_all_others_a_draft_is_missing(cast, browse, draft, role):
    response = browse(getattr(cast, role)).get(address(draft, "wizja"))

    assert response.status_code == 404


def test_a_member_whose_membership_ends_loses_access_at_the_next_request(cast, browse, draft):
    from datetime import timedelta

    from jst.models.dated import today

    client = browse(cast.author)
    before = client.get(address(draft, "wizja")).status_code
    cast.participation.memberships.filter(person=cast.author).update(until=today() - timedelta(days=1))

    after = client.post(address(draft, "wizja"), posted(body="Jeszcze ja")).status_code

    assert (before, after) == (200, 404)


def test_sending_freezes_what_was_saved_last(cast, browse):
    version = complete_draft(cast)
    browse(cast.author).post(address(version, "wizja"), posted(body="Ostatnie słowo"))

    VERSION.perform(version, "ask_signature", by=cast.author)
    event = VERSION.perform(version, "send", by=cast.signatory)

    assert event.data["sha256"] == version.sha256 == version_digest(version)
    assert Text.objects.get(version=version, key="wizja").body == "Ostatnie słowo"


def test_the_thousandth_revision_is_a_number_to_the_page_and_not_a_sum(cast, browse, draft):
    """Polish puts a space between thousands; a revision with one would never be saved again."""
    SectionState.objects.filter(version=draft, key="wizja").update(revision=1000)
    client = browse(cast.author)
    page = client.get(address(draft, "wizja")).content.decode()
    assert re.findall(r'name="revision" value="([^"]*)"', page) == ["1000"]
    assert re.findall(r'data-revision="([^"]*)"', page) == ["1000"]

    answer = client.post(
        address(draft, "wizja"), posted(body="Tekst", revision="1000"), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert 'data-revision="1001"' in answer.content.decode()
