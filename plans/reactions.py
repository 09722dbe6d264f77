"""What follows in this app from events elsewhere."""

from django.utils.translation import gettext as _

from plans.models import Review
from portal.workflow import TransitionError


def refuse_reviewing_caretaker(event):
    """Veto a caretaker, or a deputy, who reviews, or has reviewed, that unit's plan."""
    assignment = event.jstevent.assignment
    reviews = Review.objects.filter(
        version__plan__participation__jst=assignment.participation.jst_id, expert=assignment.expert_id
    )
    if reviews.exclude(status=Review.Status.RECUSED).exists():
        raise TransitionError(
            _("%s reviews the plan of this unit and cannot be its caretaker.") % assignment.expert
        )


def refuse_reviewing_member(event):
    """Veto a member who reviews, or has reviewed, the plan of the unit whose team they would join."""
    about = event.jstevent
    person = about.membership.person.email if about.membership else about.invitation.email
    reviews = Review.objects.filter(
        version__plan__participation__jst=about.participation.jst_id, expert__person__email=person
    )
    if reviews.exclude(status=Review.Status.RECUSED).exists():
        raise TransitionError(_("Whoever reviews the plan of a unit cannot be in its team."))


REACTIONS = {
    "jst.caretaker.assign": refuse_reviewing_caretaker,
    "jst.deputy.assign": refuse_reviewing_caretaker,
    "jst.membership.begin": refuse_reviewing_member,
    "jst.invitation.accept": refuse_reviewing_member,
}
