"""Until when a plan may be sent: in Polish time, to the second, also when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from plans.deadlines import deadline_of, end_of_day
from plans.models import ChangeRequest, DeadlineExtension, PlanVersion
from plans.obstacles import past_deadline
from plans.workflow import VERSION
from portal.workflow import TransitionError
from tests.situations import complete_draft, plan_version

pytestmark = pytest.mark.django_db


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "last_second"),
    [
        (date(2026, 7, 1), utc(2026, 7, 1, 21, 59, 59)),
        (date(2026, 12, 1), utc(2026, 12, 1, 22, 59, 59)),
        # The day on which the clocks go back has 25 hours, the one on which they go forward 23.
        (date(2026, 10, 25), utc(2026, 10, 25, 22, 59, 59)),
        (date(2027, 3, 28), utc(2027, 3, 28, 21, 59, 59)),
    ],
)
def test_a_due_day_lasts_until_its_midnight_in_poland(day, last_second):
    assert end_of_day(day) == last_second


def set_deadline(cast, moment):
    cast.setup.deadline = moment
    cast.setup.save()


@pytest.mark.parametrize(("seconds", "sends"), [(60, True), (-1, False)])
def test_the_first_version_is_sent_until_the_deadline_of_the_edition(cast, seconds, sends):
    version = complete_draft(cast)
    VERSION.perform(version, "ask_signature", by=cast.author)
    set_deadline(cast, timezone.now() + timedelta(seconds=seconds))
    version = PlanVersion.objects.for_page().get(pk=version.pk)

    if sends:
        VERSION.perform(version, "send", by=cast.signatory)
    else:
        with pytest.raises(TransitionError):
            VERSION.perform(version, "send", by=cast.signatory)

    assert version.status == ("sent" if sends else "awaiting_signature")


def test_an_extension_moves_the_deadline_of_one_plan(cast):
    version = complete_draft(cast)
    set_deadline(cast, timezone.now() - timedelta(days=1))
    later = timezone.now() + timedelta(days=3)
    DeadlineExtension.objects.create(plan=version.plan, until=later, reason="Choroba", by=cast.coordinator)

    version = PlanVersion.objects.for_page().get(pk=version.pk)
    assert deadline_of(version) == later
    assert past_deadline(version) == []


def test_an_extension_never_shortens_the_time(cast):
    version = complete_draft(cast)
    earlier = timezone.now() - timedelta(days=3)
    DeadlineExtension.objects.create(plan=version.plan, until=earlier, reason="Pomyłka", by=cast.coordinator)

    assert deadline_of(PlanVersion.objects.for_page().get(pk=version.pk)) == cast.setup.deadline


def test_a_returned_plan_has_the_deadline_of_the_return(cast):
    version = plan_version(cast, "returned")
    due = ChangeRequest.objects.get(version=version).due

    assert deadline_of(version.plan.latest()) == end_of_day(due)


def test_a_plan_taken_back_keeps_the_deadline_it_had(cast):
    version = plan_version(cast, "taken_back")

    assert deadline_of(version.plan.latest()) == cast.setup.deadline


def test_a_change_of_an_accepted_plan_has_no_deadline(cast):
    version = plan_version(cast, "accepted")
    VERSION.perform(version, "amend", by=cast.lead, comment="Nowa szkoła")

    assert deadline_of(version.plan.latest()) is None
