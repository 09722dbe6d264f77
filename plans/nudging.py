"""One click that reminds an expert of a late review, at most once a day."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import PlanEvent, Review
from plans.permissions import decides
from plans.queue import WAITING
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note


@transaction.atomic
def nudge(review, *, by, at=None):
    """Write to the expert whose review is late; raises TransitionError where it is not, or was done today."""
    if not decides(by, review.version):
        raise NotAllowed(_("ORE's coordinators remind experts."))
    ChainHead.hold()
    at = at or timezone.now()
    today = timezone.localdate(at)
    late = Review.objects.filter(
        pk=review.pk, status__in=Review.WRITABLE, version__status__in=WAITING, due__lt=today
    )
    begun = timezone.make_aware(datetime.combine(today, time.min))
    if not late.filter(Q(nudged_at=None) | Q(nudged_at__lt=begun)).update(nudged_at=at):
        if late.exists():
            raise TransitionError(_("The expert has already been reminded today."))
        raise TransitionError(_("This review is not late."))
    about = PlanEvent(plan_id=review.version.plan_id, version=review.version, review=review)
    note("plans.review.nudge", by=by, about=about, at=at)
