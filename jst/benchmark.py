"""The pages of teams that `manage.py benchmark` measures, found in the data at hand."""

from django.urls import reverse

from jst.models import TeamMembership
from portal.benchmark import Page
from portal.groups import COORDINATOR
from portal.models import User


def team_list():
    person = User.objects.filter(is_active=True, groups__name=COORDINATOR).first()
    return person and (person, reverse("jst:teams"))


def team_page():
    lead = TeamMembership.objects.today().filter(is_lead=True, person__is_active=True).first()
    return lead and (lead.person, reverse("jst:team", args=[lead.participation_id]))


PAGES = [
    Page("list of teams", 1.5, team_list),
    Page("page of a team", 2.0, team_page),
]
