"""Remarks of ORE itself: written beside the decision, told to the team when it is released."""

import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from plans.assigning import assign_reviewer
from plans.decisions import drop_decision, prepare_decision
from plans.judging import add_ore_remark, stamp
from plans.ledger import remarks_for
from plans.models import Goal, PlanEvent, PlanVersion, Remark, RemarkPhrase
from plans.problems import blockers
from plans.tallies import tallies
from plans.workflow import VERSION
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.plans.pages import fields_of
from tests.situations import decide, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return plan_version(cast, "in_review")


def page_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/uwagi/"


def decision_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def body(**changes):
    words = {"section": "goals", "row_uid": "", "field": "", "kind": "missing", "body": "Brakuje źródła."}
    return {"uid": str(uuid.uuid4())} | words | changes


def added(version, by, **changes):
    words = {"section": "goals", "kind": "missing", "body": "Brakuje źródła."} | changes
    return add_ore_remark(version, uid=uuid.uuid4(), by=by, **words)


def events(version):
    found = PlanEvent.objects.filter(plan=version.plan_id, event__kind__startswith="plans.remark.")
    return [row.event for row in found.order_by("event__sequence")]


# --- Writing --------------------------------------------------------------------------------------


def test_ore_adds_a_remark_to_a_field_of_a_row_from_the_page_of_the_decision(cast, browse, version):
    goal = Goal.objects.get(version=version, level="operational")
    client = browse(cast.coordinator)
    assert f'href="{page_of(version)}"' in client.get(decision_of(version)).content.decode()
    places = client.get(page_of(version)).content.decode()
    assert f'href="?sekcja=goals&amp;wiersz={goal.uid}"' in places
    form = client.get(page_of(version), {"sekcja": "goals", "wiersz": str(goal.uid)}).context["form"]
    assert "title" in dict(form.fields["field"].choices)
    assert [kind for kind, _label in form.fields["kind"].choices] == Remark.Kind.values

    response = client.post(page_of(version), body(row_uid=str(goal.uid), field="title"))

    remark = Remark.objects.get()
    assert (remark.review, remark.author, remark.version) == (None, cast.coordinator, version)
    assert (remark.section, remark.row_uid, remark.field) == ("goals", goal.uid, "title")
    assert (remark.kind, remark.status, remark.body) == ("missing", "open", "Brakuje źródła.")
    assert response["Location"] == f"{decision_of(version)}#remark-{remark.pk}"
    [event] = events(version)
    assert (event.kind, event.actor, event.data) == (
        "plans.remark.add",
        cast.coordinator,
        {"remark": str(remark.uid)},
    )
    page = client.get(decision_of(version))
    [shown] = page.context["unsettled"]
    assert (shown.author_role, shown.can_change, shown.moves) == ("ORE", True, [])
    assert f'id="remark-{remark.pk}"' in page.content.decode()


def test_the_same_request_twice_is_one_remark_and_one_event(cast, browse, version):
    words = body()
    client = browse(cast.coordinator)
    for _time in range(2):
        client.post(page_of(version), words)
    client.post(page_of(version), words | {"body": "Coś innego."})

    assert sorted(Remark.objects.values_list("body", flat=True)) == ["Brakuje źródła.", "Coś innego."]
    assert [event.kind for event in events(version)] == ["plans.remark.add"] * 2


@pytest.mark.parametrize("wrong", [{"section": "nosuch"}, {"kind": "insult"}, {"body": " "}, {"uid": "x"}])
def test_a_remark_of_ore_needs_a_place_a_kind_and_words(cast, browse, version, wrong):
    assert browse(cast.coordinator).post(page_of(version), body(**wrong)).status_code == 422
    assert (Remark.objects.count(), events(version)) == (0, [])


def test_a_shared_phrase_is_inserted_and_none_is_kept(cast, browse, version):
    phrase = RemarkPhrase.objects.create(owner=None, title="Źródło", body="Podajcie źródło.", kind="wrong")
    client = browse(cast.coordinator)

    form = client.post(page_of(version), body(body="", insert="1", phrase=str(phrase.pk))).context["form"]
    client.post(page_of(version), body(body=form.initial["body"], keep="1"))

    assert "keep" not in form.fields
    assert Remark.objects.get().body == "Podajcie źródło."
    assert RemarkPhrase.objects.count() == 1


