"""Letters about plans: who gets one, when, and that its words are safe and say why it came."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.corrections import unlock_section
from plans.models import PlanEvent, Review
from plans.notifications import CONTEXT, RECIPIENTS
from plans.nudging import nudge
from plans.workflow import FLAG, REVIEW, VERSION
from portal import conventions
from portal.models import Event, Message
from portal.outbox import render, send_due
from portal.workflow import note
from tests.situations import decide, flag_on, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

# Told in tests of their own: a refusal below, the reminders in test_teamwork.py and test_corrections.py,
# second opinions in test_second_letters.py.
ELSEWHERE = {"plans.review.second", "plans.version.refuse", "plans.section.remind", "plans.plan.unsent"}

TEAM = {"author", "lead", "reader", "signatory"}
ORE = {"administrator", "coordinator"}


def told(cast, kind):
    """Return the roles that got a letter about the last event of a kind; the receipt is `receipt`."""
    event = Event.objects.filter(kind=kind).last()
    roles = {getattr(cast, name).email: name for name in vars(cast) if hasattr(getattr(cast, name), "email")}
    letters = Message.objects.filter(event=event)
    return {roles[letter.address] if letter.recipient else "receipt" for letter in letters}


def every_event(cast):
    """Let everything that is told happen once, and return the last version."""
    version = plan_version(cast, "awaiting_signature")
    VERSION.perform(version, "recall", by=cast.lead)
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "decline", by=cast.signatory, comment="Brakuje mi budżetu.")
    note("plans.plan.extend", by=cast.coordinator, about=PlanEvent(plan=version.plan), comment="Powódź")
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    VERSION.perform(version, "take_back", by=cast.lead, comment="Pomyłka")
    for outcome in ("return", "accept"):
        version = version.plan.latest()
        VERSION.perform(version, "ask_signature", by=cast.author)
        VERSION.perform(version, "send", by=cast.signatory)
        review = assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
        if outcome == "return":
            other = assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
            REVIEW.perform(other, "recuse", by=cast.other_reviewer, comment="Znam autorów")
        VERSION.perform(version, "start_review", by=cast.coordinator)
        if outcome == "return":
            beside_the_review(cast, review)
        judged(review)
        REVIEW.perform(review, "abstain", by=cast.reviewer, comment="To nie moja dziedzina")
        REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Spróbuj")
        hand_in(review)
        REVIEW.perform(review, "reopen", by=cast.coordinator, comment="Dopisz")
        hand_in(review)
        decide(version, outcome, by=cast.coordinator)
        if outcome == "return":
            draft = version.plan.latest()
            unlock_section(draft, "wizja", reason="Wizja nie pasuje do celów.", by=cast.coordinator)
            call_command("remind", on=version.change_request.due)
    return version


def beside_the_review(cast, review):
    """The expert is reminded, by the portal and by hand, and puts a matter to ORE that is settled twice."""
    rows = Review.objects.filter(pk=review.pk)
    rows.update(due=timezone.localdate() + timedelta(days=1))
    call_command("remind")
    rows.update(due=timezone.localdate() - timedelta(days=1))
    nudge(review, by=cast.coordinator)
    flag = flag_on(review.version, cast.reviewer, to=cast.coordinator)
    for move in ("resolve", "reopen", "resolve"):
        FLAG.perform(flag, move, by=cast.administrator, comment="Tak.")


def test_each_letter_goes_to_those_whose_turn_it_is(cast):
    every_event(cast)
    found = {kind: told(cast, kind) for kind in RECIPIENTS if kind not in ELSEWHERE}
    decided = {"caretaker", "reviewer"} | TEAM
    assert found == {
        "plans.plan.extend": {"lead", "author", "signatory"},
        "plans.plan.remind": {"lead", "author", "signatory"},
        "plans.plan.unlock": {"lead", "author", "signatory"},
        "plans.flag.raise": {"coordinator"},
        "plans.flag.resolve": {"reviewer"},
        "plans.flag.reopen": {"coordinator"},
        "plans.review.nudge": {"reviewer"},
        "plans.review.remind": {"reviewer"},
        "plans.version.ask_signature": {"signatory"},
        "plans.version.recall": {"author", "signatory"},
        "plans.version.decline": {"lead", "author"},
        "plans.version.send": {"receipt", "lead", "author", "reader"} | ORE,
        "plans.version.take_back": ORE,
        "plans.version.start_review": TEAM | {"reviewer"},
        "plans.review.assign": {"reviewer"},
        "plans.review.hand_in": ORE,
        "plans.review.recuse": ORE,
        "plans.review.abstain": ORE,
        "plans.review.reopen": {"reviewer"},
        "plans.version.return": decided,
        "plans.version.accept": decided,
    }


def test_a_refusal_tells_the_same_people_as_an_acceptance(cast):
    decide(plan_version(cast, "in_review"), "refuse", by=cast.coordinator)
    assert told(cast, "plans.version.refuse") == {"caretaker", "reviewer"} | TEAM


def test_every_kind_has_a_letter_that_says_what_where_and_why(cast):
    every_event(cast)
    kinds = set()
    for message in Message.objects.exclude(event=None).select_related("event", "recipient"):
        subject, body = render(message)
        kinds.add(message.event.kind)
        assert 10 < len(subject) < 200
        assert cast.participation.jst.name in subject
        assert re.search(r"^http://testserver/(plany|recenzje|sprawy)/\S+$", body, re.MULTILINE)
        assert "{" not in subject + body
        assert "\n\n\n\n" not in body
    assert kinds | ELSEWHERE == set(RECIPIENTS) == set(CONTEXT)


def test_every_kind_named_here_is_a_kind_of_the_tables():
    sentences = conventions.merged("workflow", "SENTENCES")
    assert [kind for kind in RECIPIENTS if kind not in sentences] == []


def test_the_receipt_leaves_at_once_and_the_rest_after_a_pause(cast):
    version = plan_version(cast, "sent")
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    send_due()
    assert {letter.to[0] for letter in mail.outbox} == {
        cast.signatory.email,
        cast.lead.email,
        cast.author.email,
        cast.reader.email,
        cast.coordinator.email,
        cast.administrator.email,
    }
    receipt = next(letter for letter in mail.outbox if letter.to == [cast.signatory.email])
    version.refresh_from_db()
    assert version.register_number in receipt.body
    assert version.sha256 in receipt.body

    send_due(timezone.now() + timedelta(minutes=4))
    assert mail.outbox[-1].to == [cast.reviewer.email]
    assert f"http://testserver/recenzje/{Review.objects.get().pk}/" in mail.outbox[-1].body


def test_everybody_is_led_to_the_page_where_the_work_goes_on(cast):
    version = plan_version(cast, "in_review")
    review = hand_in(judged(version.reviews.get()))
    plan = f"http://testserver/plany/{version.plan_id}/"
    found = {}
    for message in Message.objects.exclude(event=None).select_related("event", "recipient"):
        link = re.search(r"^http://testserver/\S+/$", render(message)[1], re.MULTILINE)[0]
        found[message.event.kind.removeprefix("plans."), message.recipient] = link
    assert found["version.send", cast.coordinator] == f"{plan}recenzenci/"
    assert found["version.send", cast.lead] == plan
    assert found["review.assign", cast.reviewer] == f"http://testserver/recenzje/{review.pk}/"
    assert found["version.start_review", cast.reviewer] == f"http://testserver/recenzje/{review.pk}/"
    assert found["review.hand_in", cast.coordinator] == f"{plan}wersje/1/decyzja/"


def test_what_people_type_becomes_no_header_and_no_markup(cast):
    cast.participation.jst.name = "Brzozów\r\nBcc: x@evil.example <b>&amp;</b> O'Hara"
    cast.participation.jst.save()
    version = plan_version(cast, "in_review")
    version.title = "Plan\r\nBcc: y@evil.example"
    version.save()
    decision = SimpleNamespace(reason="Zob. <a href='//evil.example'>tu</a> & wróć.\nBcc: z@evil.example")
    decide(version, "refuse", by=cast.coordinator)
    type(version.decision).objects.update(reason=decision.reason)
    send_due(timezone.now() + timedelta(minutes=4))

    assert len(mail.outbox) > 6
    for letter in mail.outbox:
        assert len(letter.recipients()) == 1
        assert "\n" not in letter.subject
        assert sorted(letter.message().keys()).count("Bcc") == 0
        assert letter.content_subtype == "plain"
        assert "&amp;amp;" not in letter.body
        assert "O'Hara" in letter.subject
    assert decision.reason in mail.outbox[-1].body


def test_letters_carry_no_text_of_plans_reviews_or_remarks(cast):
    every_event(cast)
    bodies = "".join(render(message)[1] for message in Message.objects.exclude(event=None))
    for secret in ("Tekst o naszej gminie", "Dobry plan.", "Widać to w planie", "Brakuje mi budżetu", "Znam"):
        assert secret not in bodies
    assert "Tak wynika z recenzji." in bodies


def test_who_left_the_team_gets_no_letter(cast):
    version = plan_version(cast, "in_review")
    decide(version, "refuse", by=cast.coordinator)
    addresses = set(Message.objects.values_list("address", flat=True))
    assert cast.former_member.email not in addresses
    assert cast.other_team.email not in addresses
