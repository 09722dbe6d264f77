"""Letters leave once, whatever happens to the senders or to the mail server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from portal import outbox
from portal.models import Message

pytestmark = pytest.mark.django_db


class RefusingBackend(EmailBackend):
    """A mail server that answers no."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("Connection refused")


def letter(number=0, **fields):
    """Write a ready-made letter, as those about signing in are."""
    return Message.objects.create(
        address=f"osoba{number}@example.org", subject="Hasło", body="Ustaw hasło.", **fields
    )


def refusing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"


def accepting(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_a_letter_whose_time_has_come_is_sent_once():
    message = letter()

    call_command("outbox", "--once")
    call_command("outbox", "--once")

    assert [(sent.to, sent.subject, sent.body) for sent in mail.outbox] == [
        ([message.address], "Hasło", "Ustaw hasło.")
    ]
    message.refresh_from_db()
    assert message.status == "sent"
    assert message.sent_at is not None


def test_the_words_of_a_ready_made_letter_are_gone_once_it_is_sent():
    message = letter()

    outbox.send_due()

    message.refresh_from_db()
    assert (message.subject, message.body) == ("", "")


def test_a_letter_keeps_its_identity_and_says_that_a_machine_wrote_it():
    message = letter()

    outbox.send_due()

    headers = mail.outbox[0].extra_headers
    assert headers == {
        "Message-ID": f"<{message.message_id}@testserver>",
        "Auto-Submitted": "auto-generated",
    }


def test_a_letter_waits_until_its_time():
    letter(ready_at=timezone.now() + timedelta(minutes=3))

    assert outbox.send_due() == 0
    assert outbox.send_due(timezone.now() + timedelta(minutes=4)) == 1


@pytest.mark.parametrize("status", ["held", "cancelled", "sent", "failed"])
def test_only_a_ready_letter_is_sent(status):
    letter(status=status, held_for="decyzja:1" if status == "held" else "")

    assert outbox.send_due(timezone.now() + timedelta(days=365)) == 0


@pytest.mark.parametrize("wrong", [{"status": "held"}, {"held_for": "decyzja:1"}])
def test_a_letter_is_held_for_something_or_not_held(wrong):
    with pytest.raises(IntegrityError):
        letter(**wrong)


def test_nobody_has_two_letters_held_for_the_same():
    letter(status="held", held_for="decyzja:1")
    letter(status="held", held_for="decyzja:2")

    with pytest.raises(IntegrityError):
        letter(status="held", held_for="decyzja:1")


def test_what_a_dead_sender_took_is_offered_again_after_ten_minutes():
    now = timezone.now()
    letter(claimed_at=now, attempts=1)

    assert outbox.send_due(now + timedelta(minutes=9)) == 0
    assert outbox.send_due(now + timedelta(minutes=11)) == 1
    assert len(mail.outbox) == 1


def test_a_refused_letter_stays_with_the_reason_and_is_tried_again(settings):
    message, now = letter(), timezone.now()
    refusing(settings)
    outbox.send_due(now)

    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == (
        "ready",
        1,
        "ConnectionRefusedError: Connection refused",
    )
    assert message.body == "Ustaw hasło."

    accepting(settings)
    assert outbox.send_due(now + timedelta(minutes=9)) == 0
    assert outbox.send_due(now + timedelta(minutes=11)) == 1
    message.refresh_from_db()
    assert (message.status, message.error) == ("sent", "")


def test_a_refused_letter_waits_ever_longer_and_is_given_up_after_eight_tries(settings):
    message, now = letter(), timezone.now()
    refusing(settings)
    waited = []
    for _ in range(8):
        outbox.send_due(now)
        minutes = 0
        while minutes < 2000 and not Message.objects.due(now + timedelta(minutes=minutes)).exists():
            minutes += 10
        waited.append(minutes)
        now += timedelta(minutes=minutes + 1)

    # Until the ten minutes are over the letter is not due, so the next step of ten is the first.
    assert waited == [20, 30, 50, 90, 170, 330, 650, 2000]
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("failed", 8)


def test_one_letter_that_cannot_be_written_does_not_stop_the_others():
    Message.objects.create(address="zepsuty@example.org", template="emails/no/such.txt")
    letter()

    outbox.send_due()

    assert [sent.to for sent in mail.outbox] == [["osoba0@example.org"]]


def test_an_idle_outbox_only_reads(django_assert_num_queries):
    letter(ready_at=timezone.now() + timedelta(hours=1))

    with django_assert_num_queries(1) as asked:
        outbox.send_due()

    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def send_by_two(send):
    """Run `send` in two senders that start together."""
    together = Barrier(2)

    def sender(_number):
        together.wait()
        try:
            send()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(sender, range(2)))


def send_without_claim(together):
    """The control: look, then send, then say so."""
    due = list(Message.objects.due(timezone.now()))
    together.wait()
    for message in due:
        outbox.send(message, timezone.now())


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(figures):
    count = figures(small=40, full=2000)
    for number in range(count):
        letter(number)

    send_by_two(outbox.send_due if count <= 200 else lambda: call_command("outbox", "--once"))

    addresses = [sent.to[0] for sent in mail.outbox]
    assert len(addresses) == count
    assert len(set(addresses)) == count


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_two_senders_that_do_not_claim_send_letters_twice():
    letter()
    both_have_looked = Barrier(2)

    send_by_two(lambda: send_without_claim(both_have_looked))

    assert len(mail.outbox) == 2
