"""The pages of teams that `manage.py benchmark` measures, found in the data at hand."""

from django.urls import reverse

from portal.benchmark import Page
from portal.groups import COORDINATOR
from portal.models import User


def team_list():
    person = User.objects.filter(is_active=True, groups__name=COORDINATOR).first()
    return person and (person, reverse("jst:teams"))


PAGES = [Page("list of teams", 1.5, team_list)]
