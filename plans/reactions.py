"""What follows in this app from events elsewhere."""

from django.utils.translation import gettext as _

from plans.models import Review
from portal.workflow import TransitionError


def refuse_reviewing_caretaker(event):
    """Veto a caretaker who reviews, or has reviewed, that unit's plan."""
    assignment = event.jstevent.assignment
    reviews = Review.objects.filter(
        version__plan__participation__jst=assignment.participation.jst_id, expert=assignment.expert_id
    )
    if reviews.exclude(status=Review.Status.RECUSED).exists():
        raise TransitionError(
            _("%s reviews the plan of this unit and cannot be its caretaker.") % assignment.expert
        )


REACTIONS = {"jst.caretaker.assign": refuse_reviewing_caretaker}
