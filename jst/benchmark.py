"""The pages of teams and registers that `manage.py benchmark` measures, found in the data at hand."""

from django.urls import reverse

from jst.models import Jst, School
from portal.benchmark import Page
from portal.groups import COORDINATOR
from portal.models import User


def as_coordinator(name, query="", *args):
    """Return what finds the page `name` with the query, for a coordinator."""

    def find():
        person = User.objects.filter(is_active=True, groups__name=COORDINATOR).first()
        return person and (person, reverse(name, args=args) + query)

    return find


def some_page(model, **kinds):
    """Return what finds the page of one row of `model`."""

    def find():
        found = model.objects.filter(**kinds).first()
        person = User.objects.filter(is_active=True, groups__name=COORDINATOR).first()
        return person and found and (person, found.get_absolute_url())

    return find


# Goals are ratios to F2 of the same run.
PAGES = [
    Page("list of teams", 1.5, as_coordinator("jst:teams")),
    Page("list of units", 1.5, as_coordinator("jst:units")),
    Page("list of units: last page", 2.0, as_coordinator("jst:units", "?koniec=1")),
    Page("list of units: search", 2.0, as_coordinator("jst:units", "?szukaj=gmina+urzad")),
    Page("list of units: search, a rare name", 2.0, as_coordinator("jst:units", "?szukaj=piaski")),
    Page("list of units: two filters", 2.0, as_coordinator("jst:units", "?rodzaj=GW&wojewodztwo=14")),
    Page("list of schools", 1.5, as_coordinator("jst:schools")),
    Page("list of schools: last page", 2.0, as_coordinator("jst:schools", "?koniec=1")),
    Page("list of schools: search", 2.0, as_coordinator("jst:schools", "?szukaj=szkola+nr")),
    Page("list of schools: search, a rare name", 2.0, as_coordinator("jst:schools", "?szukaj=jana+nidzica")),
    Page("list of schools: search, nothing", 2.0, as_coordinator("jst:schools", "?szukaj=zzzz")),
    Page("list of schools: a voivodeship", 2.0, as_coordinator("jst:schools", "?wojewodztwo=28")),
    Page("list of schools: a kind", 2.0, as_coordinator("jst:schools", "?rodzaj=Technikum")),
    Page("list of schools: undecided", 2.0, as_coordinator("jst:schools", "?podstawa=undecided")),
    Page("list of schools: closed", 2.0, as_coordinator("jst:schools", "?stan=zamknieta")),
    Page("list of schools: absent", 2.0, as_coordinator("jst:schools", "?stan=brak")),
    Page("list of schools: complexes", 2.0, as_coordinator("jst:schools", "?zespoly=tylko")),
    Page("list of people", 1.5, as_coordinator("jst:people")),
    Page("list of people: last page", 2.0, as_coordinator("jst:people", "?koniec=1")),
    Page("list of people: search", 2.0, as_coordinator("jst:people", "?szukaj=anna")),
    Page("list of people: search, nothing", 2.0, as_coordinator("jst:people", "?szukaj=zzzz")),
    Page("list of people: a role", 2.0, as_coordinator("jst:people", "?rola=zespol")),
    Page("page of a unit", 2.5, some_page(Jst, kind=Jst.Kind.MNP)),
    Page("page of a school", 2.5, some_page(School)),
]