def test_only_coordinators_add_remarks_of_ore(cast, browse, version):
    writers = {"coordinator", "administrator"}
    for role in set(ROLES) - writers - {"anonymous"}:
        answer = browse(person_of(cast, role)).post(page_of(version), body())
        assert answer.status_code in {403, 404}, role
    with pytest.raises(NotAllowed):
        added(version, cast.reviewer)
    assert (Remark.objects.count(), events(version)) == (0, [])


@pytest.mark.parametrize("status", ["sent", "returned", "accepted"])
def test_outside_the_review_no_remark_is_added(cast, browse, status):
    version = plan_version(cast, status)
    client = browse(cast.coordinator)

    assert client.get(page_of(version)).status_code == 403
    assert page_of(version) not in client.get(decision_of(version)).content.decode()
    response = client.post(page_of(version), body())
    assert response.status_code == 423
    assert "Brakuje źródła." in response.content.decode()
    assert Remark.objects.count() == 0


def test_a_prepared_decision_is_dropped_before_another_remark(cast, browse, version):
    decision = prepare_decision(version, outcome="refuse", reason="Powód", by=cast.coordinator)
    client = browse(cast.coordinator)

    assert client.get(page_of(version)).status_code == 403
    assert page_of(version) not in client.get(decision_of(version)).content.decode()
    response = client.post(page_of(version), body())
    assert (response.status_code, Remark.objects.count()) == (423, 0)
    assert "Drop it before you add a remark" in response.content.decode()
    assert "Brakuje źródła." in response.content.decode()

    drop_decision(decision, by=cast.coordinator)
    assert client.post(page_of(version), body()).status_code == 302


# --- Changing -------------------------------------------------------------------------------------


def test_any_coordinator_changes_and_removes_a_remark_of_ore_until_the_release(cast, browse, version):
    remark = added(version, cast.coordinator)
    prepare_decision(version, outcome="refuse", reason="Powód", by=cast.coordinator)
    client = browse(cast.administrator)

    assert client.get(f"/uwagi/{remark.pk}/zmien/").status_code == 200
    words = body(kind="suggestion", body="Można podać źródło.", seen=stamp(remark))
    response = client.post(f"/uwagi/{remark.pk}/zmien/", words)
    remark.refresh_from_db()
    assert (remark.kind, remark.body, remark.author) == (
        "suggestion",
        "Można podać źródło.",
        cast.coordinator,
    )
    assert response["Location"] == f"{decision_of(version)}#remark-{remark.pk}"
    asked = client.get(f"/uwagi/{remark.pk}/usun/").content.decode()
    assert "The team has not seen this remark." in asked
    seen = {"seen": stamp(remark)}
    assert client.post(f"/uwagi/{remark.pk}/usun/", seen)["Location"] == decision_of(version)

    assert Remark.objects.count() == 0
    assert [(event.kind, event.actor) for event in events(version)] == [
        ("plans.remark.add", cast.coordinator),
        ("plans.remark.change", cast.administrator),
        ("plans.remark.remove", cast.administrator),
    ]
    call_command("audit", "verify")


def opened(client, remark):
    """Return what a browser would post from the page on which a remark is changed."""
    page = html.fromstring(client.get(f"/uwagi/{remark.pk}/zmien/").content)
    (form,) = page.xpath("//main//form[.//input[@name='seen']]")
    return {name: values[0] for name, values in fields_of(form).items()}


