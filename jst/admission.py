"""From an accepted application to a unit that takes part, and what was declared beside what it became."""

from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jst.invitations import invite
from jst.models import Application, Participation, SchoolScope, TeamMembership
from jst.permissions import can_run_edition
from jst.teams import RIGHTS, qualify
from portal.workflow import TransitionError


def admit_accepted(event):
    admit(event.jstevent.application, event, by=event.actor)


def admit_taken(event):
    """The place is taken by the applicant; the unit enters in the name of whoever offered it."""
    application = event.jstevent.application
    host = application.offered_by
    if not can_run_edition(host, application.call.edition):
        raise TransitionError(
            _("%s, who offered the place, no longer runs this edition. Write to ORE, the place is kept.")
            % host
        )
    admit(application, event, by=host)


def admit(application, event, *, by):
    """Enter the unit in the edition with its declared schools, and invite its declared people."""
    participation = Participation(
        edition=application.call.edition, jst=application.jst, since=localdate(event.at)
    )
    qualify(participation, by=by, at=event.at)
    Application.objects.filter(pk=application.pk).update(participation=participation)
    SchoolScope.objects.bulk_create(
        SchoolScope(
            participation=participation,
            school=declared.school,
            since=participation.since,
            reason=_("declared in the application"),
        )
        for declared in application.schools.select_related("school")
    )
    for person in application.people.all():
        invite(
            participation,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            function=person.function,
            role_kind=person.role_kind,
            by=by,
            at=event.at,
            **{right: getattr(person, right) for right in RIGHTS},
        )


# --- Declared and covered -----------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What was declared beside what is today: counts, and what came or went since."""

    declared: int
    covered: int
    gone: list
    added: list


@dataclass(frozen=True)
class Reconciled:
    application: Application
    schools: Scope
    people: Scope


def reconciled(participation):
    """Return the declared beside the covered scope of a unit, or None where it never applied here."""
    rows = Application.objects.filter(participation=participation).select_related("call")
    application = rows.first()
    if application is None:
        return None
    declared = {row.school_id: row.school for row in application.schools.select_related("school")}
    today = SchoolScope.objects.today().filter(participation=participation).select_related("school")
    covered = {row.school_id: row.school for row in today}
    named = {person.email: person for person in application.people.all()}
    members = TeamMembership.objects.today().filter(participation=participation).select_related("person")
    here = {row.person.email: row.person for row in members}
    return Reconciled(application, compare(declared, covered), compare(named, here))


def compare(declared, covered):
    return Scope(
        declared=len(declared),
        covered=len(covered),
        gone=[thing for key, thing in declared.items() if key not in covered],
        added=[thing for key, thing in covered.items() if key not in declared],
    )
