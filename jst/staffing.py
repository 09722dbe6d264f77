"""Who may not be placed in ORE's groups: whoever writes plans, judges them or runs editions elsewhere."""

from django.utils.translation import gettext as _

from jst.models import Expert, OperatorStaff, TeamMembership


def obstacles(person):
    """Say why this person may not work at ORE as long as the other thing lasts."""
    if OperatorStaff.objects.lasting().filter(person=person).exists():
        yield _("%s works for an operator. End that first.") % person
    if TeamMembership.objects.lasting().filter(person=person).exists():
        yield _("%s is in the team of a unit. End that first.") % person
    if Expert.objects.lasting().filter(person=person).exists():
        yield _("%s is an expert of the programme. End that first.") % person
