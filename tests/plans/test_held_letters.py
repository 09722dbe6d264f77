"""Letters of a prepared decision wait in the outbox, unknown to everybody but ORE, until it is released."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.decisions import prepare_decision
from plans.models import Decision, PlanVersion
from portal.models import Message
from portal.outbox import send_due
from portal.personal import letters
from tests.factories import MembershipFactory, ParticipationFactory, UserFactory
from tests.situations import about, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db

TOLD = ["author", "caretaker", "lead", "reader", "reviewer", "signatory"]


@pytest.fixture
def version(cast):
    """A version in review, with all letters of its past sent."""
    version = plan_version(cast, "in_review")
    send_due(timezone.now() + timedelta(minutes=4))
    mail.outbox.clear()
    return version


def page_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def stamp(decision):
    return f"{decision.pk}:{decision.prepared_at.isoformat()}"


def prepare(version, client, **changes):
    words = {"outcome": "refuse", "reason": "Tak wynika z recenzji.", "seen": ""} | changes
    assert client.post(page_of(version), words).status_code == 302
    return Decision.objects.get(version=version)


def release(client, *decisions):
    chosen = [stamp(decision) for decision in decisions]
    return client.post("/decyzje/", {"decision": chosen, "confirm": "1"})


def held():
    return Message.objects.filter(status="held")


def addresses(rows):
    return sorted(rows.values_list("address", flat=True))


def those(cast, names):
    return sorted(getattr(cast, name).email for name in names)


def test_the_letters_of_a_prepared_decision_are_held_and_never_sent(cast, browse, version):
    prepare(version, browse(cast.coordinator))

    assert addresses(held()) == those(cast, TOLD)
    assert set(held().values_list("event", "template")) == {(None, "emails/plans/version.refuse.txt")}
    assert send_due(timezone.now() + timedelta(days=365)) == 0
    assert mail.outbox == []


def test_a_changed_decision_has_other_letters_and_a_dropped_one_none(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    MembershipFactory(
        participation=cast.participation, person=UserFactory(email="nowy@example.org"), is_author=True
    )
    changes = {"outcome": "return", "sections": ["goals"], "due": "31.12.2030", "seen": stamp(decision)}
    prepare(version, client, **changes)
    assert addresses(held()) == sorted([*those(cast, TOLD), "nowy@example.org"])
    assert set(held().values_list("template", flat=True)) == {"emails/plans/version.return.txt"}

    client.post(page_of(version), {"drop": "1"})
    assert held().count() == 0


def test_a_refused_change_leaves_the_letters_as_they_are(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client)
    before = list(held().values_list("pk", "message_id"))
    assert client.post(page_of(version), {"outcome": "accept", "reason": ""}).status_code == 422
    assert list(held().values_list("pk", "message_id")) == before


def test_released_letters_are_the_held_ones_and_leave_once(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    ids = set(held().values_list("message_id", flat=True))

    release(client, decision)

    written = Message.objects.filter(event__kind="plans.version.refuse")
    assert set(written.values_list("message_id", flat=True)) == ids
    assert set(written.values_list("status", "held_for")) == {("ready", "")}
    assert send_due() == 0
    assert send_due(timezone.now() + timedelta(minutes=4)) == len(TOLD)
    assert sorted(letter.to[0] for letter in mail.outbox) == those(cast, TOLD)
    assert {"Tak wynika z recenzji." in letter.body for letter in mail.outbox} == {True}


def test_releasing_again_writes_no_second_letters(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    release(client, decision)
    assert release(client, decision).status_code == 422
    assert Message.objects.filter(event__kind="plans.version.refuse").count() == len(TOLD)


def test_who_left_before_the_release_gets_none_and_who_joined_gets_one(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    cast.participation.memberships.filter(person=cast.author).update(until=today())
    cast.reader.is_active = False
    cast.reader.save()
    new = UserFactory(email="nowy@example.org")
    MembershipFactory(participation=cast.participation, person=new, is_author=True)

    release(client, decision)

    written = Message.objects.filter(event__kind="plans.version.refuse")
    rest = those(cast, ["caretaker", "lead", "reviewer", "signatory"])
    assert addresses(written) == sorted([*rest, "nowy@example.org"])
    assert held().count() == 0


def test_a_letter_follows_a_changed_address_and_no_stranger_who_has_it_now(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    old = cast.author.email
    cast.author.email = "inny.adres@example.org"
    cast.author.save()
    new = UserFactory(email=old)
    MembershipFactory(participation=cast.participation, person=new, is_author=True)

    release(client, decision)

    written = Message.objects.filter(event__kind="plans.version.refuse")
    found = dict(written.values_list("address", "recipient"))
    assert (found["inny.adres@example.org"], found[old]) == (cast.author.pk, new.pk)


def test_whoever_releases_is_not_written_to(cast, browse, version):
    MembershipFactory(participation=cast.participation, person=cast.administrator)
    decision = prepare(version, browse(cast.coordinator))
    assert cast.administrator.email in addresses(held())
    release(browse(cast.administrator), decision)
    written = Message.objects.filter(event__kind="plans.version.refuse")
    assert addresses(written) == those(cast, TOLD)


def test_nothing_leaves_where_one_of_several_cannot_be_released(cast, browse, version):
    client = browse(cast.coordinator)
    remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    other = plan_in_review(cast)
    decisions = [prepare(other, client), prepare(version, client, outcome="accept")]
    before = set(held().values_list("pk", "held_for"))

    assert release(client, *decisions).status_code == 409

    assert set(held().values_list("pk", "held_for")) == before
    assert Message.objects.filter(event__kind="plans.version.refuse").count() == 0


def plan_in_review(cast):
    """Another plan in review, with one lead."""
    participation = ParticipationFactory(edition=cast.setup.edition)
    MembershipFactory(participation=participation, person=cast.other_team, is_lead=True)
    plan = cast.participation.plan
    plan.pk, plan.participation = None, participation
    plan.save()
    return PlanVersion.objects.create(
        plan=plan, **about(), number=1, status="in_review", sent_at="2026-05-01T10:00Z"
    )


def test_each_released_decision_tells_its_own_people(cast, browse, version):
    client = browse(cast.coordinator)
    other = plan_in_review(cast)
    decisions = [prepare(other, client, outcome="refuse", reason="Inny."), prepare(version, client)]
    release(client, *decisions)
    written = Message.objects.filter(event__kind="plans.version.refuse")
    assert addresses(written.filter(event__planevent__version=other)) == [cast.other_team.email]
    assert addresses(written.filter(event__planevent__version=version)) == those(cast, TOLD)


# --- Read before the release --------------------------------------------------------------------

GROUPS = [
    ("team", ["author", "lead", "reader", "signatory"]),
    ("expert", ["reviewer"]),
    ("caretaker", ["caretaker"]),
]


def listed(decision):
    return [(role, person.email) for person, role in decision.recipients]


def test_the_page_of_the_decision_and_that_of_its_release_list_who_gets_the_letter(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client)
    told = sorted((role, getattr(cast, name).email) for role, names in GROUPS for name in names)

    pages = [client.get(page_of(version)), client.post("/decyzje/", {"decision": stamp(decision)})]

    shown = [pages[0].context["decision"], *pages[1].context["chosen"]]
    assert [sorted(listed(one)) for one in shown] == [told, told]
    for page in pages:
        text = page.content.decode()
        assert "6 people get the letter:" in text
        assert text.count(cast.caretaker.email) == 1
    assert "6 letters leave a few minutes after the release." in pages[1].content.decode()
    assert "6 letters wait" in client.get("/decyzje/").content.decode()


def test_the_list_is_that_of_the_day_and_of_the_person_who_releases(cast, browse, version):
    MembershipFactory(participation=cast.participation, person=cast.administrator)
    decision = prepare(version, browse(cast.coordinator))
    cast.participation.memberships.filter(person=cast.author).update(until=today())
    page = browse(cast.administrator).post("/decyzje/", {"decision": stamp(decision)})
    shown = sorted(email for _role, email in listed(page.context["chosen"][0]))
    assert shown == those(cast, [name for name in TOLD if name != "author"])

    release(browse(cast.administrator), decision)
    assert addresses(Message.objects.filter(event__kind="plans.version.refuse")) == shown


def test_where_nobody_is_told_the_page_says_so(cast, browse, version):
    other = plan_in_review(cast)
    other.plan.participation.memberships.update(until=today())
    client = browse(cast.coordinator)
    prepare(other, client)
    assert "Nobody gets the letter" in client.get(page_of(other)).content.decode()


def test_the_page_of_the_release_asks_the_same_for_two_and_for_many(cast, browse, version):
    client = browse(cast.coordinator)
    decisions = [prepare(one, client) for one in (version, plan_in_review(cast))]

    def asked():
        with CaptureQueriesContext(connection) as captured:
            client.post("/decyzje/", {"decision": [stamp(decision) for decision in decisions]})
        return len(captured)

    asked()
    few = asked()
    decisions += [prepare(plan_in_review(cast), client) for _number in range(5)]
    assert asked() == few


OWN = "Pytania: Joanna Wysocka.\r\nBcc: x@evil.example <b>&amp;</b>"


@pytest.mark.parametrize("outcome", ["accept", "return", "refuse"])
def test_own_words_stand_in_the_letter_as_in_its_preview(cast, browse, version, outcome):
    client = browse(cast.coordinator)
    hand_in(judged(version.reviews.get()))
    changes = {"outcome": outcome, "sections": ["goals"], "due": "31.12.2030", "own_words": OWN}
    decision = prepare(version, client, **changes)
    page = client.get(page_of(version))
    assert "Bcc: x@evil.example &lt;b&gt;&amp;amp;&lt;/b&gt;" in page.content.decode()

    release(client, decision)
    send_due(timezone.now() + timedelta(minutes=4))

    letter = next(letter for letter in mail.outbox if letter.to == [cast.lead.email])
    assert (letter.subject, letter.body) == page.context["decision"].letter
    assert f"Tak wynika z recenzji.\n\n{decision.own_words}\n\n" in letter.body
    assert "Bcc" not in letter.message()
    assert "<b>&amp;</b>" in letter.body


def test_without_own_words_the_letter_has_no_gap(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client)
    _subject, body = client.get(page_of(version)).context["decision"].letter
    assert "Tak wynika z recenzji.\n\nThe page of the plan:" in body


def test_own_words_have_a_limit_and_stay_when_the_decision_is_changed(cast, browse, version):
    client = browse(cast.coordinator)
    decision = prepare(version, client, own_words="Zapraszamy na konsultacje.")
    form = client.get(page_of(version)).context["form"]
    assert form["own_words"].value() == "Zapraszamy na konsultacje."
    words = {"outcome": "refuse", "reason": "Tak.", "own_words": "x" * 2001, "seen": stamp(decision)}
    answer = client.post(page_of(version), words)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["own_words"])


# --- No trace -----------------------------------------------------------------------------------

TEAM = ["reader", "author", "lead", "signatory"]


CHANGING = re.compile(rb'(csrfmiddlewaretoken" value|nonce|data-left)="[^"]*"')


def seen_by(client, version):
    """Return what a person's pages say, without what differs at each look."""
    plan = f"/plany/{version.plan_id}/"
    pages = ["/", "/plany/", plan, f"{plan}wersje/1/", "/recenzje/", "/konto/moje-dane/", page_of(version)]
    pages += [f"/zespoly/{version.plan.participation_id}/", "/decyzje/"]
    pages += [f"/zespoly/{version.plan.participation_id}/pakiet/"]
    pages += ["/admin/portal/message/", "/admin/portal/message/?status__exact=held"]
    pages += ["/admin/portal/event/", "/admin/plans/decision/"]
    found = {}
    for page in pages:
        answer = client.get(page)
        text = b"".join(answer) if answer.streaming else answer.content
        found[page] = answer.status_code, CHANGING.sub(b"", text)
    return found


