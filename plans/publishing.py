"""Publication: the team agrees that everybody may read its accepted plan, and may take that back."""

from django.db import transaction
from django.utils import timezone

from plans.models import Plan, PlanEvent
from portal.models import ChainHead
from portal.workflow import note


@transaction.atomic
def publish_plan(plan, *, published, by, at=None):
    """Put the plan on the public list, or take it off; the same wish twice is one event."""
    ChainHead.hold()
    day = timezone.localdate(at) if at else timezone.localdate()
    changed = Plan.objects.filter(pk=plan.pk, published_on__isnull=published).update(
        published_on=day if published else None
    )
    if changed:
        kind = "plans.plan.publish" if published else "plans.plan.unpublish"
        note(kind, by=by, about=PlanEvent(plan=plan), at=at)
        plan.published_on = day if published else None
