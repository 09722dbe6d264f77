"""Places that come free: offered to the first of the reserve list, taken, given up, or lapsed."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import ApplicantLink, Application
from jst.teams import end_participation
from jst.workflow import APPLICATION
from portal.models import ChainHead, User
from portal.workflow import AlreadyMoved, TransitionError

DRAFTS_KEPT = timedelta(days=30)
LINKS_KEPT = timedelta(days=1)


def first_on_reserve(call):
    """Return the application to which the next free place goes, or None."""
    rows = Application.objects.waiting_list(call).select_related("jst__parent__parent", "call__edition")
    return rows.first()


def offer_next(call, *, to, by, at=None):
    """Offer a free place to the first of the reserve list; `to` is whom the person saw there.

    However many people press the button, the application that they saw is offered one place once.
    """
    with transaction.atomic():
        ChainHead.hold()
        if at is None:
            lapse_offers()
        first = first_on_reserve(call)
        if first is None:
            raise TransitionError(_("Nobody is on the reserve list."))
        if first.pk != to:
            raise AlreadyMoved(_("The reserve list has changed in the meantime. See who is first now."))
        return APPLICATION.perform(first, "offer", by=by, at=at)


def take(application, *, by):
    """Take the place that was offered: the unit enters the edition and its people are invited."""
    return _answer(application, "take", by)


def decline(application, *, by, reason=""):
    """Give up the place that was offered; it is free for the next."""
    return _answer(application, "decline", by, reason)


def _answer(application, move, by, comment=""):
    # The clock is read under the lock: an offer past its time cannot be answered, by no request.
    with transaction.atomic():
        ChainHead.hold()
        return APPLICATION.perform(application, move, by=by, comment=comment, at=timezone.now())


def lapse_offers(now=None):
    """Record the offers whose time is over; return how many. Idle, it only reads."""
    now = now or timezone.now()
    over = Application.objects.filter(status=Application.Status.OFFERED, offered_until__lte=now)
    lapsed = 0
    for application in over.select_related("call__edition"):
        try:
            APPLICATION.perform(application, "lapse", by=User.objects.system())
            lapsed += 1
        except TransitionError:
            # Answered, or recorded by another loop, since it was read.
            continue
    return lapsed


def replace(participation, move, *, on, reason, by, offer_to=None):
    """End a participation early and, where `offer_to` is given, offer its place to that application.

    Both or neither: a unit that cannot be replaced as was seen stays until somebody looks again.
    """
    with transaction.atomic():
        ended = end_participation(participation, move, on=on, by=by, comment=reason)
        if offer_to is not None:
            offer_next(participation.application.call, to=offer_to, by=by)
    return ended


def forget_unsent(now=None):
    """Remove drafts long after their call has closed, and links of letters that have ended."""
    now = now or timezone.now()
    drafts = Application.objects.filter(
        status=Application.Status.DRAFT, number=None, call__closes__lt=now - DRAFTS_KEPT
    )
    if drafts.exists():
        drafts.delete()
    links = ApplicantLink.objects.filter(expires_at__lt=now - LINKS_KEPT)
    if links.exists():
        links.delete()
