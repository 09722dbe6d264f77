"""The chain of events shows whatever was done to it behind the portal's back."""

import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Value
from django.db.models.functions import Concat

from jst.models import JstEvent
from portal import audit
from portal.models import ChainHead, Event, EventComment
from portal.models.event import record
from tests.factories import ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db


def history(count):
    """Write so many events about two participations and return them."""
    actor, about = UserFactory(), [ParticipationFactory(), ParticipationFactory()]
    return [
        record(
            "jst.participation.begin",
            by=actor,
            about=JstEvent(participation=about[number % 2]),
            old="qualified",
            new="in_progress",
            comment=f"Powód {number}",
            data={"number": number},
        )
        for number in range(1, count + 1)
    ]


def forget(event):
    """Remove an event as somebody with the database in hand would."""
    EventComment.objects.filter(event=event).delete()
    JstEvent.objects.filter(event=event).delete()
    Event.objects.filter(pk=event.pk).delete()


def found():
    """Return (entry, what) as the audit names it, or nothing."""
    _number, finding = audit.verify()
    return (finding.entry, finding.what) if finding else None


def test_an_untouched_history_is_whole(capsys):
    history(5)

    call_command("audit", "verify")

    assert capsys.readouterr().out == "The history is whole: 5 entries.\n"


def test_an_empty_history_is_whole():
    assert audit.verify() == (0, None)


ALTERATIONS = {
    "kind": lambda event: Event.objects.filter(pk=event.pk).update(kind="jst.participation.end"),
    "at": lambda event: Event.objects.filter(pk=event.pk).update(at="2020-01-01T00:00Z"),
    "actor": lambda event: Event.objects.filter(pk=event.pk).update(actor=UserFactory()),
    "old status": lambda event: Event.objects.filter(pk=event.pk).update(old_status="withdrew"),
    "new status": lambda event: Event.objects.filter(pk=event.pk).update(new_status="withdrew"),
    "data": lambda event: Event.objects.filter(pk=event.pk).update(data={"number": 0}),
    "digest": lambda event: Event.objects.filter(pk=event.pk).update(digest="0" * 64),
    "digest of the words": lambda event: Event.objects.filter(pk=event.pk).update(comment_digest=""),
    "words": lambda event: EventComment.objects.filter(event=event).update(
        body=Concat(F("body"), Value("."))
    ),
    "salt": lambda event: EventComment.objects.filter(event=event).update(salt=""),
    "what it is about": lambda event: JstEvent.objects.filter(event=event).update(
        participation=ParticipationFactory()
    ),
    "companion gone": lambda event: JstEvent.objects.filter(event=event).delete(),
}


@pytest.mark.parametrize("part", ALTERATIONS)
def test_any_altered_part_is_found_in_the_entry_where_it_is(part):
    events = history(6)

    ALTERATIONS[part](events[3])

    assert found() == (4, "altered")


def test_a_removed_entry_is_named():
    forget(history(6)[3])

    assert found() == (4, "removed")


def test_removed_entries_at_the_start_are_named():
    events = history(6)
    forget(events[0])
    forget(events[1])

    _number, finding = audit.verify()

    assert finding.sentence == "Entries 1 to 2 were removed."


def test_a_removed_entry_is_named_where_the_others_were_renumbered():
    events = history(6)
    forget(events[3])
    for event in events[4:]:
        Event.objects.filter(pk=event.pk).update(sequence=event.sequence - 1)
    ChainHead.objects.update(sequence=5)

    assert found() == (4, "altered")


def test_two_entries_that_changed_places_are_found():
    events = history(6)
    third, fourth = events[2], events[3]
    Event.objects.filter(pk=third.pk).update(sequence=100)
    Event.objects.filter(pk=fourth.pk).update(sequence=3)
    Event.objects.filter(pk=third.pk).update(sequence=4)

    assert found() == (3, "altered")


def test_a_cut_tail_is_found():
    events = history(6)
    forget(events[4])
    forget(events[5])

    assert found() == (5, "removed")


def test_an_entry_added_past_the_end_is_found():
    event = history(3)[2]
    event.pk, event.sequence = None, 4
    event.save(force_insert=True)

    assert found() == (4, "added")


def test_a_changed_head_is_found():
    history(3)
    ChainHead.objects.update(digest="0" * 64)

    assert found() == (3, "altered")


def test_erased_words_leave_the_history_whole():
    events = history(3)

    EventComment.objects.filter(event=events[1]).delete()

    assert audit.verify() == (3, None)


def test_the_command_says_in_one_sentence_what_it_found_and_fails():
    forget(history(3)[1])

    with pytest.raises(CommandError, match=r"^Entry 2 was removed\.$") as failed:
        call_command("audit", "verify")

    assert failed.value.returncode == 1


def test_the_command_prints_one_json_document(capsys):
    forget(history(3)[1])

    with pytest.raises(CommandError):
        call_command("audit", "verify", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "entries": 1,
        "whole": False,
        "finding": {"entry": 2, "what": "removed", "sentence": "Entry 2 was removed."},
    }


def test_the_queries_do_not_grow_with_the_entries(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(audit, "CHUNK", 10)
    history(10)
    with django_assert_num_queries(11):
        audit.verify()
    history(10)
    # The second chunk: its events, its companions of all apps, its words.
    with django_assert_num_queries(19):
        audit.verify()


def test_every_one_of_many_random_edits_is_found(figures):
    """T25: whatever single field is edited, the entry is named."""
    chance = random.Random(25)
    events = history(40)
    for _ in range(figures(small=30, full=1000)):
        event = chance.choice(events)
        field = chance.choice(["kind", "old_status", "new_status", "digest", "comment_digest"])
        before = getattr(event, field)
        Event.objects.filter(pk=event.pk).update(**{field: before[:-1] + chance.choice("!?")})
        assert found() == (event.sequence, "altered")
        Event.objects.filter(pk=event.pk).update(**{field: before})
    assert audit.verify() == (40, None)
