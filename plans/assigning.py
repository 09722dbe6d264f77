"""Giving a version to experts, and taking it back from them."""

from django.db import transaction
from django.utils.translation import gettext as _

from plans.agreement import wants_third
from plans.models import PlanEvent, PlanVersion, Review
from plans.obstacles import conflict_of_interest
from plans.permissions import decides
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note


@transaction.atomic
def assign_reviewer(version, expert, *, by, due=None, at=None):
    """Give a sent version to an expert for review; the same expert twice is one review.

    Whoever is asked once the first experts differ gives the third opinion.
    Raises TransitionError where there is a conflict of interest or the version is not waiting for reviews.
    """
    if not decides(by, version):
        raise NotAllowed(_("You may not do this."))
    ChainHead.hold()
    if not PlanVersion.objects.claim(version, {PlanVersion.Status.SENT, PlanVersion.Status.IN_REVIEW}):
        raise TransitionError(_("Only a plan that was sent can be given to experts."))
    review = Review(version=version, expert=expert, due=due)
    if sentences := conflict_of_interest(review):
        raise TransitionError(*sentences)
    defaults = {"due": due, "is_third": wants_third(version)}
    review, created = Review.objects.get_or_create(version=version, expert=expert, defaults=defaults)
    if created:
        note(
            "plans.review.assign",
            by=by,
            about=PlanEvent(plan_id=version.plan_id, version=version, review=review),
            at=at,
        )
    return review
