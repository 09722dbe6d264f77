"""Title, scope and years of a plan, changed while a version is being written.

Title and years are the version's own: what was sent keeps those with which it was sent. The scope says which
sections there are and is the plan's. It may change until the plan is first sent: what was sent was judged by
its scope. No word is lost: what a narrow plan has no section for stays with the draft, is shown on the page
of the form and is there again when the plan becomes wide. Once a version was accepted the plan is known by
its title and years: no later version has others.
"""

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from plans import permissions
from plans.models import Plan, PlanEvent, PlanVersion
from plans.sections import sections_of
from plans.upgrading import rearrange
from portal.memory import forget
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note

FIELDS = ("title", "scope", "year_from", "year_to")


def was_sent(version):
    """Whether an earlier version went to ORE, be it taken back: then the scope stays."""
    return version.number > 1


def in_way(version):
    """Return sentences on why title, scope and years cannot change now."""
    if version.status == PlanVersion.Status.AWAITING_SIGNATURE:
        return [_("The plan waits for a signature and cannot be changed. The lead may take it back.")]
    if version.status not in PlanVersion.EDITABLE:
        return [_("The title, scope and years can be changed only while the plan is being written.")]
    if version.number > 1 and version.plan.in_force():
        return [_("The title and years of an accepted plan stay as they are. A new plan has its own.")]
    return []


def about(version):
    """Return title, scope and years by name, as they are now."""
    found = version.about() | {"scope": version.plan.scope}
    return {name: found[name] for name in FIELDS}


def stamp(version):
    """Return a short sign of what title, scope and years are now, by which a stale page is known."""
    told = [version.number, *about(version).values()]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@transaction.atomic
def describe_plan(plan, *, title, year_from, year_to, scope=None, seen, by, at=None):
    """Change title, years and, before the first sending, scope; returns the event.

    Where nothing is to be changed there is no event. `seen` is the `stamp` from which the person started.
    Raises NotAllowed or TransitionError, and then nothing has changed.
    """
    ChainHead.hold()
    plan = Plan.objects.for_page().get(pk=plan.pk)
    version = plan.latest()
    version.plan = plan
    PlanVersion.objects.claim(version, PlanVersion.EDITABLE)
    forget()
    if not permissions.leads(by, version):
        raise NotAllowed(_("The lead of the team changes the title, scope and years of the plan."))
    if sentences := in_way(version):
        raise TransitionError(*sentences)
    wanted = {"title": title, "scope": scope or plan.scope, "year_from": year_from, "year_to": year_to}
    before = about(version)
    changed = {name: [before[name], wanted[name]] for name in FIELDS if before[name] != wanted[name]}
    if not changed:
        return None
    if seen != stamp(version):
        raise TransitionError(
            _("Somebody has changed this since you opened the page. Yours is below and is not saved yet.")
        )
    if "scope" in changed and was_sent(version):
        raise TransitionError(_("The plan was sent with its scope already, so it keeps it to the end."))
    data = {"changed": changed, "left": write(version, wanted, changed)}
    return note("plans.plan.describe", by=by, about=PlanEvent(plan=plan, version=version), data=data, at=at)


def write(version, wanted, changed):
    """Store what is wanted with all that follows from it; returns the keys of sections that vanish."""
    for name in version.ABOUT:
        setattr(version, name, wanted[name])
    version.save(update_fields=version.ABOUT)
    if "scope" not in changed:
        return []
    plan = version.plan
    had = [section.key for section in sections_of(plan)]
    plan.scope = wanted["scope"]
    plan.save(update_fields=["scope"])
    sections = sections_of(plan)
    rearrange(version, [(section, section) for section in sections])
    keys = {section.key for section in sections}
    return [key for key in had if key not in keys]
