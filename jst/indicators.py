"""What is counted of units, people and schools: always as of a day, from dated rows."""

from django.utils.translation import gettext_lazy as _

from jst.models import Participation, SchoolScope, TeamMembership
from portal.indicators import Indicator


def taking_part(day, editions):
    return Participation.objects.on(day).filter(edition__in=editions)


def in_teams(day, editions):
    part = Participation.objects.on(day).filter(edition__in=editions)
    return TeamMembership.objects.on(day).filter(participation__in=part)


def in_scope(day, editions):
    part = Participation.objects.on(day).filter(edition__in=editions)
    return SchoolScope.objects.on(day).filter(participation__in=part, school__is_complex=False)


INDICATORS = [
    Indicator(
        code="units",
        name=_("Units taking part"),
        definition=_(
            "Units of local government that take part on that day: from their entry until they completed the "
            "edition, withdrew or were excluded. The day on which a unit ended no longer counts. The kind of "
            "a unit is the one it had on that day. A city with county rights counts as an urban gmina."
        ),
        unit=_("units"),
        facts=taking_part,
        counted="pk",
        participation="",
        columns=((_("Takes part from"), "since"), (_("Ended on"), "until")),
    ),
    Indicator(
        code="people",
        name=_("People in teams"),
        definition=_(
            "People who belong on that day to the team of a unit that takes part. A person in two teams "
            "counts once. People who were invited and have not joined, experts and ORE’s staff do not count."
        ),
        unit=_("people"),
        facts=in_teams,
        counted="person",
        participation="participation",
        columns=(
            (_("Last name"), "person__last_name"),
            (_("First name"), "person__first_name"),
            (_("Function in the office"), "function"),
            (_("From"), "since"),
        ),
    ),
    Indicator(
        code="schools",
        name=_("Schools in scope"),
        definition=_(
            "Schools, kindergartens and other institutions that a unit taking part has declared and not "
            "given up by that day. A school declared twice counts once. A complex is not counted: the "
            "schools that form it are, when they are declared."
        ),
        unit=_("schools"),
        facts=in_scope,
        counted="school",
        participation="participation",
        columns=(
            (_("School"), "school__name"),
            (_("town"), "school__town"),
            (_("RSPO number"), "school__rspo"),
            (_("From"), "since"),
        ),
    ),
]
