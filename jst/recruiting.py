"""What waits in calls: drafts and offers for applicants, decisions and free places for those who run them."""

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.deciding import awaiting_decision
from jst.models import Application, Call
from jst.quotas import ENDED_EARLY
from portal.conventions import Waiting

Status = Application.Status


def own(user):
    """Drafts of calls that are still open, and offers that still stand."""
    now = timezone.now()
    drafts = Q(status=Status.DRAFT, call__opens__lte=now, call__closes__gt=now)
    offers = Q(status=Status.OFFERED, offered_until__gt=now)
    rows = Application.objects.filter(drafts | offers, applicant=user).select_related("call", "jst")
    return [draft(row) if row.status == Status.DRAFT else offer(row) for row in rows]


def draft(row):
    reason = _("The application is begun and not sent.")
    return Waiting(row.call.title, reason, row.get_absolute_url(), localdate(row.call.closes), rank=30)


def offer(row):
    url = reverse("jst:application_offer", args=[row.pk])
    reason = _("A place is offered: take it or give it up.")
    return Waiting(row.jst.full_name, reason, url, localdate(row.offered_until), rank=5)


def to_decide(user):
    """Closed calls with applications to decide, and calls with a free place and a reserve list."""
    lines = [applications(call) for call in awaiting_decision(user)]
    return [*lines, *[free_place(call) for call in with_free_place(user)]]


def applications(call):
    reason = ngettext(
        "%(count)d application waits for its decision; prepared: %(prepared)d.",
        "%(count)d applications wait for their decision; prepared: %(prepared)d.",
        call.undecided,
    ) % {"count": call.undecided, "prepared": call.prepared}
    return Waiting(call.title, reason, reverse("jst:applications", args=[call.slug]), rank=40)


def with_free_place(user):
    """Return the calls whose reserve list may move: `taken` counts standing offers too."""
    takes_part = Q(applications__status=Status.ACCEPTED) & ~Q(
        applications__participation__status__in=ENDED_EARLY
    )
    offered = Q(applications__status=Status.OFFERED, applications__offered_until__gt=timezone.now())
    waiting = Application.objects.filter(call=OuterRef("pk"), status=Status.RESERVE)
    undecided = Application.objects.filter(call=OuterRef("pk"), status=Status.SENT)
    calls = Call.objects.run_by(user).filter(Exists(waiting), ~Exists(undecided))
    calls = calls.annotate(taken=Count("applications", filter=takes_part | offered))
    return [call for call in calls if call.taken < call.places]


def free_place(call):
    reason = _("A place is free and the reserve list has somebody on it.")
    return Waiting(call.title, reason, reverse("jst:reserve_next", args=[call.slug]), rank=35)
