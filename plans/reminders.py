"""What `manage.py remind` writes in this app: reviews, corrections and sections whose day comes near.

Each reminder is written once: a day on which the command did not run is made up for by the next, with one
letter and not with all that were missed.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from plans import teamwork
from plans.corrections import due_of, open_versions
from plans.models import PlanEvent, PlanVersion, Review
from plans.queue import WAITING
from portal.models import ChainHead, User
from portal.workflow import note

# So many days before the due day.
REVIEW_DAYS = (7, 3, 1)
CORRECTION_DAYS = (3, 0)


def remind(day):
    """Remind experts of reviews, teams of corrections and of their sections; return how many were written."""
    return remind_experts(day) + remind_teams(day) + teamwork.remind(day)


def step_of(days_left, steps):
    """Return the step that `days_left` has reached: the smallest that is not passed, or None."""
    reached = [step for step in steps if 0 <= days_left <= step]
    return min(reached) if reached else None


def remind_experts(day):
    reviews = Review.objects.filter(
        status__in=Review.WRITABLE,
        version__status__in=WAITING,
        due__range=(day, day + timedelta(days=max(REVIEW_DAYS))),
    )
    return sum(
        remind_once(
            "plans.review.remind",
            step_of((review.due - day).days, REVIEW_DAYS),
            review.due,
            PlanEvent(plan_id=review.version.plan_id, version=review.version, review=review),
        )
        for review in reviews.select_related("version").defer("version__comparison").order_by("pk")
    )


def remind_teams(day):
    """Remind those teams whose plan came back and is not sent again, answered or not."""
    returned = PlanVersion.objects.filter(status__in=PlanVersion.UNSENT, number__gt=1).values("plan")
    found = 0
    for version in open_versions(returned).filter(status_before=PlanVersion.Status.RETURNED).order_by("pk"):
        due = due_of(version)
        if due is None:
            continue
        due = timezone.localtime(due).date()
        about = PlanEvent(plan_id=version.plan_id, version=version)
        step = step_of((due - day).days, CORRECTION_DAYS)
        found += remind_once("plans.plan.remind", step, due, about, {"unanswered": version.unanswered})
    return found


@transaction.atomic
def remind_once(kind, step, due, about, data=None):
    """Write the reminder of this step, unless it was written for the same due day; return 1 or 0."""
    if step is None:
        return 0
    ChainHead.hold()
    told = PlanEvent.objects.filter(version=about.version, review=about.review, event__kind=kind)
    key = {"days": step, "due": due.isoformat()}
    if any(key.items() <= row.event.data.items() for row in told.select_related("event")):
        return 0
    note(kind, by=User.objects.system(), about=about, data=key | (data or {}))
    return 1
