"""The closing second and the last free place, with many people at once; each race has a control that fails.

Small counts here; `start.py soak` runs the full ones.
"""

import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from jst import applications, offers
from jst.models import Application, Call, JstEvent
from jst.workflow import APPLICATION
from portal.models import ChainHead, Event
from portal.workflow import TransitionError
from tests.factories import ApplicationFactory
from tests.jst.calls import decided, open_call, sent
from tests.plans.test_races import at_once

# SQLite has no queue of writers: as many at once there as the server has threads.
MOST_WRITERS = 40 if connection.vendor == "postgresql" else 8

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]


# --- The closing second ---------------------------------------------------------------------------


def drafts(cast, count):
    call = open_call(cast)
    pks = [ApplicationFactory(call=call).pk for _number in range(count)]
    return call, pks


def ring(call, seconds):
    """Let the call close so soon that some applications are in time and some are not."""
    Call.objects.filter(pk=call.pk).update(closes=timezone.now() + timedelta(seconds=seconds))


def pressed(send, pks, threads):
    """Send each application on some thread, all starting together; return the keys acknowledged."""

    def work(number):
        acknowledged = []
        for pk in pks[number::threads]:
            application = Application.objects.select_related("call__edition", "applicant", "jst").get(pk=pk)
            try:
                send(application, by=application.applicant)
                acknowledged.append(pk)
            except TransitionError:
                continue
        return acknowledged

    return [pk for keys in at_once(threads, work) for pk in keys]


def faults(call, acknowledged):
    """Return what is wrong with the applications that the call has received."""
    call.refresh_from_db()
    rows = Application.objects.filter(call=call, status=Application.Status.SENT)
    numbers = dict(rows.values_list("number", "pk"))
    kind = "jst.application.send"
    events = JstEvent.objects.filter(application__call=call, event__kind=kind).order_by("event__sequence")
    told = list(events.values_list("application", "event__data__number", "event__at"))
    found = []
    if set(numbers.values()) != set(acknowledged) or len(told) != len(acknowledged):
        found.append("acknowledged and stored differ")
    if sorted(numbers) != list(range(1, len(acknowledged) + 1)):
        found.append("numbers have a gap or stand twice")
    if [number for _pk, number, _at in told] != list(range(1, len(told) + 1)):
        found.append("numbers do not follow the commits")
    if any(at >= call.closes for _pk, _number, at in told):
        found.append("received after the bell")
    if [at for *_rest, at in told] != sorted(at for *_rest, at in told):
        found.append("times do not follow the numbers")
    return found


def test_applications_sent_in_the_closing_second_are_received_once_in_order_and_none_after_the_bell(
    cast, figures
):
    count, threads = figures(small=200, full=500), figures(small=8, full=MOST_WRITERS)
    call, pks = drafts(cast, count)
    ring(call, figures(small=0.7, full=4))

    acknowledged = pressed(applications.send, pks, threads)

    print(f"{len(acknowledged)} of {count} received before the bell")
    assert faults(call, acknowledged) == []
    assert 0 < len(acknowledged) < count


def test_of_as_many_sent_in_time_every_one_is_received_once(cast, figures):
    count, threads = figures(small=24, full=500), figures(small=8, full=MOST_WRITERS)
    call, pks = drafts(cast, count)

    acknowledged = pressed(applications.send, pks * 2, threads)

    assert sorted(acknowledged) == sorted(pks)
    assert faults(call, acknowledged) == []


def number_by_looking(application, *, by):
    """The control: the clock and the highest number are read first, and written later without a lock."""
    call = Call.objects.get(pk=application.call_id)
    now = timezone.now()
    if now >= call.closes:
        raise TransitionError("closed")
    last = Application.objects.filter(call=call).aggregate(last=Max("number"))["last"] or 0
    time.sleep(0.02)
    fields = {"number": last + 1, "sent_at": timezone.now(), "status": Application.Status.SENT}
    Application.objects.filter(pk=application.pk).update(**fields)


def test_the_control_that_numbers_by_looking_gives_a_number_twice(cast):
    call, pks = drafts(cast, 16)

    # The constraint refuses a number that stands already: nobody is acknowledged wrongly, but sending fails.
    with pytest.raises(Exception, match=r"(?i)unique"):
        pressed(number_by_looking, pks, 8)


def bell_before_the_lock(application, *, by):
    """The control: the bell is asked before one's turn comes, as a view would ask it."""
    if timezone.now() >= application.call.closes:
        raise TransitionError("closed")
    time.sleep(0.1)
    APPLICATION.perform(application, "send", by=by)


def test_the_control_that_asks_the_bell_before_its_turn_receives_after_it(cast):
    def found(seconds):
        call, pks = drafts(cast, 40)
        ring(call, seconds)
        return faults(call, pressed(bell_before_the_lock, pks, 8))

    # Where the machine is busy all of them may come too late, or all in time: then the bell rings otherwise.
    assert any("received after the bell" in found(seconds) for seconds in (0.25, 0.5, 1, 2, 4))


# --- The last free place --------------------------------------------------------------------------


def waiting_for_a_place(cast, count):
    """A call with free places for all of its reserve list, so that only the guard stops a second offer."""
    call = open_call(cast, places=count)
    return call, [decided(sent(call), "reserve", cast.coordinator).pk for _number in range(count)]


def offers_made(call):
    return Event.objects.filter(jstevent__call=call, kind="jst.application.offer").count()


def press_next(cast, call, people, offer):
    """Let so many people press the button on the same page at once; return how many were told it is done."""
    first = offers.first_on_reserve(call).pk

    def press(number):
        try:
            offer(Call.objects.get(pk=call.pk), to=first, by=cast.coordinator)
            return True
        except TransitionError:
            return False

    return sum(at_once(people, press))


def test_twenty_people_at_take_the_next_from_reserve_make_one_offer(cast, figures):
    for _round in range(figures(small=2, full=50)):
        call, _pks = waiting_for_a_place(cast, 4)

        told = press_next(cast, call, 20, offers.offer_next)

        assert (told, offers_made(call)) == (1, 1)
        assert Application.objects.filter(call=call, status=Application.Status.OFFERED).count() == 1


def offer_whoever_is_first(call, *, to, by):
    """The control: the place goes to whoever is first by now, not to whom the person saw."""
    with transaction.atomic():
        ChainHead.hold()
        if first := offers.first_on_reserve(call):
            offers.offer_next(call, to=first.pk, by=by)


def test_the_control_that_offers_whoever_is_first_makes_several_offers(cast):
    call, _pks = waiting_for_a_place(cast, 4)

    press_next(cast, call, 20, offer_whoever_is_first)

    assert offers_made(call) > 1


def test_of_an_answer_and_a_lapse_at_once_one_wins(cast, figures):
    for _round in range(figures(small=3, full=100)):
        call, (pk,) = waiting_for_a_place(cast, 1)
        offers.offer_next(call, to=pk, by=cast.coordinator)
        Application.objects.filter(pk=pk).update(offered_until=timezone.now() + timedelta(seconds=0.05))

        def race(who):
            if who == 0:
                time.sleep(0.05)
                return offers.lapse_offers()
            time.sleep(0.045)
            application = Application.objects.select_related("call__edition", "applicant").get(pk=pk)  # noqa: B023
            try:
                return offers.take(application, by=application.applicant) is not None
            except TransitionError:
                return False

        lapsed, taken = at_once(2, race)

        offers.lapse_offers()
        found = Application.objects.get(pk=pk)
        assert (found.status == "accepted") == bool(taken)
        assert found.status in {"accepted", "lapsed"}
        assert (found.participation_id is not None) == bool(taken)
