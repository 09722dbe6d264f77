"""R02: the server dies at any step of a request; sent again unchanged, it is done exactly once.

A forked copy of the process answers the request and kills itself at its n-th question to the database, or
just before or after it commits. Then the same request is sent again to a server that lives.
"""

import os
import signal
from random import Random
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client

from jst.models import Invitation
from plans.decisions import prepare_decision
from plans.models import Decision, Evidence, PlanEvent, PlanVersion, SectionRevision, Text
from portal.models import Event, Message
from tests.factories import ParticipationFactory
from tests.jst.invited import FIELDS
from tests.situations import complete_draft, hand_in, judged, plan_version, remark_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

KILLED, FINISHED = "killed", "finished"


def signed_in(person):
    client = Client()
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(number):
    """Kill this process at its step `number`: statements and both sides of each commit are steps."""
    steps = iter(range(number))

    def step():
        if next(steps, None) is None:
            die()

    def wrapper(execute, sql, params, many, context):
        step()
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(wrapper)
    commit = connection._commit

    def committed():
        step()
        commit()
        step()

    connection._commit = committed


def sent_and_killed(send, number):
    """Send the request in a copy of this process that dies at step `number`; tell whether it did."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            connection.ensure_connection()
            deadly(number)
            send()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return KILLED if os.WIFSIGNALED(status) else FINISHED


def elsewhere(cast):
    """The same people in another unit of the edition, whose plan is not begun."""
    participation = ParticipationFactory(edition=cast.participation.edition)
    for member in cast.participation.memberships.today():
        member.pk, member.participation = None, participation
        member.save()
    return SimpleNamespace(**vars(cast) | {"participation": participation})


# Each flow gives (send, effects, what they are once it is done); effects() counts all that it is there for.


def autosave(cast):
    version = complete_draft(cast)
    client = signed_in(cast.author)
    fields = {"body": "Nowa wizja.", "revision": 0, "request_key": "ten-sam-klucz"}

    def send():
        return client.post(f"/plany/{version.plan_id}/sekcje/wizja/", fields, headers={"HX-Request": "true"})

    def effects():
        saved = SectionRevision.objects.filter(version=version, key="wizja", outcome="saved").count()
        return saved, Text.objects.get(version=version, key="wizja").body == "Nowa wizja."

    return send, effects, (1, True)


def submit(cast):
    version = plan_version(cast, "awaiting_signature")
    client = signed_in(cast.signatory)

    def send():
        return client.post(f"/plany/{version.plan_id}/wersje/1/ruch/send/", {})

    def effects():
        found = PlanVersion.objects.get(pk=version.pk)
        sent = PlanEvent.objects.filter(version=version, event__kind="plans.version.send").count()
        letters = Message.objects.filter(event__planevent__version=version, event__kind="plans.version.send")
        return (
            sent,
            bool(found.register_number),
            letters.count() == letters.values("address").distinct().count(),
        )

    return send, effects, (1, True, True)


def give_back(cast):
    version = plan_version(cast, "in_review")
    remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get(), "return"))
    version.refresh_from_db()
    decision = prepare_decision(
        version, outcome="return", reason="Powód.", sections=["goals"], due=None, by=cast.coordinator
    )
    client = signed_in(cast.coordinator)

    def held():
        return Message.objects.filter(held_for=f"plans.version:{version.pk}")

    def send():
        stamp = f"{decision.pk}:{decision.prepared_at.isoformat()}"
        return client.post("/decyzje/", {"decision": stamp, "confirm": "1"})

    def effects():
        returned = PlanEvent.objects.filter(version=version, event__kind="plans.version.return").count()
        opened = PlanVersion.objects.filter(plan=version.plan_id, number=2).count()
        letters = Message.objects.filter(
            event__planevent__version=version, event__kind="plans.version.return"
        )
        told = set(letters.values_list("address", flat=True))
        return returned, opened, told, letters.count(), held().count()

    told = set(held().values_list("address", flat=True))
    return send, effects, (1, 1, told, len(told), 0)


def prepare(cast):
    version = plan_version(cast, "in_review")
    client = signed_in(cast.coordinator)
    words = {"outcome": "refuse", "reason": "Powód.", "seen": ""}

    def send():
        return client.post(f"/plany/{version.plan_id}/wersje/1/decyzja/", words)

    def effects():
        letters = Message.objects.filter(held_for=f"plans.version:{version.pk}")
        return Decision.objects.filter(version=version).count(), letters.count()

    # Four of the team and the reviewer; nobody cares for that unit.
    return send, effects, (1, 5)


def review(cast):
    version = plan_version(cast, "in_review")
    found = judged(version.reviews.get())
    client = signed_in(cast.reviewer)

    def send():
        return client.post(f"/recenzje/{found.pk}/hand_in/", {})

    def effects():
        return PlanEvent.objects.filter(review=found, event__kind="plans.review.hand_in").count()

    return send, effects, 1


def invite(cast):
    client = signed_in(cast.lead)
    email = f"nowa{cast.participation.pk}@example.org"

    def send():
        where = f"/zespoly/{cast.participation.pk}/zaproszenia/nowe/"
        return client.post(where, FIELDS | {"email": email})

    def effects():
        return Invitation.objects.filter(email=email).count(), Message.objects.filter(address=email).count()

    return send, effects, (1, 1)


def upload(cast):
    version = complete_draft(cast)
    client = signed_in(cast.author)
    words = {
        "uid": "3ee285ae-0714-4680-b884-c08b20b890d6",
        "kind": "minutes",
        "title": "Protokół",
        "proves": "",
    }

    def send():
        file = SimpleUploadedFile("protokol.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
        return client.post(f"/plany/{version.plan_id}/zalaczniki/", words | {"file": file})

    def effects():
        return Evidence.objects.filter(version=version).count()

    return send, effects, 1


FLOWS = [autosave, submit, prepare, give_back, review, invite, upload]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_a_request_that_dies_anywhere_is_done_once_when_sent_again(cast, figures, flow):
    step, outcomes, chance = 0, [], Random(2)
    while FINISHED not in outcomes:
        send, effects, once = flow(elsewhere(cast))
        outcomes.append(sent_and_killed(send, step))
        assert send().status_code < 500
        assert effects() == once, f"killed at step {step}"
        step += figures(small=chance.randint(8, 16), full=1)
    print(f"{flow.__name__}: {outcomes.count(KILLED)} deaths, done once each time")
    assert outcomes.count(KILLED) > 1


def test_the_control_without_a_key_is_done_twice(cast):
    """A letter written first and kept although its request dies is written again: the sweep sees it."""

    def send():
        Message.objects.create(address="ktos@example.org", subject="Temat", body="Treść")
        Event.objects.count()

    counts = []
    for number in range(8):
        Message.objects.all().delete()
        sent_and_killed(send, number)
        send()
        counts.append(Message.objects.count())
    assert 2 in counts
