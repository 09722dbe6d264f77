"""Until when a version may be sent. Everything is in Polish time; a due day lasts until its midnight."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from plans.models import PlanVersion


def end_of_day(day):
    """Return the last moment of `day` in Poland."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(seconds=1)


def deadline_of(version):
    """Return the deadline of a version as an aware time, or None where there is none.

    The edition's for the first version, the change request's for a returned one; the latest extension wins.
    An amendment of an accepted plan has none.
    """
    before = version.before() if version.number > 1 else None
    while before is not None and before.status == PlanVersion.Status.TAKEN_BACK:
        before = before.before()
    if before is None:
        deadline = version.plan.participation.edition.setup.deadline
    elif before.status == PlanVersion.Status.RETURNED:
        deadline = before.change_request.due and end_of_day(before.change_request.due)
    else:
        return None
    extension = version.plan.extensions.order_by("-until").first()
    if extension and (deadline is None or extension.until > deadline):
        return extension.until
    return deadline