@pytest.mark.parametrize(
    "role", [*TEAM, "reviewer", "caretaker", "operator", "auditor", "other_team", "other_reviewer"]
)
def test_nobody_but_ore_sees_a_trace_of_a_prepared_decision(cast, browse, version, role):
    client = browse(getattr(cast, role))
    seen_by(client, version)
    before = seen_by(client, version)
    prepare_decision(version, outcome="refuse", reason="Powód.", by=cast.coordinator)

    assert seen_by(client, version) == before
    assert held().count() == len(TOLD)


def test_an_expert_who_has_judged_sees_no_trace_on_the_review_of_another(cast, browse, version):
    assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    for review in version.reviews.all():
        hand_in(judged(review))
    address, client = f"/recenzje/{version.reviews.first().pk}/", browse(cast.other_reviewer)
    before = CHANGING.sub(b"", client.get(address).content)
    prepare_decision(version, outcome="refuse", reason="Powód.", by=cast.coordinator)

    assert CHANGING.sub(b"", client.get(address).content) == before
    assert client.post(f"{address}druga-opinia/", {"agrees": "yes"}).status_code == 302


@pytest.mark.parametrize("role", [*TEAM, "reviewer", "caretaker"])
def test_the_extract_of_ones_data_knows_no_held_letter(cast, browse, version, role):
    person = getattr(cast, role)
    before = letters(person).rows
    decision = prepare(version, browse(cast.coordinator))
    assert letters(person).rows == before
    release(browse(cast.coordinator), decision)
    assert len(letters(person).rows) == len(before) + 1


def test_ore_sees_held_letters_and_what_they_wait_for(cast, browse, version):
    prepare(version, browse(cast.coordinator))
    client = browse(cast.coordinator)
    listed = client.get("/admin/portal/message/?status__exact=held").content.decode()
    link = f'<a href="{page_of(version)}">the release of the decision: {cast.participation.jst.full_name}</a>'
    assert listed.count(link) == len(TOLD)
    one = client.get(f"/admin/portal/message/{held().first().pk}/change/").content.decode()
    assert one.count(link) == 1


def test_the_auditor_reads_the_letters_only_once_they_are_released(cast, browse, version):
    decision = prepare(version, browse(cast.coordinator))
    address, client = f"/admin/portal/message/{held().first().pk}/change/", browse(cast.auditor)
    assert client.get(address).status_code == 302
    release(browse(cast.coordinator), decision)
    assert client.get(address).status_code == 200


def test_the_list_of_letters_asks_the_same_for_letters_of_one_decision_and_of_many(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client)
    address = "/admin/portal/message/?status__exact=held"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _number in range(5):
        prepare(plan_in_review(cast), client)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
