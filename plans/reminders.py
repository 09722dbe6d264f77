"""What `manage.py remind` writes in this app: reviews, corrections and sections whose day comes near.

Each reminder is written once: a day on which the command did not run is made up for by the next, with one
letter and not with all that were missed.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from plans import teamwork
from plans.corrections import due_of, open_versions
from plans.models import PlanEvent, PlanVersion, Remark, Review, SectionState
from plans.permissions import works
from plans.queue import WAITING
from plans.sections import requested_keys, sections_of
from portal.models import ChainHead, User
from portal.workflow import note

# So many days before the due day.
REVIEW_DAYS = (7, 3, 1)
CORRECTION_DAYS = (3, 0)
# So many days after the last change corrections that are all ready are unsent, not unfinished.
UNSENT_DAYS = 2


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
    versions = open_versions(returned).filter(status_before=PlanVersion.Status.RETURNED)
    found = 0
    for version in versions.select_related("plan__participation", "plan__template").order_by("pk"):
        due = due_of(version)
        due = timezone.localtime(due).date() if due else None
        found += remind_of_due(version, due, day) or remind_of_sending(version, due, day)
    return found


def remind_of_due(version, due, day):
    if due is None:
        return 0
    about = PlanEvent(plan_id=version.plan_id, version=version)
    step = step_of((due - day).days, CORRECTION_DAYS)
    return remind_once("plans.plan.remind", step, due, about, {"unanswered": version.unanswered})


@transaction.atomic
def remind_of_sending(version, due, day):
    """Remind the lead, once for each version, of corrections that are ready and wait to be sent."""
    kind = "plans.plan.unsent"
    is_late = due is not None and due < day
    if is_late or not works(version.plan.participation) or not is_ready(version, day):
        return 0
    ChainHead.hold()
    if PlanEvent.objects.filter(version=version, event__kind=kind).exists():
        return 0
    about = PlanEvent(plan_id=version.plan_id, version=version)
    note(kind, by=User.objects.system(), about=about, data={"due": due.isoformat()} if due else {})
    return 1


def is_ready(version, day):
    """Whether every remark is answered, every section asked for is ready, and days have passed since."""
    if version.unanswered:
        return False
    answered = Remark.objects.given().filter(plan=version.plan_id).aggregate(last=Max("changed_at"))["last"]
    last = max(filter(None, [version.changed_at, answered]))
    if timezone.localdate(last) > day - timedelta(days=UNSENT_DAYS):
        return False
    requested = requested_keys(version) or frozenset()
    asked = {section.key for section in sections_of(version.plan)} & requested
    done = SectionState.objects.filter(version=version, done=True).values_list("key", flat=True)
    return asked <= set(done)


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
