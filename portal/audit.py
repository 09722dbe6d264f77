"""Whether the chain of events is whole: nothing altered, removed, added or put in another order."""

from dataclasses import asdict, dataclass

from portal.models import ChainHead, Event, EventComment
from portal.models.event import companion_models

CHUNK = 1000


@dataclass(frozen=True)
class Finding:
    """The first entry that does not fit, and why."""

    entry: int
    what: str
    sentence: str

    as_dict = asdict


def altered(event, what):
    return Finding(
        event.sequence,
        "altered",
        f"Entry {event.sequence} ({event.kind}, {event.at:%Y-%m-%d %H:%M}) was altered or moved: {what}.",
    )


def removed(first, last):
    which = f"Entry {first} was" if first == last else f"Entries {first} to {last} were"
    return Finding(first, "removed", f"{which} removed.")


def chunks(up_to):
    """Give the events in their order, a thousand at a time; all of one chunk cost the same few queries."""
    done = 0
    events = Event.objects.filter(sequence__lte=up_to).order_by("sequence")
    while chunk := list(events.filter(sequence__gt=done)[:CHUNK]):
        yield chunk
        done = chunk[-1].sequence


def subjects(chunk):
    """Return what the companions say each event is about: event → list, of one where all is well."""
    found = {event.pk: [] for event in chunk}
    for model in companion_models():
        for companion in model.objects.filter(event__in=found):
            found[companion.event_id].append(companion.about())
    return found


def check(event, previous, about, words):
    """Return what is wrong with `event` after `previous`, its predecessor or nothing."""
    expected = previous.sequence + 1 if previous else 1
    if event.sequence != expected:
        return removed(expected, event.sequence - 1)
    if len(about) != 1:
        return altered(event, "what it is about is missing or doubled")
    if event.chained_digest(previous.digest if previous else "", about[0]) != event.digest:
        return altered(event, "its digest does not follow from its content and the entry before")
    # Words may have been erased; those that are there must be those that were typed.
    if words and EventComment.digest(words.salt, words.body) != event.comment_digest:
        return altered(event, "its words are not those that were given")
    return None


def verify():
    """Return (number of entries, the first finding or nothing)."""
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    previous, number = None, 0
    for chunk in chunks(head.sequence):
        about = subjects(chunk)
        comments = EventComment.objects.in_bulk(about)
        for event in chunk:
            if finding := check(event, previous, about[event.pk], comments.get(event.pk)):
                return number, finding
            previous, number = event, number + 1
    return number, check_end(head, previous)


def check_end(head, last):
    """Return what is wrong after the `last` entry: a cut tail, or entries the chain knows nothing of."""
    reached = last.sequence if last else 0
    if reached < head.sequence:
        return removed(reached + 1, head.sequence)
    if last and last.digest != head.digest:
        return altered(last, "the head of the chain holds another digest")
    foreign = Event.objects.filter(sequence__gt=head.sequence).order_by("sequence").first()
    # Entries written meanwhile have moved the head as well.
    if foreign and not ChainHead.objects.filter(pk=1, sequence__gte=foreign.sequence).exists():
        sentence = f"Entry {foreign.sequence} ({foreign.kind}) was added past the end of the chain."
        return Finding(foreign.sequence, "added", sentence)
    return None
