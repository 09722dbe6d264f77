"""What the page of a team offers about its plan."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.models import Plan
from plans.permissions import can_start_plan


def team_links(participation, user):
    """The plan where there is one, else its start for the lead."""
    plan = Plan.objects.visible_to(user).filter(participation=participation).first()
    if plan:
        return [(_("The plan"), plan.get_absolute_url())]
    if can_start_plan(user, participation):
        return [(_("Start the plan"), reverse("plans:start", args=[participation.pk]))]
    return []
