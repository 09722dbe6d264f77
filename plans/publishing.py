"""Publication: the team agrees that everybody may read its accepted plan, and may take that back.

The consent is to the version in force, unless it names later ones too: without that a changed plan that is
accepted leaves the public list until the team agrees anew.
"""

from django.db import transaction
from django.utils import timezone

from plans.models import Plan, PlanChallenge, PlanEvent
from plans.shelving import take_off
from plans.tasks import shelve
from portal.models import ChainHead
from portal.workflow import note


@transaction.atomic
def publish_plan(plan, *, published, by, later_too=False, challenges=None, at=None):
    """Put the plan on the public list, or take it off; the same wish twice is one event.

    `later_too` extends the consent to versions accepted later; `challenges`, where given, replace the named.
    """
    ChainHead.hold()
    day = timezone.localdate(at) if at else timezone.localdate()
    later_too = published and later_too
    changed = Plan.objects.filter(pk=plan.pk, published_on__isnull=published).update(
        published_on=day if published else None
    )
    altered = Plan.objects.filter(pk=plan.pk, publishes_later=not later_too).update(publishes_later=later_too)
    altered += name_challenges(plan, challenges) if published and challenges is not None else 0
    data = {"later_too": later_too}
    if changed:
        kind = "plans.plan.publish" if published else "plans.plan.unpublish"
        note(kind, by=by, about=PlanEvent(plan=plan), data=data, at=at)
        plan.published_on = day if published else None
    elif altered:
        note("plans.plan.change_publication", by=by, about=PlanEvent(plan=plan), data=data, at=at)
    plan.publishes_later = later_too
    if not published:
        take_off(plan)
    elif changed:
        shelve.enqueue()


def name_challenges(plan, challenges):
    """Let the plan name just these challenges; return whether that is another choice."""
    wanted = {challenge.pk for challenge in challenges}
    named = set(PlanChallenge.objects.filter(plan=plan).values_list("challenge", flat=True))
    PlanChallenge.objects.filter(plan=plan, challenge__in=named - wanted).delete()
    PlanChallenge.objects.bulk_create(
        (PlanChallenge(plan=plan, challenge_id=pk) for pk in sorted(wanted - named)), ignore_conflicts=True
    )
    return named != wanted


def go_on_publishing(version, event):
    """A later version is accepted: it is published where the consent covers it, else nothing is public."""
    plan = Plan.objects.get(pk=version.plan_id)
    if plan.published_on is None:
        return
    if plan.publishes_later:
        shelve.enqueue()
        return
    Plan.objects.filter(pk=plan.pk).update(published_on=None)
    take_off(plan)
    about = PlanEvent(plan=plan, version=version)
    note("plans.plan.lapse", by=event.actor, about=about, at=event.at)
