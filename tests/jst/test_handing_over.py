"""The lead changes hands: by the lead, by the office. The team is never without one in between."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jst import handover, nominations
from jst.models import Invitation, Nomination, Participation, TeamMembership
from jst.models.dated import today
from portal import outbox
from portal.models import Event, Message
from portal.workflow import NotAllowed, TransitionError
from tests.jst.asking import link_in_letter, opened
from tests.test_access import comparable

pytestmark = pytest.mark.django_db

NEW = "nowy.lider@urzad.example.org"
JOIN = {"first_name": "Nina", "last_name": "Nowa", "password": "cztery konie na strychu"}
NAMED = {"email": NEW, "first_name": "Nina", "last_name": "Nowa"}


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()


@pytest.fixture
def office(cast):
    """The unit's office has an official mailbox."""
    cast.participation.jst.mailbox = "urzad@brzozow.example.org"
    cast.participation.jst.save()
    return cast.participation


def member(cast, role):
    rows = TeamMembership.objects.today().filter(participation=cast.participation)
    return rows.get(person=getattr(cast, role))


def leads(cast):
    rows = TeamMembership.objects.today().filter(participation=cast.participation, is_lead=True)
    return [row.person.email for row in rows]


def rights(cast, role):
    row = TeamMembership.objects.today().filter(participation=cast.participation, person=getattr(cast, role))
    return [sorted(handover.rights_of(member)) for member in row]


def form(cast, to, becomes, **more):
    return {"old": member(cast, "lead").pk, "to": to, "becomes": becomes} | more


# --- By the lead --------------------------------------------------------------------------------


@pytest.mark.parametrize(("becomes", "left"), [("author", [["is_author"]]), ("reader", [[]]), ("leaves", [])])
def test_a_member_leads_at_once_and_the_lead_before_becomes_what_was_chosen(cast, browse, becomes, left):
    where = f"/zespoly/{cast.participation.pk}/przekaz/"
    browse(cast.lead).post(where, form(cast, member(cast, "author").pk, becomes))

    assert leads(cast) == [cast.author.email]
    assert rights(cast, "author") == [["is_author", "is_lead"]]
    assert rights(cast, "lead") == left
    told = set(Message.objects.values_list("address", flat=True))
    assert cast.author.email in told


def test_an_invited_person_takes_over_by_joining_and_nothing_changes_before(cast, browse):
    given = form(cast, "new", "leaves", **NAMED)
    browse(cast.lead).post(f"/zespoly/{cast.participation.pk}/przekaz/", given)

    assert leads(cast) == [cast.lead.email]
    opened(link_in_letter()).post("/zaproszenie/", JOIN)
    assert leads(cast) == [NEW]
    assert rights(cast, "lead") == []
    assert browse(cast.lead).get(f"/zespoly/{cast.participation.pk}/").status_code == 404


def test_a_withdrawn_invitation_leaves_the_lead_where_it_was(cast, browse):
    given = form(cast, "new", "leaves", **NAMED)
    browse(cast.lead).post(f"/zespoly/{cast.participation.pk}/przekaz/", given)
    link = link_in_letter()
    browse(cast.lead).post(f"/zaproszenia/{Invitation.objects.get().pk}/revoke/")

    assert opened(link).post("/zaproszenie/", JOIN).status_code == 404
    assert leads(cast) == [cast.lead.email]


def test_only_the_own_lead_passes_when_there_are_two(cast, browse):
    TeamMembership.objects.filter(person=cast.signatory).update(is_lead=True)
    where = f"/zespoly/{cast.participation.pk}/przekaz/"
    browse(cast.lead).post(where, form(cast, member(cast, "author").pk, "reader"))

    assert sorted(leads(cast)) == sorted([cast.author.email, cast.signatory.email])


def test_the_form_asks_for_the_address_of_a_stranger_and_knows_no_member_of_another_team(cast, browse):
    client, where = browse(cast.lead), f"/zespoly/{cast.participation.pk}/przekaz/"
    other = TeamMembership.objects.get(person=cast.other_team)

    assert client.post(where, form(cast, "new", "author")).status_code == 422
    assert client.post(where, form(cast, other.pk, "author")).status_code == 422
    with pytest.raises(TransitionError):
        handover.hand_over(member(cast, "lead"), to=other, becomes="author", by=cast.lead)
    with pytest.raises(NotAllowed):
        handover.hand_over(member(cast, "lead"), to=member(cast, "author"), becomes="author", by=cast.author)
    assert leads(cast) == [cast.lead.email]


def test_the_pack_names_people_dates_and_what_is_open(cast, browse):
    page = browse(cast.lead).get(f"/zespoly/{cast.participation.pk}/pakiet/").content.decode()

    for words in [str(cast.lead), str(cast.author), str(cast.caretaker), "not started yet"]:
        assert words in page


def test_a_membership_begins_and_ends_on_days_to_come(cast, browse):
    first, last = today() + timedelta(days=10), today() + timedelta(days=40)
    invite = NAMED | {"rights": ["is_author"], "since": first.isoformat(), "until": last.isoformat()}
    browse(cast.lead).post(f"/zespoly/{cast.participation.pk}/zaproszenia/nowe/", invite)
    client = opened(link_in_letter())
    answer = client.post("/zaproszenie/", JOIN)

    row = TeamMembership.objects.get(person__email=NEW)
    assert (row.since, row.until, answer.url) == (first, last, "/moje/")
    assert client.get(f"/zespoly/{cast.participation.pk}/").status_code == 404
    assert Participation.objects.of_team(row.person, first).exists()
    assert not Participation.objects.of_team(row.person, last).exists()
    wrong = invite | {"email": "b@example.org", "since": last.isoformat(), "until": first.isoformat()}
    where = f"/zespoly/{cast.participation.pk}/zaproszenia/nowe/"
    assert browse(cast.lead).post(where, wrong).status_code == 422


