"""Letters: queued with the event, written out and sent later, safe to run twice at once."""

import logging
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from portal import conventions
from portal.models import Message

log = logging.getLogger(__name__)

# A wrong click undone within minutes sends nothing.
DELAY = timedelta(minutes=3)


def queue(event):
    """Write one letter for each recipient of `event`; the person who acted is not written to.

    An app's RECIPIENTS gives users or plain addresses. Letters wait `DELAY` unless the kind is in the
    app's AT_ONCE.
    """
    at_once = {kind for kinds in conventions.offered("notifications", "AT_ONCE") for kind in kinds}
    ready_at = timezone.now() if event.kind in at_once else timezone.now() + DELAY
    letters = {}
    for recipients in conventions.merged("notifications", "RECIPIENTS")[event.kind]:
        for recipient in recipients(event):
            if isinstance(recipient, str):
                letters[recipient] = None
            elif recipient.pk != event.actor_id and recipient.is_active:
                letters[recipient.email] = recipient
    template = f"emails/{event.kind.replace('.', '/', 1)}.txt"
    Message.objects.bulk_create(
        Message(event=event, template=template, recipient=person, address=address, ready_at=ready_at)
        for address, person in letters.items()
    )


def letter_context(message):
    """Return the words a letter's template needs, from the app that named the kind."""
    context = {"origin": settings.PORTAL_ORIGIN, "event": message.event, "recipient": message.recipient}
    for make in conventions.merged("notifications", "CONTEXT")[message.event.kind]:
        context |= make(message.event, message.recipient)
    return context


def render(message):
    """Return (subject, body): the first line of the template is the subject."""
    if message.body:
        return message.subject, message.body
    text = render_to_string(message.template, letter_context(message))
    subject, _separator, body = text.partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"


def send_due(now=None, limit=200):
    """Send the letters whose time has come, oldest first; return how many were tried."""
    now = now or timezone.now()
    tried = 0
    for message in Message.objects.due(now).select_related("recipient").order_by("pk")[:limit]:
        unclaimed = Q(claimed_at=message.claimed_at) if message.claimed_at else Q(claimed_at=None)
        mine = Message.objects.filter(unclaimed, pk=message.pk, status=Message.Status.READY)
        if mine.update(claimed_at=now, attempts=F("attempts") + 1):
            send(message, now)
            tried += 1
    return tried


def next_claim(now, attempts):
    """Return the time of claim that offers a refused letter again after 10, 20, 40 … minutes.

    A letter is due `RETRY_AFTER` after its claim. Its `ready_at` stays, so that its age can be seen.
    """
    return now + Message.RETRY_AFTER * (2 ** (attempts - 1) - 1)


def send(message, now):
    """Send one claimed letter; a refusal is kept with its reason and tried again later."""
    update = partial(_update, message)
    if message.recipient and not message.recipient.is_active:
        update(status=Message.Status.CANCELLED)
        return
    try:
        subject, body = render(message)
        domain = settings.PORTAL_ORIGIN.partition("://")[2].partition(":")[0]
        EmailMessage(
            subject,
            body,
            to=[message.address],
            headers={"Message-ID": f"<{message.message_id}@{domain}>", "Auto-Submitted": "auto-generated"},
        ).send()
    except Exception as error:
        # Whatever went wrong, the letter stays and staff can see why; other letters go on.
        log.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        attempts = message.attempts + 1
        given_up = attempts >= Message.MAX_ATTEMPTS
        update(
            status=Message.Status.FAILED if given_up else Message.Status.READY,
            claimed_at=next_claim(now, attempts),
            error=f"{type(error).__name__}: {error}"[:300],
        )
    else:
        update(status=Message.Status.SENT, sent_at=timezone.now(), subject="", body="", error="")


def _update(message, **fields):
    Message.objects.filter(pk=message.pk).update(**fields)
