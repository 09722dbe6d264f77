"""Copying an edition: every date moves by the same number of days, nothing else is taken along."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from jst.editions import copy_edition, shift_of, shifted
from jst.models import Edition, Target
from plans.models import EditionSetup
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.factories import EditionFactory, JstFactory

pytestmark = pytest.mark.django_db


def local(*parts):
    return timezone.make_aware(datetime(*parts))


def copied(cast, **fields):
    given = {"name": "Edycja 2028", "slug": "edycja-2028", "since": date(2028, 1, 1), "by": cast.coordinator}
    return copy_edition(cast.setup.edition, **given | fields)


def test_a_copy_has_everything_of_its_model_but_units_and_moves_every_date(cast):
    model = cast.setup.edition
    region = JstFactory(kind="W")
    model.voivodeships.add(region)
    Target.objects.create(edition=model, indicator="people", value=90, women=50, men=40)
    EditionSetup.objects.filter(edition=model).update(deadline=local(2026, 10, 30, 23, 59, 59))

    copy = Edition.objects.get(pk=copied(cast).pk)

    same = ["project", "operator", "kind", "team_min", "team_max"]
    assert [getattr(copy, name) for name in same] == [getattr(model, name) for name in same]
    assert (copy.since, copy.until) == (date(2028, 1, 1), date(2029, 12, 30))
    assert list(copy.voivodeships.all()) == [region]
    assert list(copy.targets.values_list("indicator", "value", "women", "men")) == [("people", 90, 50, 40)]
    assert copy.setup.deadline == local(2028, 10, 29, 23, 59, 59)
    assert (copy.setup.template, copy.setup.criteria) == (cast.setup.template, cast.setup.criteria)
    assert not copy.participations.exists()
    assert EditionSetup.objects.get(edition=model).pk == cast.setup.pk


def test_a_copy_leaves_one_event_that_names_its_model(cast):
    copy = copied(cast)

    event = Event.objects.get()
    assert (event.kind, event.actor, event.jstevent.edition) == ("jst.edition.copy", cast.coordinator, copy)
    assert event.data == {"source": cast.setup.edition.pk, "days": 730}


@pytest.mark.parametrize(
    ("moment", "days", "then"),
    [
        # Over the change to winter time and back: the hour by the clock stays.
        ((2026, 10, 1, 23, 59, 59), 30, (2026, 10, 31, 23, 59, 59)),
        ((2026, 3, 1, 12, 0), 60, (2026, 4, 30, 12, 0)),
        # 29 February, and backwards.
        ((2028, 2, 29, 8, 0), 365, (2029, 2, 28, 8, 0)),
        ((2026, 11, 30, 8, 0), -60, (2026, 10, 1, 8, 0)),
    ],
)
def test_an_hour_stays_the_same_by_the_clock(moment, days, then):
    assert shifted(local(*moment), days) == local(*then)


def test_an_hour_that_the_change_of_time_skips_is_still_a_moment_of_that_night():
    moved = shifted(local(2026, 3, 22, 2, 30), 7)

    assert timezone.localtime(moved.astimezone(timezone.get_fixed_timezone(0))).hour in {1, 3}


def test_whole_weeks_keep_the_days_of_the_week(cast):
    edition = EditionFactory(since=date(2026, 3, 2))

    assert shift_of(edition, date(2027, 3, 2)) == 365
    assert shift_of(edition, date(2027, 3, 2), same_weekday=True) == 364


def test_only_coordinators_copy_and_a_short_name_is_used_once(cast):
    for person in (cast.operator, cast.auditor, cast.lead):
        with pytest.raises(NotAllowed):
            copied(cast, by=person)
    with pytest.raises(TransitionError):
        copied(cast, slug=cast.setup.edition.slug)
    assert Edition.objects.count() == 1


# --- The page -----------------------------------------------------------------------------------


def fields(**others):
    return {"name": "Edycja 2027", "slug": "edycja-2027", "since": "2027-01-04", "days": ""} | others


@pytest.fixture
def page(cast, browse):
    client = browse(cast.coordinator)
    return lambda **given: client.post(f"/edycje/{cast.setup.edition.slug}/kopia/", given)


def test_the_moved_dates_are_shown_before_anything_is_made(cast, page):
    shown = page(**fields())

    assert (shown.status_code, Edition.objects.count()) == (200, 1)
    assert [(now, then) for _label, now, then in shown.context["dates"]][:2] == [
        (date(2026, 1, 1), date(2027, 1, 4)),
        (date(2027, 12, 31), date(2029, 1, 2)),
    ]
    assert len(shown.context["dates"]) == 3


def test_what_was_shown_is_confirmed_and_made(cast, page):
    made = page(**fields(), confirmed="368")

    assert made.url == "/edycje/edycja-2027/"
    assert Edition.objects.get(slug="edycja-2027").since == date(2027, 1, 4)


def test_other_dates_than_those_shown_are_shown_first(cast, page):
    shown = page(**fields(since="2027-02-01"), confirmed="368")

    assert (shown.context["shift"], Edition.objects.count()) == (396, 1)


def test_days_and_weeks_are_another_way_to_say_it(cast, page):
    assert page(**fields(since="", days="365")).context["shift"] == 365
    assert page(**fields(since="", days="365", same_weekday="on")).context["shift"] == 364


@pytest.mark.parametrize(
    "wrong",
    [{"since": "", "days": ""}, {"days": "7"}, {"slug": "Ą"}, {"name": ""}, {"since": "", "days": "99999"}],
)
def test_what_cannot_be_read_is_said_at_the_form(cast, page, wrong):
    answer = page(**fields(**wrong), confirmed="368")

    assert (answer.status_code, Edition.objects.count()) == (422, 1)