def test_the_lead_sets_an_end_to_come_and_until_then_nothing_changes(cast, browse):
    last = today() + timedelta(days=5)
    where = f"/zespoly/{cast.participation.pk}/osoby/{member(cast, 'author').pk}/koniec/"
    browse(cast.lead).post(where, {"on": last.isoformat(), "reason": "Urlop"})

    assert member(cast, "author").until == last
    assert browse(cast.author).get(f"/zespoly/{cast.participation.pk}/").status_code == 200
    past = {"on": (today() - timedelta(days=1)).isoformat(), "reason": "Urlop"}
    assert browse(cast.lead).post(where, past).status_code == 422


# --- By the office ------------------------------------------------------------------------------


def test_the_letter_goes_to_the_official_mailbox_alone_which_is_shown_masked(office, client):
    where = f"/dolacz/{office.pk}/urzad/"
    page = client.get(where).content.decode()

    assert "u…@brzozow.example.org" in page
    assert "urzad@brzozow.example.org" not in page
    client.post(where, {"mailbox": "zly@evil.example"})
    assert list(Message.objects.values_list("address", flat=True)) == ["urzad@brzozow.example.org"]
    client.post(where)
    assert Nomination.objects.count() == 1


def test_an_office_without_a_mailbox_leads_to_ore(cast, client):
    where = f"/dolacz/{cast.participation.pk}/urzad/"

    assert "/kontakt/" in client.get(where).content.decode()
    client.post(where)
    assert Nomination.objects.count() == 0


def sent(office):
    nominations.send(office)
    return link_in_letter("urzad@brzozow.example.org")


def test_the_named_person_leads_by_joining_and_everybody_concerned_is_told(cast, office):
    link = sent(office)
    client = opened(link)
    for _number in range(5):
        opened(link).get("/urzad/")
    assert Nomination.objects.get().status == "sent"
    assert client.post("/urzad/", NAMED).status_code == 200

    told = Message.objects.filter(event__kind="jst.nomination.name").values_list("address", flat=True)
    assert sorted(told) == sorted([cast.lead.email, cast.caretaker.email, cast.operator.email])
    assert leads(cast) == [cast.lead.email]
    opened(link_in_letter(NEW)).post("/zaproszenie/", JOIN)
    assert leads(cast) == [NEW]
    assert rights(cast, "lead") == [["is_author"]]


def test_the_link_of_the_office_works_once_and_every_dead_link_answers_alike(cast, office):
    link = sent(office)
    first = opened(link)
    second = opened(link)
    first.post("/urzad/", NAMED)
    answers = [second.post("/urzad/", NAMED | {"email": "inny@example.org"}), second.get("/urzad/")]
    answers += [opened("/urzad/999999/" + "A" * 43 + "/").get("/urzad/"), Client().get("/urzad/")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({comparable(answer)[1] for answer in answers}) == 1
    assert Invitation.objects.count() == 1


def test_an_old_link_of_the_office_names_nobody(cast, office):
    link = sent(office)
    Nomination.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert opened(link).post("/urzad/", NAMED).status_code == 404
    assert Invitation.objects.count() == 0


def test_the_secret_of_the_office_is_stored_nowhere(cast, office):
    secret = sent(office).split("/")[-2]
    rows = [str(row) for model in (Nomination, Message, Event) for row in model.objects.values()]

    assert len(secret) == 43
    assert [row for row in rows if secret in row] == []


def test_a_member_named_by_the_office_leads_at_once(cast, office):
    opened(sent(office)).post("/urzad/", NAMED | {"email": cast.author.email})

    assert leads(cast) == [cast.author.email]
    assert rights(cast, "lead") == [["is_author"]]
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("way", ["invited", "joined", "member"])
def test_whoever_runs_the_edition_undoes_it_at_any_stage(cast, office, browse, way):
    email = cast.author.email if way == "member" else NEW
    opened(sent(office)).post("/urzad/", NAMED | {"email": email})
    if way == "joined":
        opened(link_in_letter(NEW)).post("/zaproszenie/", JOIN)
    nomination = Nomination.objects.get()
    where = f"/urzad/{nomination.pk}/cofnij/"

    assert browse(cast.lead).post(where, {"comment": "Pomyłka"}).status_code == 403
    assert browse(cast.operator).post(where, {"comment": ""}).status_code == 422
    browse(cast.operator).post(where, {"comment": "Pomyłka"})

    assert leads(cast) == [cast.lead.email]
    nomination.refresh_from_db()
    assert nomination.status == "undone"
    assert rights(cast, "author") == [["is_author"]]
    assert not TeamMembership.objects.today().filter(person__email=NEW).exists()
    outbox.send_due(timezone.now() + timedelta(hours=1))
    failed = Message.objects.exclude(error="").values_list("template", "error")
    assert list(failed) == []
    assert "Pomyłka" in [letter for letter in mail.outbox if "undid" in letter.body][-1].body
