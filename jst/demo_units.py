"""How a unit of the demonstration takes part: dated rows now, and their events in the diary of the demo."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from jst.models import (
    ExpertAssignment,
    Jst,
    JstEvent,
    Participation,
    SchoolScope,
    TeamMembership,
)
from jst.workflow import PARTICIPATION
from portal.workflow import note

RIGHTS = ("is_lead", "is_author", "is_signatory")
LEAD, AUTHOR, SIGNATORY, READER = {"is_lead", "is_author"}, {"is_author"}, {"is_signatory"}, set()


@dataclass
class Unit:
    """One unit in one edition, with the people who act for it and the experts who care for it."""

    jst: Jst
    participation: Participation
    people: dict = field(default_factory=dict)  # lead, author, signatory → person
    caretakers: list = field(default_factory=list)

    @property
    def code(self):
        return self.jst.code


def weekday(day):
    """Return the day, or the Friday before it where it falls on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def moment(day, hour=10, minute=0):
    """Return a moment of a day in Poland."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def tell(demo, kind, at, *, by=None, comment="", data=None, **subject):
    """Write in the diary that something happened; ORE's coordinator did it, unless `by` somebody else."""
    by = by or demo.people["coordinator"]
    demo.later(at, note, kind, by=by, about=JstEvent(**subject), comment=comment, data=data)


def enter(demo, edition, jst, *, since, begins):
    """Enter a unit in an edition on the day `since` and let it begin on the day `begins`."""
    participation = Participation.objects.create(edition=edition, jst=jst, since=since)
    tell(demo, "jst.participation.qualify", moment(since, 9), participation=participation)
    begun = moment(begins, 9)
    demo.later(begun, PARTICIPATION.perform, participation, "begin", by=demo.people["coordinator"])
    return Unit(jst, participation)


def join(demo, unit, person, function, rights, *, since):
    """Let a person belong to the team from the day `since`; `function` is its name and kind."""
    title, kind = function
    membership = TeamMembership.objects.create(
        participation=unit.participation,
        person=person,
        since=since,
        function=title,
        role_kind=kind,
        **{right: right in rights for right in RIGHTS},
    )
    tell(
        demo,
        "jst.membership.begin",
        moment(since, 11),
        data={"rights": [right for right in RIGHTS if right in rights]},
        participation=unit.participation,
        membership=membership,
    )
    return membership


def leave(demo, membership, *, until, reason, by=None):
    """Let a person belong to the team no more from the day `until`."""
    membership.until, membership.reason = until, reason
    membership.save(update_fields=["until", "reason"])
    tell(
        demo,
        "jst.membership.end",
        moment(until, 10),
        by=by,
        comment=reason,
        participation=membership.participation,
        membership=membership,
    )


def take_on(demo, unit, schools, *, since, reason):
    """Take schools on; those of the entry come with the application, later ones are told one by one."""
    entry = since <= unit.participation.since
    scopes = [
        SchoolScope(participation=unit.participation, school=school, since=since, reason=reason)
        for school in schools
    ]
    SchoolScope.objects.bulk_create(scopes)
    for scope in [] if entry else scopes:
        subject = {"participation": unit.participation, "scope": scope}
        tell(demo, "jst.school.begin", moment(since, 13), **subject)


def care(demo, unit, expert, *, since, until=None, reason=""):
    """Let an expert be the unit's caretaker from `since`, to the day before `until` where it is given."""
    assignment = ExpertAssignment.objects.create(
        participation=unit.participation,
        expert=expert,
        role=ExpertAssignment.Role.CARETAKER,
        since=since,
        until=until,
        reason=reason,
    )
    unit.caretakers.append(expert)
    subject = {"participation": unit.participation, "assignment": assignment}
    tell(demo, "jst.caretaker.assign", moment(since, 12), **subject)
    if until:
        tell(demo, "jst.assignment.end", moment(until, 9), comment=reason, **subject)
