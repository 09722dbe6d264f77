"""What is told about a plan on its title page and in the library, in words."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from jst.naming import with_kind
from plans.models import PlanEvent, PlanVersion


def years(first, last):
    return f"{first}–{last}" if last > first else str(first)


def title_read(title):
    """Return a title as it is shown to a person who may read a version, else that there is none to read."""
    return title or _("Plan not sent yet")


def unit_name(kind, name):
    """Return the name of the unit as a heading begins with it: „Gmina wiejska Piaski”."""
    return capfirst(with_kind(kind, name))


def places(unit):
    """Return the names of the units in which this one lies, the nearest first."""
    found = []
    while unit := unit.parent:
        found.append(unit.full_name)
    return found


def accepted_at(version):
    """Return when the version was accepted, or None."""
    if version.status != PlanVersion.Status.ACCEPTED:
        return None
    accepted = PlanEvent.objects.filter(version=version, event__kind="plans.version.accept")
    event = accepted.select_related("event").order_by("-event__sequence").first()
    return event.event.at if event else None