def test_of_two_coordinators_who_change_one_remark_the_second_is_told_and_keeps_the_words(
    cast, browse, version
):
    remark = added(version, cast.coordinator)
    first, second = browse(cast.coordinator), browse(cast.administrator)
    url = f"/uwagi/{remark.pk}/zmien/"
    words, late = opened(first, remark), opened(second, remark)
    first.post(url, words | {"body": "Podajcie źródło danych."})

    answer = second.post(url, late | {"body": "Podajcie rok.", "kind": "wrong"})

    page = answer.content.decode()
    assert answer.status_code == 423
    assert "Somebody has changed this since you opened the page." in page
    assert ("Podajcie źródło danych." in page, answer.context["form"]["body"].value()) == (
        True,
        "Podajcie rok.",
    )
    assert Remark.objects.get().body == "Podajcie źródło danych."
    (form,) = html.fromstring(answer.content).xpath("//main//form[.//input[@name='seen']]")
    again = {name: values[0] for name, values in fields_of(form).items()}
    assert second.post(url, again)["Location"] == f"{decision_of(version)}#remark-{remark.pk}"
    assert (Remark.objects.get().kind, Remark.objects.get().body) == ("wrong", "Podajcie rok.")
    assert [event.kind for event in events(version)] == ["plans.remark.add", *["plans.remark.change"] * 2]


def test_a_mistake_of_ones_own_does_not_hide_that_somebody_has_changed_the_remark(cast, browse, version):
    remark = added(version, cast.coordinator)
    client, url = browse(cast.administrator), f"/uwagi/{remark.pk}/zmien/"
    late = opened(client, remark)
    Remark.objects.filter(pk=remark.pk).update(body="Inaczej.")
    mistake = client.post(url, late | {"body": " "})
    (form,) = html.fromstring(mistake.content).xpath("//main//form[.//input[@name='seen']]")
    words = {name: values[0] for name, values in fields_of(form).items()} | {"body": "Moje słowa."}

    assert (mistake.status_code, client.post(url, words).status_code) == (422, 423)
    assert Remark.objects.get().body == "Inaczej."


def test_a_remark_that_was_changed_meanwhile_is_not_removed_unread(cast, browse, version):
    remark = added(version, cast.coordinator)
    client, url = browse(cast.administrator), f"/uwagi/{remark.pk}/usun/"
    (seen,) = html.fromstring(client.get(url).content).xpath("//main//input[@name='seen']/@value")
    words = opened(browse(cast.coordinator), remark) | {"body": "Podajcie rok."}
    browse(cast.coordinator).post(f"/uwagi/{remark.pk}/zmien/", words)

    answer = client.post(url, {"seen": seen})

    assert (answer.status_code, Remark.objects.count()) == (423, 1)
    assert "Podajcie rok." in answer.content.decode()
    (seen,) = html.fromstring(answer.content).xpath("//main//input[@name='seen']/@value")
    assert client.post(url, {"seen": seen})["Location"] == decision_of(version)
    assert Remark.objects.count() == 0


