"""A plan that came back: the banner, the remarks to begin with, reminders, and one more section opened."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from jst.models import Participation
from plans.corrections import unlock_section
from plans.models import ChangeRequest, PlanEvent, PlanVersion, Remark, SectionState, Text
from plans.remarks import answer_remark
from plans.sections import open_keys
from plans.tallies import tallies
from plans.workflow import REMARK, VERSION
from portal.models import Message
from portal.outbox import render
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import person_of
from tests.plans.pages import address, posted
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    """The draft of a plan returned with two remarks, its goals alone unlocked."""
    version = plan_version(cast, "in_review")
    for body in ("Brakuje wskaźnika.", "Brakuje kosztu."):
        remark_on(version, cast.reviewer, body=body)
    hand_in(judged(version.reviews.get()))
    decide(version, "return", by=cast.coordinator)
    return PlanVersion.objects.for_page().get(pk=version.plan.latest().pk)


def answer_all(cast):
    for remark in Remark.objects.filter(status__in=Remark.UNANSWERED):
        answer_remark(remark, "Dopisane.", by=cast.author)


# --- The banner -----------------------------------------------------------------------------------


def test_every_page_of_a_returned_plan_says_what_is_left_and_that_nothing_is_sent(cast, browse, draft):
    client = browse(cast.author)
    remark = Remark.objects.first()
    pages = [
        f"/plany/{draft.plan_id}/",
        f"/plany/{draft.plan_id}/sekcje/goals/",
        f"/plany/{draft.plan_id}/sekcje/wizja/",
        f"/plany/{draft.plan_id}/czego-brakuje/",
        f"/plany/{draft.plan_id}/wersje/2/",
        f"/plany/{draft.plan_id}/wersje/2/ruch/ask_signature/",
        f"/uwagi/{remark.pk}/odpowiedz/",
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert "2 remarks to answer" in text, page
        assert "Nothing has been sent until the plan goes to ORE again." in text, page
    answer_all(cast)
    for page in pages:
        assert "Every remark is answered." in client.get(page).content.decode(), page
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    for page in pages[:2]:
        assert "Nothing has been sent" not in client.get(page).content.decode(), page


def test_corrections_begin_with_the_remarks_each_with_a_way_to_its_place(cast, browse, draft):
    page = browse(cast.author).get(f"/plany/{draft.plan_id}/")
    assert [one.body for one in page.context["to_answer"]] == ["Brakuje wskaźnika.", "Brakuje kosztu."]
    for remark in Remark.objects.all():
        assert f'href="/plany/{draft.plan_id}/sekcje/goals/#remark-{remark.pk}"' in page.content.decode()
        assert f'href="/uwagi/{remark.pk}/odpowiedz/"' in page.content.decode()


def test_one_answer_leads_to_the_next_and_the_last_to_the_plan(cast, browse, draft):
    first, second = Remark.objects.order_by("pk")
    client = browse(cast.author)
    words = {"answer": "Dopisane.", "next": "1"}
    assert client.post(f"/uwagi/{first.pk}/odpowiedz/", words)["Location"] == f"/uwagi/{second.pk}/odpowiedz/"
    assert client.post(f"/uwagi/{second.pk}/odpowiedz/", words)["Location"] == f"/plany/{draft.plan_id}/"


# --- Counting -------------------------------------------------------------------------------------


def counts(found):
    return (found.open, found.answered, found.upheld, found.settled)


def test_remarks_are_counted_alike_on_every_page_and_unsent_answers_stay_with_the_team(cast, browse, draft):
    first, second = Remark.objects.order_by("pk")
    answer_remark(first, "Dopisane.", by=cast.author)

    def counted(role):
        return counts(tallies([draft.plan_id], person_of(cast, role))[draft.plan_id])

    assert {role: counted(role) for role in ("lead", "caretaker", "coordinator", "reviewer")} == {
        "lead": (1, 1, 0, 0),
        "caretaker": (1, 1, 0, 0),
        "coordinator": (2, 0, 0, 0),
        "reviewer": (2, 0, 0, 0),
    }
    assert tallies([draft.plan_id], person_of(cast, "other_team")) == {}
    client = browse(cast.lead)
    shown = [
        client.get(f"/plany/{draft.plan_id}/").context["tally"],
        client.get(f"/plany/{draft.plan_id}/wersje/2/").context["tally"],
        client.get("/plany/").context["rows"][0]["tally"],
    ]
    assert [counts(one) for one in shown] == [(1, 1, 0, 0)] * 3

    answer_remark(second, "Dopisane.", by=cast.author)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    first.refresh_from_db()
    REMARK.perform(first, "uphold", by=cast.reviewer, comment="Wciąż brakuje.")
    hand_in(judged(draft.reviews.get()))
    assert counted("coordinator") == counted("reviewer") == (0, 1, 1, 0)
    page = browse(cast.coordinator).get("/decyzje/")
    assert counts(page.context["awaiting"][0].tally) == (0, 1, 1, 0)
    assert counts(browse(cast.reviewer).get("/recenzje/").context["reviews"][0].tally) == (0, 1, 1, 0)


def test_whoever_reads_the_plan_again_sees_the_remarks_counted(cast, browse, draft):
    answer_remark(Remark.objects.order_by("pk").first(), "Dopisane.", by=cast.author)
    answer_remark(Remark.objects.order_by("pk").last(), "Dopisane.", by=cast.author)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    review = draft.reviews.get()
    REMARK.perform(Remark.objects.first(), "uphold", by=cast.reviewer, comment="Wciąż brakuje.")
    pages = {
        f"/plany/{draft.plan_id}/recenzenci/": [cast.coordinator],
        f"/plany/{draft.plan_id}/wersje/2/porownanie/": [cast.coordinator, cast.reviewer, cast.lead],
        review.get_absolute_url(): [cast.reviewer],
    }

    def told():
        shown = [browse(person).get(page) for page, people in pages.items() for person in people]
        assert all(page.content.decode().count("tally") == 1 for page in shown)
        return [counts(page.context["tally"]) for page in shown]

    assert told() == [(0, 1, 1, 0)] * 5
    hand_in(judged(review))
    pages[review.get_absolute_url()] = [cast.reviewer, cast.coordinator, cast.auditor]
    assert told() == [(0, 1, 1, 0)] * 7


def test_a_plan_without_remarks_shows_no_count(cast, browse):
    version = plan_version(cast, "in_review")

    pages = {
        f"/plany/{version.plan_id}/recenzenci/": cast.coordinator,
        version.reviews.get().get_absolute_url(): cast.reviewer,
    }

    assert ["tally" in browse(person).get(page).content.decode() for page, person in pages.items()] == [
        False,
        False,
    ]


# --- Reminders ------------------------------------------------------------------------------------


def reminders():
    return PlanEvent.objects.filter(event__kind="plans.plan.remind").order_by("event__sequence")


@pytest.mark.parametrize("answered", [True, False])
def test_a_team_that_has_not_sent_its_corrections_is_reminded_before_and_on_the_day(cast, draft, answered):
    if answered:
        answer_all(cast)
    due = ChangeRequest.objects.get().due
    told = []
    for days in (10, 3, 2, 0, -1):
        for _time in range(2):
            call_command("remind", on=due - timedelta(days=days))
        told.append(reminders().count())
    assert told == [0, 1, 1, 2, 2]
    assert [row.event.data["unanswered"] for row in reminders()] == [0 if answered else 2] * 2
    people = {letter.recipient for letter in Message.objects.filter(event__kind="plans.plan.remind")}
    assert people == {cast.lead, cast.author, cast.signatory}


def test_a_plan_sent_again_is_not_reminded(cast, draft):
    answer_all(cast)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    call_command("remind", on=ChangeRequest.objects.get().due)
    assert reminders().count() == 0


def ready(cast, draft):
    """Answer every remark and mark the section that ORE asked for as ready."""
    answer_all(cast)
    SectionState.objects.filter(version=draft, key="goals").update(revision=1, done=True)


def told_of_sending(draft, *, days):
    call_command("remind", on=timezone.localdate() + timedelta(days=days))
    return [row.version for row in PlanEvent.objects.filter(event__kind="plans.plan.unsent")]


def test_the_lead_is_reminded_once_of_corrections_that_are_ready_but_not_sent(cast, draft):
    ready(cast, draft)

    assert told_of_sending(draft, days=1) == []
    assert told_of_sending(draft, days=2) == [draft]
    assert told_of_sending(draft, days=3) == [draft]
    letter = Message.objects.get(event__kind="plans.plan.unsent")
    subject, body = render(letter)
    assert letter.recipient == cast.lead
    assert cast.participation.jst.name in subject
    assert f"/plany/{draft.plan_id}/" in body
    assert "The plan waits for a signature." not in body


def test_a_signature_that_does_not_come_is_told_to_the_lead_too(cast, draft):
    ready(cast, draft)
    VERSION.perform(draft, "ask_signature", by=cast.author)

    assert told_of_sending(draft, days=2) == [draft]
    assert (
        "The plan waits for a signature." in render(Message.objects.get(event__kind="plans.plan.unsent"))[1]
    )


@pytest.mark.parametrize("what", ["unanswered", "not ready", "sent", "changed", "late", "ended"])
def test_nobody_is_reminded_of_sending_what_is_not_to_be_sent(cast, draft, what):
    ready(cast, draft)
    if what == "unanswered":
        Remark.objects.update(status="open")
    elif what == "not ready":
        SectionState.objects.filter(version=draft).update(done=False)
    elif what == "sent":
        VERSION.perform(draft, "ask_signature", by=cast.author)
        VERSION.perform(draft, "send", by=cast.signatory)
    elif what == "changed":
        PlanVersion.objects.filter(pk=draft.pk).update(changed_at=timezone.now() + timedelta(days=1))
    elif what == "late":
        ChangeRequest.objects.update(due=timezone.localdate())
    else:
        Participation.objects.filter(pk=cast.participation.pk).update(status="completed")

    assert told_of_sending(draft, days=2) == []


# --- One more section -----------------------------------------------------------------------------


def save(client, draft, key, body):
    return client.post(address(draft, key), posted(body=body)).status_code


def test_ore_opens_one_more_section_with_a_reason_and_the_others_stay_locked(cast, browse, draft):
    client = browse(cast.author)
    assert save(client, draft, "wizja", "Nowa wizja") == 423
    ore, url = browse(cast.coordinator), f"/plany/{draft.plan_id}/odblokuj/"
    assert ore.post(url, {"section": "wizja", "reason": " "}).status_code == 422
    assert ore.post(url, {"section": "goals", "reason": "Już otwarta"}).status_code == 422
    assert save(client, draft, "wizja", "Nowa wizja") == 423

    for _time in range(2):
        ore.post(url, {"section": "wizja", "reason": "Wizja nie pasuje do celów."})

    assert open_keys(draft) == {"goals", "wizja"}
    assert save(client, draft, "wizja", "Nowa wizja") == 302
    assert save(client, draft, other_text(draft), "x") == 423
    assert Text.objects.get(version=draft, key="wizja").body == "Nowa wizja"
    [row] = PlanEvent.objects.filter(event__kind="plans.plan.unlock").select_related("event")
    assert (row.event.actor, row.event.comment) == (cast.coordinator, "Wizja nie pasuje do celów.")
    letters = Message.objects.filter(event__kind="plans.plan.unlock")
    assert {one.recipient for one in letters} == {cast.lead, cast.author, cast.signatory}
    assert "Wizja nie pasuje do celów." in client.get(f"/plany/{draft.plan_id}/").content.decode()


def other_text(draft):
    return draft.text_rows.exclude(key="wizja").first().key


def test_nobody_else_opens_a_section_and_nothing_opens_after_sending(cast, draft):
    for role in ("lead", "author", "caretaker", "reviewer", "auditor"):
        with pytest.raises(NotAllowed):
            unlock_section(draft, "wizja", reason="Bo tak", by=person_of(cast, role))
    answer_all(cast)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    with pytest.raises(TransitionError):
        unlock_section(draft, "wizja", reason="Bo tak", by=cast.coordinator)
    assert ChangeRequest.objects.get().sections == ["goals"]


def test_a_first_draft_has_nothing_to_open(cast, browse):
    version = plan_version(cast, "draft")
    with pytest.raises(TransitionError):
        unlock_section(version, "wizja", reason="Bo tak", by=cast.coordinator)
    assert browse(cast.coordinator).get(f"/plany/{version.plan_id}/odblokuj/").context["sections"] == []


# --- The task list --------------------------------------------------------------------------------


def said_of(client, version):
    """Return section → what the task list says of it."""
    lines = client.get(f"/plany/{version.plan_id}/").context["lines"]
    return {line.key: (line.status, line.tone) for line in lines}


def rewrite(client, version, key):
    assert save(client, version, key, "Zmieniony tekst.") == 302


def test_a_section_that_ore_opened_asks_for_a_change_until_it_is_changed(cast, browse, draft):
    client = browse(cast.author)
    unlock_section(draft, "wizja", reason="Nie pasuje do celów.", by=cast.coordinator)
    assert said_of(client, draft)["goals"] == ("remarks to answer", "warn")
    assert said_of(client, draft)["wizja"] == ("ORE asks for a change", "warn")
    assert said_of(client, draft)["risks"] == ("locked: ORE did not ask to change it", "plain")

    answer_all(cast)
    rewrite(client, draft, "wizja")

    assert said_of(client, draft)["goals"] == ("ORE asks for a change", "warn")
    assert said_of(client, draft)["wizja"] == ("changed since the return", "info")
    client.post(address(draft, "wizja"), posted(revision="1", body="Gotowe.", done="ready"))
    assert said_of(client, draft)["wizja"] == ("ready", "good")


@pytest.mark.parametrize(("status", "move"), [("taken_back", ""), ("accepted", "amend")])
def test_where_nothing_was_returned_a_change_is_told_as_one_since_the_sending(cast, browse, status, move):
    version = plan_version(cast, status)
    if move:
        VERSION.perform(version, move, by=cast.lead, comment="Zmiana budżetu")
    client = browse(cast.author)
    assert said_of(client, version)["wizja"] == ("in progress", "info")

    rewrite(client, version, "wizja")

    assert said_of(client, version)["wizja"] == ("changed since it was sent", "info")
