"""Letters: queued with the event, or held until it comes; written out and sent later, safe to run twice."""

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
HELD = Message.Status.HELD


def addressees(event):
    """Return {address: person} of those told of `event`, but for who acted; None where there is no account.

    An app's RECIPIENTS gives users or plain addresses.
    """
    found = {}
    for recipients in conventions.merged("notifications", "RECIPIENTS")[event.kind]:
        for recipient in recipients(event):
            if isinstance(recipient, str):
                found[recipient] = None
            elif recipient.pk != event.actor_id and recipient.is_active:
                found[recipient.email] = recipient
    return found


def template_of(event):
    return f"emails/{event.kind.replace('.', '/', 1)}.txt"


def queue(event):
    """Write one letter for each recipient of `event`; the person who acted is not written to.

    Letters wait `DELAY` unless the kind is in the app's AT_ONCE. Those that were held for the event go
    with it; whoever is told now and had none gets one, and whoever is not told any more loses it.
    """
    at_once = {kind for kinds in conventions.offered("notifications", "AT_ONCE") for kind in kinds}
    ready_at = timezone.now() if event.kind in at_once else timezone.now() + DELAY
    letters = addressees(event)
    for address in let_go(event, letters, ready_at):
        del letters[address]
    template = template_of(event)
    Message.objects.bulk_create(
        Message(event=event, template=template, recipient=person, address=address, ready_at=ready_at)
        for address, person in letters.items()
    )


# --- Held ---------------------------------------------------------------------------------------


def held_for(event):
    """Return what letters about such an event wait for, as its app names it; empty where none are held."""
    return next(
        (name(event) for name in conventions.merged("notifications", "HELD_FOR")[event.kind]),
        "",
    )


def hold(event):
    """Write the letters of an event still to come, instead of those held for it so far.

    `event` is not stored: it says what will happen, and to what. None of them is sent before it has.
    """
    drop_held(event)
    key, template = held_for(event), template_of(event)
    Message.objects.bulk_create(
        Message(template=template, recipient=person, address=address, status=HELD, held_for=key)
        for address, person in addressees(event).items()
    )


def drop_held(event):
    """Remove the letters held for an event that will not come, or not so."""
    Message.objects.filter(status=HELD, held_for=held_for(event)).delete()


def let_go(event, letters, ready_at):
    """Bind the letters held for `event` to it, now that it has come; return their addresses.

    Those of people who are not among the `letters` any more are removed.
    """
    key = held_for(event)
    if not key:
        return []
    held = Message.objects.filter(status=HELD, held_for=key)
    rows = held.values_list("pk", "address", "recipient")
    kept = {
        pk: address for pk, address, person in rows if address in letters and is_of(letters[address], person)
    }
    held.exclude(pk__in=kept).delete()
    held.update(
        event=event, template=template_of(event), status=Message.Status.READY, held_for="", ready_at=ready_at
    )
    return list(kept.values())


def is_of(recipient, key):
    """An address may have passed to somebody else since the letter was written."""
    return (recipient.pk if recipient else None) == key


# --- Sending ------------------------------------------------------------------------------------


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
    return written(message.template, letter_context(message))


def written(template, context):
    """Return (subject, body) of a letter, as it is sent."""
    text = render_to_string(template, context)
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
