"""Many people at once, on threads with connections of their own: nothing acknowledged is lost or doubled.

Each race has a control that does the same without the guard and must fail: a race that the control survives
would prove nothing.
"""

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.http import QueryDict

from plans.content import Content
from plans.models import PlanEvent, PlanVersion, SectionState, Text
from plans.saving import save_section
from plans.sections import section_of
from plans.workflow import VERSION
from portal.models.process import ProcessQuerySet
from portal.workflow import TransitionError
from tests.situations import complete_draft

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

TEXTS = ["zespol", "demografia", "wyniki", "kadra", "wizja", "monitorowanie"]


def at_once(count, work):
    """Run work(number) on `count` threads that start together; return what each gave."""
    barrier = threading.Barrier(count)

    def run(number):
        barrier.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def body(text):
    data = QueryDict(mutable=True)
    data["body"] = text
    return data


def guarded(version, key, text, revision, person):
    """The portal's own save; tells whether it was acknowledged."""
    answer = save_section(
        version,
        section_of(version.plan, key),
        body(text),
        by=person,
        revision=revision,
        request_key=uuid.uuid4().hex,
    )
    return answer.outcome == "saved"


def check_then_save(version, key, text, revision, person):
    """The control: the revision is compared in Python and the text written afterwards."""
    state = SectionState.objects.get(version=version, key=key)
    if state.revision != revision:
        return False
    time.sleep(0.005)
    Text.objects.filter(version=version, key=key).update(body=text)
    SectionState.objects.filter(pk=state.pk).update(revision=revision + 1)
    return True


def lost_saves(cast, save, editors, saves):
    """Let each editor add words to the plan; return how many acknowledged ones are not there at the end."""
    version_pk = complete_draft(cast).pk

    def edit(number):
        chance = random.Random(number)
        version = PlanVersion.objects.for_page().get(pk=version_pk)
        acknowledged = []
        while len(acknowledged) < saves:
            key, word = chance.choice(TEXTS), f"w{number}x{len(acknowledged)}."
            revision = SectionState.objects.get(version=version, key=key).revision
            text = Text.objects.get(version=version, key=key).body
            if save(version, key, f"{text} {word}", revision, cast.author):
                acknowledged.append(word)
        return acknowledged

    acknowledged = [word for words in at_once(editors, edit) for word in words]
    stored = set(" ".join(Text.objects.filter(version=version_pk).values_list("body", flat=True)).split())
    assert len(acknowledged) == editors * saves
    return len([word for word in acknowledged if word not in stored])


def test_no_acknowledged_save_of_20_editors_is_lost(cast):
    assert lost_saves(cast, guarded, editors=20, saves=50) == 0


def test_the_control_without_the_guard_loses_some(cast):
    assert lost_saves(cast, check_then_save, editors=20, saves=5) > 0


def sent_at_once(version, cast, browse, times):
    """Post the same sending many times at once; return the pages it leads to and how often it was done."""
    VERSION.perform(version, "ask_signature", by=cast.author)
    address = f"/plany/{version.plan_id}/wersje/{version.number}/ruch/send/"
    clients = [browse(cast.signatory) for _number in range(times)]
    answers = at_once(times, lambda number: clients[number].post(address))
    events = PlanEvent.objects.filter(version=version, event__kind="plans.version.send")
    return {(answer.status_code, answer.url) for answer in answers}, events.count()


def test_50_identical_submits_give_one_submission_and_the_same_page(cast, browse, figures):
    version, rounds = complete_draft(cast), figures(small=1, full=100)
    for _round in range(rounds):
        pages, count = sent_at_once(version, cast, browse, 50)

        assert pages == {(302, f"/plany/{version.plan_id}/")}
        assert count == 1
        version.refresh_from_db()
        VERSION.perform(version, "take_back", by=cast.lead, comment="Jeszcze raz")
        version = version.plan.latest()


def test_the_control_that_looks_at_the_state_before_it_sends_doubles(cast, browse, monkeypatch):
    """The page looks at the state as always; the engine neither claims it nor reads it anew."""
    monkeypatch.setattr(ProcessQuerySet, "claim", lambda self, obj, statuses: True)
    monkeypatch.setattr(PlanVersion, "refresh_from_db", lambda self: None)

    _pages, count = sent_at_once(complete_draft(cast), cast, browse, 5)

    assert count > 1


def test_a_save_against_sending_ends_in_exactly_one_acknowledged_text(cast, figures):
    version = complete_draft(cast)
    cast.setup.signature_required = False
    cast.setup.save()

    for number in range(figures(small=10, full=500)):
        version = PlanVersion.objects.for_page().get(pk=version.plan.latest().pk)
        old = Text.objects.get(version=version, key="wizja").body
        new = f"Wizja {number}"
        revision = SectionState.objects.get(version=version, key="wizja").revision

        def race(who):
            mine = PlanVersion.objects.for_page().get(pk=version.pk)  # noqa: B023
            if who == 0:
                return guarded(mine, "wizja", new, revision, cast.author)  # noqa: B023
            return VERSION.perform(mine, "send", by=cast.lead)

        saved, event = at_once(2, race)

        stored = PlanVersion.objects.for_page().get(pk=version.pk)
        assert Text.objects.get(version=stored, key="wizja").body == (new if saved else old)
        assert Content(stored).sha256() == event.data["sha256"] == stored.sha256
        VERSION.perform(stored, "take_back", by=cast.lead, comment="Jeszcze raz")


def test_two_moves_at_once_make_one_and_refuse_the_other(cast):
    version = complete_draft(cast)
    VERSION.perform(version, "ask_signature", by=cast.author)
    moves = [("recall", cast.lead), ("send", cast.signatory)]

    def move(number):
        name, person = moves[number]
        try:
            return VERSION.perform(PlanVersion.objects.for_page().get(pk=version.pk), name, by=person).kind
        except TransitionError:
            return None

    made = [kind for kind in at_once(2, move) if kind]

    assert len(made) == 1
