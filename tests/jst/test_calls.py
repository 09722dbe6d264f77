"""The public pages of calls, the self-check, the terms of a call that has opened, and its copy."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jst.calls import copy_call
from jst.models import Call, EligibilityQuestion, JstEvent, Quota, ScoringCriterion
from jst.recruitment_times import remaining
from portal.models import Event
from portal.workflow import NotAllowed
from tests.factories import CallFactory, EditionFactory, JstFactory
from tests.jst.calls import close, open_call, scored, sent

pytestmark = pytest.mark.django_db


def question(call, **fields):
    given = {"text": "Czy organ prowadzi szkołę?", "consequence": "Zgłosić się może tylko organ prowadzący."}
    return EligibilityQuestion.objects.create(call=call, **given | fields)


def test_everybody_sees_open_scheduled_and_closed_calls_and_nobody_an_unpublished_one(cast, browse):
    now = timezone.now()
    names = {
        "Otwarty": open_call(cast, title="Otwarty"),
        "Przyszły": open_call(cast, title="Przyszły", opens=now + timedelta(days=3)),
        "Zamknięty": open_call(cast, title="Zamknięty", closes=now - timedelta(days=3)),
        "Ukryty": open_call(cast, title="Ukryty", is_published=False),
    }
    page = browse(None).get("/nabory/").content.decode()

    assert [title in page for title in names] == [True, True, True, False]
    assert browse(None).get("/nabory/" + names["Ukryty"].slug + "/").status_code == 404
    assert browse(cast.operator).get("/nabory/" + names["Ukryty"].slug + "/").status_code == 200


def test_the_page_of_a_call_tells_its_times_criteria_and_quotas(cast, browse):
    call = open_call(cast, closes=timezone.make_aware(datetime(2030, 5, 6, 15, 30)))
    ScoringCriterion.objects.create(call=call, label="Potrzeby szkół", description="Opis.", max_points=7)
    Quota.objects.create(call=call, kind="GW", limit=4)

    page = browse(None).get(call.get_absolute_url()).content.decode()

    for words in ["15:30", "Polish time", "Potrzeby szkół", "Rural gmina", "closes in", "7"]:
        assert words in page


def test_a_call_is_open_from_its_first_second_until_before_its_last():
    at = timezone.make_aware(datetime(2026, 3, 1, 12))
    call = Call(opens=at, closes=at + timedelta(hours=1))

    second = timedelta(seconds=1)
    moments = [at - second, at, at + timedelta(minutes=59), at + timedelta(hours=1)]
    assert [call.phase(moment) for moment in moments] == ["scheduled", "open", "open", "closed"]


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"days": 3, "hours": 4, "minutes": 5}, "3 days and 4 hours"),
        ({"hours": 1, "minutes": 2}, "1 hour and 2 minutes"),
        ({"minutes": 9}, "9 minutes"),
        ({"seconds": 20}, "less than a minute"),
        ({"days": 1}, "1 day"),
    ],
)
def test_the_time_left_is_told_in_its_two_largest_parts(left, words):
    now = timezone.now()

    assert remaining(now + timedelta(**left), now) == words


# --- Self-check ---------------------------------------------------------------------------------


def test_the_self_check_says_why_a_unit_may_not_apply_and_stores_nothing(cast, browse):
    call = open_call(cast)
    asked = question(call)
    second = question(
        call, text="Czy trwa likwidacja?", expects_yes=False, consequence="Likwidacja wyklucza."
    )
    address = reverse("jst:self_check", args=[call.slug])
    client = browse(None)
    events = Event.objects.count()

    good = client.get(address, {f"p{asked.pk}": "tak", f"p{second.pk}": "nie"})
    bad = client.get(address, {f"p{asked.pk}": "nie", f"p{second.pk}": "nie"})

    assert "The unit may apply" in good.content.decode()
    assert asked.consequence in bad.content.decode()
    assert second.consequence not in bad.content.decode()
    assert Event.objects.count() == events
    assert client.session.keys() == set()


def test_a_question_left_out_is_asked_again_with_a_link_to_it(cast, browse):
    call = open_call(cast)
    asked = question(call)

    response = browse(None).get(reverse("jst:self_check", args=[call.slug]), {"wynik": "1"})

    assert response.status_code == 422
    assert f'href="#id_p{asked.pk}_tak"' in response.content.decode()


# --- Terms --------------------------------------------------------------------------------------


def admin_form(client, call):
    """Return what the admin's form of a call holds."""
    form = client.get(reverse("admin:jst_call_change", args=[call.pk])).context["adminform"].form
    formsets = client.get(reverse("admin:jst_call_change", args=[call.pk])).context["inline_admin_formsets"]
    data = {}
    for bound in form:
        value = bound.value()
        if hasattr(value, "astimezone"):
            local = timezone.localtime(value)
            data |= {f"{bound.html_name}_0": f"{local:%d.%m.%Y}", f"{bound.html_name}_1": f"{local:%H:%M:%S}"}
        elif value not in (None, False):
            data[bound.html_name] = value
    for wrapped in formsets:
        data |= {field.html_name: field.value() for field in wrapped.formset.management_form}
        for row in wrapped.formset.forms:
            data |= {field.html_name: field.value() for field in row if field.value() not in (None, False)}
    return data


