"""What follows in this app from events elsewhere."""

from django.utils.translation import gettext as _

from jst.editions import shifted
from jst.models import OperatorStaff
from plans.models import EditionSetup, Review
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


def refuse_reviewing_employee(event):
    """Veto an employee of an operator who reviews, or has reviewed, a plan of an edition that it runs."""
    employee = event.jstevent.employee
    refuse_reviewers(employee.operator, [employee.person])


def refuse_reviewing_operator(event):
    """Veto an operator whose employee reviews, or has reviewed, a plan of the edition."""
    operator = event.jstevent.edition.operator
    if operator:
        refuse_reviewers(operator, OperatorStaff.objects.lasting().filter(operator=operator).values("person"))


def refuse_reviewers(operator, people):
    reviews = Review.objects.filter(
        version__plan__participation__edition__operator=operator, expert__person__in=people
    )
    review = reviews.exclude(status=Review.Status.RECUSED).select_related("expert__person").first()
    if review:
        raise TransitionError(
            _("%s reviews plans of an edition that this operator runs and cannot work for it.")
            % review.expert
        )


def copy_setup(event):
    """Set up plans in a copied edition as in the one it was copied from, the deadline moved with it."""
    setup = EditionSetup.objects.filter(edition=event.data["source"]).first()
    if setup:
        setup.pk, setup.edition = None, event.jstevent.edition
        setup.deadline = setup.deadline and shifted(setup.deadline, event.data["days"])
        setup.save(force_insert=True)


REACTIONS = {
    "jst.edition.copy": copy_setup,
    "jst.edition.entrust": refuse_reviewing_operator,
    "jst.operator.employ": refuse_reviewing_employee,
    "jst.caretaker.assign": refuse_reviewing_caretaker,
    "jst.deputy.assign": refuse_reviewing_caretaker,
    "jst.membership.begin": refuse_reviewing_member,
    "jst.invitation.accept": refuse_reviewing_member,
}
