"""Until when a version may be sent. Everything is in Polish time; a due day lasts until its midnight."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from plans.models import DeadlineExtension, PlanEvent, PlanVersion
from portal.models import ChainHead
from portal.prepared import prepared_for_all
from portal.workflow import note


def end_of_day(day):
    """Return the last moment of `day` in Poland."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(seconds=1)


def deadline_of(version):
    """Return the deadline of a version as an aware time, or None where there is none.

    The edition's for the first version, the change request's for a returned one; the latest extension wins.
    An amendment of an accepted plan has none.
    """
    before = version.read_before() if version.number > 1 else None
    returned = before is not None and before.status == PlanVersion.Status.RETURNED
    extensions = prepared_for_all("plans.last_extension", last_extension, version.plan_id)
    return deadline_from(
        edition=version.plan.participation.edition.setup.deadline,
        status_before=before.status if before else None,
        corrections_due=before.change_request.due if returned else None,
        extended_until=extensions[0].until if extensions else None,
    )


def last_extension(plan):
    return DeadlineExtension.objects.filter(plan=plan).order_by("-until")[:1]


def deadline_from(*, edition, status_before, corrections_due, extended_until):
    """Return the deadline that follows from these facts, for lists that load them for many versions at once.

    `status_before` is that of the last version before that was not taken back.
    """
    if status_before is None:
        deadline = edition
    elif status_before == PlanVersion.Status.RETURNED:
        deadline = corrections_due and end_of_day(corrections_due)
    else:
        return None
    if extended_until and (deadline is None or extended_until > deadline):
        return extended_until
    return deadline


@transaction.atomic
def extend_deadline(extension, *, by, at=None):
    """Give a plan more time: `extension` is an unsaved DeadlineExtension. The team is told."""
    ChainHead.hold()
    extension.by = by
    extension.at = at or timezone.now()
    extension.save(force_insert=True)
    note("plans.plan.extend", by=by, about=PlanEvent(plan=extension.plan), comment=extension.reason, at=at)