def test_the_same_change_sent_twice_is_one(cast, browse, version):
    remark = added(version, cast.coordinator)
    client = browse(cast.coordinator)
    words = opened(client, remark) | {"body": "Podajcie rok."}
    answers = [client.post(f"/uwagi/{remark.pk}/zmien/", words).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert [event.kind for event in events(version)] == ["plans.remark.add", "plans.remark.change"]


def test_who_changes_a_remark_that_was_waived_meanwhile_keeps_the_words(cast, browse, version):
    remark = added(version, cast.coordinator)
    client = browse(cast.administrator)
    words = opened(client, remark) | {"body": "Podajcie rok."}
    Remark.objects.filter(pk=remark.pk).update(status="waived")

    answer = client.post(f"/uwagi/{remark.pk}/zmien/", words)

    assert (answer.status_code, answer.context["form"]["body"].value()) == (423, "Podajcie rok.")
    assert "Somebody has settled this remark" in answer.content.decode()


def test_after_the_release_a_remark_of_ore_stays_as_it_is(cast, browse, version):
    remark = added(version, cast.coordinator)
    decide(version, "return", by=cast.coordinator)
    client = browse(cast.coordinator)

    for path in ("zmien", "usun"):
        for method in (client.get, client.post):
            assert method(f"/uwagi/{remark.pk}/{path}/", body(body="Inaczej")).status_code == 403
    assert Remark.objects.get().body == "Brakuje źródła."


def test_nobody_else_changes_a_remark_of_ore(cast, browse, version):
    remark = added(version, cast.coordinator)
    hand_in(judged(version.reviews.get()))
    found = {}
    for role in ("reviewer", "auditor", "lead", "caretaker", "other_reviewer", "operator"):
        client = browse(person_of(cast, role))
        paths = ("zmien", "usun")
        found[role] = {client.post(f"/uwagi/{remark.pk}/{path}/", body()).status_code for path in paths}

    assert found == {"reviewer": {403}, "auditor": {403}} | dict.fromkeys(
        ("lead", "caretaker", "other_reviewer", "operator"), {404}
    )
    assert Remark.objects.get().body == "Brakuje źródła."


# --- Who sees it ----------------------------------------------------------------------------------

ORE = {"coordinator", "administrator", "auditor"}
TEAM = {"reader", "author", "lead", "signatory", "caretaker", "operator"}
SEES = {"written": ORE, "handed_in": ORE | {"reviewer"}, "decided": ORE | {"reviewer"} | TEAM}


@pytest.mark.parametrize("state", SEES)
def test_the_team_sees_a_remark_of_ore_when_the_decision_is_released(cast, browse, version, state):
    added(version, cast.coordinator)
    if state != "written":
        hand_in(judged(version.reviews.get()))
    if state == "decided":
        decide(version, "return", by=cast.coordinator)

    found = {role for role in ROLES[1:] if remarks_for(version, person_of(cast, role))}
    counted = {role for role in ROLES[1:] if tallies([version.plan_id], person_of(cast, role))}
    pages = {
        role
        for role in ROLES[1:]
        if "Brakuje źródła." in browse(person_of(cast, role)).get(version.get_absolute_url()).content.decode()
    }

    assert found == counted == pages == SEES[state]


def test_the_history_tells_the_team_of_a_remark_of_ore_only_after_the_release(cast, browse, version):
    added(version, cast.coordinator)

    def told(person):
        page = browse(person).get(f"/plany/{version.plan_id}/").content.decode()
        return "added a remark of ORE to version 1" in page

    assert [told(cast.lead), told(cast.coordinator)] == [False, True]
    decide(version, "return", by=cast.coordinator)
    assert [told(cast.lead), told(cast.coordinator)] == [True, True]


# --- What it does ---------------------------------------------------------------------------------


def test_a_remark_of_ore_stops_the_acceptance_as_those_of_experts_do(cast, version):
    remark = added(version, cast.coordinator)
    hand_in(judged(version.reviews.get()))
    with pytest.raises(TransitionError, match="1 remark is not settled"):
        decide(version, "accept", by=cast.coordinator)

    Remark.objects.filter(pk=remark.pk).update(kind="suggestion")
    decide(version, "accept", by=cast.coordinator)
    assert PlanVersion.objects.get(pk=version.pk).status == "accepted"


def test_the_team_answers_a_remark_of_ore_and_ore_settles_it(cast, browse, version):
    remark = added(version, cast.coordinator)
    hand_in(judged(version.reviews.get()))
    decide(version, "return", by=cast.coordinator)
    draft = version.plan.latest()
    assert any("Brakuje źródła." in problem.sentence for problem in blockers(draft))

    browse(cast.author).post(f"/uwagi/{remark.pk}/odpowiedz/", {"answer": "Dopisane."})
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    client = browse(cast.coordinator)
    [shown] = client.get(decision_of(draft)).context["unsettled"]
    assert (shown.can_change, [move.name for move in shown.moves]) == (
        False,
        ["confirm", "uphold", "waive"],
    )
    client.post(f"/uwagi/{remark.pk}/confirm/")
    assert Remark.objects.get().status == "confirmed"


def test_the_page_of_the_decision_asks_the_same_for_one_remark_of_ore_and_for_thirty(cast, browse, version):
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    client = browse(cast.coordinator)
    counts = []
    for count in (1, 29):
        for number in range(count):
            added(version, cast.coordinator, body=f"Uwaga {count}-{number}")
        client.get(decision_of(version))
        with CaptureQueriesContext(connection) as asked:
            client.get(decision_of(version))
        counts.append(len(asked))
    assert counts[0] == counts[1]