@pytest.mark.parametrize(("reason", "points"), [("", 7), ("Omyłka pisarska", 9)])
def test_an_opened_call_changes_its_criteria_only_with_a_reason_that_stays(cast, browse, reason, points):
    call = open_call(cast)
    ScoringCriterion.objects.create(call=call, label="Potrzeby", max_points=7)
    client = browse(cast.coordinator)
    data = admin_form(client, call) | {"criteria-0-max_points": 9, "reason": reason}

    client.post(reverse("admin:jst_call_change", args=[call.pk]), data)

    assert call.criteria.get().max_points == points
    told = JstEvent.objects.filter(call=call, event__kind="jst.call.change").select_related("event__words")
    assert [one.event.comment for one in told] == ([reason] if reason else [])
    if reason:
        before, after = told.get().event.data["changed"]["criteria"]
        assert (before[0][2], after[0][2]) == (7, 9)


def test_no_criterion_gives_less_than_was_given_already(cast, browse):
    call = open_call(cast)
    criterion = ScoringCriterion.objects.create(call=call, label="Potrzeby", max_points=7)
    scored(sent(call), cast.coordinator, points=7)
    client = browse(cast.coordinator)
    data = admin_form(client, call) | {"criteria-0-max_points": 5, "reason": "Omyłka"}

    client.post(reverse("admin:jst_call_change", args=[call.pk]), data)

    criterion.refresh_from_db()
    assert criterion.max_points == 7


def test_a_call_that_has_not_opened_changes_freely(cast, browse):
    call = open_call(cast, opens=timezone.now() + timedelta(days=1))
    client = browse(cast.coordinator)

    client.post(reverse("admin:jst_call_change", args=[call.pk]), admin_form(client, call) | {"places": 9})

    call.refresh_from_db()
    assert call.places == 9
    assert not JstEvent.objects.filter(call=call).exists()


def test_a_copy_has_the_same_terms_later_and_is_shown_to_nobody_yet(cast):
    winter = timezone.make_aware(datetime(2026, 1, 10, 16))
    call = open_call(cast, opens=winter, closes=winter + timedelta(days=5), last_number=7)
    question(call)
    ScoringCriterion.objects.create(call=call, label="Potrzeby", max_points=7)
    Quota.objects.create(call=call, voivodeship=JstFactory(code="14", kind="W", name="mazowieckie"), limit=3)

    copied = copy_call(call, EditionFactory(), timedelta(days=180), cast.coordinator)

    assert timezone.localtime(copied.opens).replace(tzinfo=None) == datetime(2026, 7, 9, 16)
    assert (copied.is_published, copied.last_number, copied.places) == (False, 0, call.places)
    assert [copied.questions.count(), copied.criteria.count(), copied.quotas.count()] == [1, 1, 1]
    assert [call.questions.count(), call.criteria.count(), call.quotas.count()] == [1, 1, 1]


def test_an_operator_copies_only_into_its_own_editions(cast):
    with pytest.raises(NotAllowed):
        copy_call(open_call(cast), EditionFactory(), timedelta(days=365), cast.operator)


def test_the_list_of_calls_costs_the_same_with_3_and_with_30(cast, browse, django_assert_num_queries):
    client = browse(None)
    for count in (3, 27):
        for _number in range(count):
            CallFactory()
        with django_assert_num_queries(1):
            client.get("/nabory/")


def test_the_menu_leads_everybody_to_the_calls(browse, cast):
    close(open_call(cast))

    assert 'href="/nabory/"' in browse(None).get("/kontakt/").content.decode()
