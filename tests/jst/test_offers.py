"""The reserve list: its order, offers, their lapse to the second, and replacing a unit that leaves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from jst import applications, offers
from jst.models import Application, Invitation, JstEvent, Participation
from jst.quotas import free_places
from portal import outbox
from portal.models.user import SYSTEM_EMAIL
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.jst.calls import decided, fresh, offered, open_call, sent

pytestmark = pytest.mark.django_db


def reserve(cast, call, **fields):
    return decided(sent(call), "reserve", cast.coordinator, **fields)


def order(call):
    return list(Application.objects.waiting_list(call).values_list("pk", flat=True))


def run_out(application):
    Application.objects.filter(pk=application.pk).update(offered_until=timezone.now())
    application.refresh_from_db()


def test_the_reserve_list_is_ordered_and_a_place_in_it_may_be_chosen(cast):
    call = open_call(cast)
    first, second = reserve(cast, call), reserve(cast, call)
    third = reserve(cast, call, position=2)
    last = reserve(cast, call, position=99)

    assert order(call) == [first.pk, third.pk, second.pk, last.pk]
    positions = Application.objects.waiting_list(call).values_list("position", flat=True)
    assert list(positions) == [1, 2, 3, 4]


def test_the_next_is_offered_the_place_by_one_button_and_a_letter(cast, browse):
    call = open_call(cast, offer_days=3)
    first, second = reserve(cast, call), reserve(cast, call)
    client = browse(cast.operator)
    address = reverse("jst:reserve_next", args=[call.slug])
    assert f'value="{first.pk}"' in client.get(address).content.decode()

    client.post(address, {"to": first.pk})

    found = fresh(first)
    assert (found.status, fresh(second).status) == ("offered", "reserve")
    lasts = found.offered_until - timezone.now()
    assert timedelta(days=2, hours=23) < lasts <= timedelta(days=3)
    outbox.send_due(timezone.now() + timedelta(minutes=5))
    letter = [one for one in mail.outbox if one.to == [first.applicant.email]][-1]
    assert reverse("jst:application_offer", args=[first.pk]) in letter.body


def test_an_old_page_does_not_offer_the_place_to_somebody_not_seen_there(cast, browse):
    call = open_call(cast)
    first, second = reserve(cast, call), reserve(cast, call)
    client = browse(cast.coordinator)
    address = reverse("jst:reserve_next", args=[call.slug])

    for _press in range(3):
        client.post(address, {"to": first.pk})

    assert [fresh(one).status for one in (first, second)] == ["offered", "reserve"]


def test_whoever_leaves_the_reserve_list_lets_the_others_move_up(cast):
    call = open_call(cast)
    first, second, third = (reserve(cast, call) for _number in range(3))
    offers.offer_next(call, to=first.pk, by=cast.coordinator)
    moved = [fresh(one).position for one in (first, second, third)]

    applications.withdraw(second, by=second.applicant)

    assert moved == [None, 1, 2]
    assert [fresh(one).position for one in (second, third)] == [None, 1]


def test_without_a_free_place_nothing_is_offered(cast):
    call = open_call(cast, places=1)
    decided(sent(call), "accept", cast.coordinator)
    waiting = reserve(cast, call)

    with pytest.raises(TransitionError, match="places"):
        offers.offer_next(call, to=waiting.pk, by=cast.coordinator)


def test_taking_the_place_enters_the_unit_in_the_name_of_who_offered_it(cast, browse):
    application = offered(cast, open_call(cast))

    response = browse(application.applicant).post(
        reverse("jst:application_offer", args=[application.pk]), {"answer": "take"}
    )

    found = fresh(application)
    assert (response.url, found.status) == (found.get_absolute_url(), "accepted")
    qualified = JstEvent.objects.get(
        participation=found.participation_id, event__kind="jst.participation.qualify"
    )
    assert qualified.event.actor == cast.coordinator
    assert Invitation.objects.filter(participation=found.participation_id).count() == 2


def test_looking_at_the_offer_answers_nothing(cast, browse):
    application = offered(cast, open_call(cast))

    for _look in range(5):
        browse(application.applicant).get(reverse("jst:application_offer", args=[application.pk]))

    assert fresh(application).status == "offered"


def test_a_place_given_up_is_free_for_the_next(cast):
    call = open_call(cast, places=1)
    application = offered(cast, call)
    waiting = reserve(cast, call)

    offers.decline(application, by=application.applicant, reason="Brak rąk")
    offers.offer_next(call, to=waiting.pk, by=cast.coordinator)

    assert [fresh(one).status for one in (application, waiting)] == ["withdrawn", "offered"]


@pytest.mark.parametrize("answer", ["take", "decline"])
def test_an_offer_past_its_time_is_not_answered_even_before_its_lapse_is_recorded(cast, answer):
    application = offered(cast, open_call(cast))
    run_out(application)

    with pytest.raises(TransitionError, match="over"):
        getattr(offers, answer)(application, by=application.applicant)

    assert fresh(application).status == "offered"
    assert not Participation.objects.filter(jst=application.jst).exists()


def test_an_offer_past_its_time_keeps_no_place(cast):
    call = open_call(cast, places=1)
    application = offered(cast, call)
    before = free_places(call)
    run_out(application)

    assert (before, free_places(call)) == (0, 1)


def test_the_loop_of_jobs_records_the_lapse_once_and_tells_both_sides(cast):
    application = offered(cast, open_call(cast))
    run_out(application)

    for _turn in range(2):
        call_command("jobs", "--once")

    event = JstEvent.objects.get(event__kind="jst.application.lapse").event
    assert (fresh(application).status, event.actor.email) == ("lapsed", SYSTEM_EMAIL)
    told = set(event.messages.values_list("address", flat=True))
    assert told == {application.applicant.email, cast.coordinator.email}


def test_an_offer_that_stands_is_not_lapsed_by_anybody(cast):
    application = offered(cast, open_call(cast))

    assert offers.lapse_offers() == 0
    assert fresh(application).status == "offered"


def test_only_the_applicant_answers(cast, browse):
    application = offered(cast, open_call(cast))

    for person in (cast.coordinator, cast.lead):
        with pytest.raises(NotAllowed):
            offers.take(application, by=person)
        answer = browse(person).post(
            reverse("jst:application_offer", args=[application.pk]), {"answer": "take"}
        )
        assert answer.status_code in (403, 404)


def test_an_offer_is_answered_once(cast):
    application = offered(cast, open_call(cast))
    offers.take(application, by=application.applicant)

    with pytest.raises(AlreadyMoved):
        offers.decline(application, by=application.applicant)


def test_the_desk_tells_the_applicant_of_the_offer_and_the_runner_of_a_free_place(cast, browse):
    call = open_call(cast)
    application = offered(cast, call)
    reserve(cast, call)

    offer = reverse("jst:application_offer", args=[application.pk])
    assert offer in browse(application.applicant).get("/moje/").content.decode()
    assert (
        reverse("jst:reserve_next", args=[call.slug]) in browse(cast.operator).get("/moje/").content.decode()
    )


# --- Replacing ----------------------------------------------------------------------------------


@pytest.fixture
def full(cast):
    """A call whose only place is taken, and the application that waits for it."""
    call = open_call(cast, places=1)
    taken = decided(sent(call), "accept", cast.coordinator)
    return call, taken, reserve(cast, call)


def end_page(taken, way="rezygnacja"):
    return reverse("jst:participation_end", args=[taken.participation_id, way])


def given(**fields):
    return {"on": f"{timezone.localdate():%d.%m.%Y}", "reason": "Rada zdecydowała inaczej."} | fields


@pytest.mark.parametrize(("way", "status"), [("rezygnacja", "withdrew"), ("wykluczenie", "excluded")])
def test_a_unit_that_leaves_is_replaced_in_one_step(cast, browse, full, way, status):
    call, taken, waiting = full

    response = browse(cast.operator).post(end_page(taken, way), given(replace="on"))

    participation = Participation.objects.get(pk=taken.participation_id)
    assert response.url == participation.get_absolute_url()
    assert (participation.status, participation.until) == (status, timezone.localdate())
    assert fresh(waiting).status == "offered"
    page = browse(cast.operator).get(participation.get_absolute_url()).content.decode()
    assert "Rada zdecydowała inaczej." in page


def test_a_unit_may_leave_without_being_replaced(cast, browse, full):
    call, taken, waiting = full

    browse(cast.coordinator).post(end_page(taken), given())

    assert (fresh(waiting).status, free_places(call)) == ("reserve", 1)


def test_where_the_offer_cannot_be_made_the_unit_stays(cast, full):
    call, taken, waiting = full
    other = reserve(cast, call)

    with pytest.raises(TransitionError):
        offers.replace(
            taken.participation,
            "withdraw",
            on=timezone.localdate(),
            reason="Rezygnacja",
            by=cast.coordinator,
            offer_to=other.pk,
        )

    assert Participation.objects.get(pk=taken.participation_id).status == "qualified"


def test_a_reason_and_a_day_that_has_come_are_needed(cast, browse, full):
    _call, taken, _waiting = full
    client = browse(cast.coordinator)
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d.%m.%Y}"

    answers = [
        client.post(end_page(taken), given(**one)).status_code for one in ({"reason": ""}, {"on": tomorrow})
    ]

    assert answers == [422, 422]
    assert Participation.objects.get(pk=taken.participation_id).status == "qualified"


def test_an_unknown_way_to_end_is_missing(cast, browse, full):
    assert browse(cast.coordinator).get(end_page(full[1], "ukonczenie")).status_code == 404
