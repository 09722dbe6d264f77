"""Adoption: by what act, if any, the unit adopted its accepted plan. A fact beside the process."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plans.models import AdoptionAct, PlanEvent, PlanVersion
from plans.permissions import can_adopt
from plans.uploads import described, kept, kept_or_gone
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note

FIELDS = ("form", "number", "adopted_on", "organ", "address")


def facts_of(act):
    """Return (label, value) of what is recorded and not empty, without the address and the scan."""
    form = capfirst(act.get_form_display())
    day = date_format(act.adopted_on, "SHORT_DATE_FORMAT") if act.adopted_on else ""
    facts = [
        (_("Adopted by"), form),
        (_("Number of the act"), act.number),
        (_("Date of the act"), day),
        (_("Who adopted it"), act.organ),
    ]
    return [(label, value) for label, value in facts if value]


def in_words(act):
    """Return everything recorded as one line, as the history tells it."""
    words = [value for _label, value in facts_of(act)]
    words += [act.address] if act.address else []
    words += [_("scan: %s") % act.scan.name] if act.scan else []
    return ", ".join(words)


def record_adoption(
    version, *, form, by, number="", adopted_on=None, organ="", address="", upload=None, at=None
):
    """Record, or correct, how an accepted version was adopted; the same facts again change nothing.

    A scan that was attached stays until another takes its place. Each correction is an event that tells what
    was recorded before. Raises NotAllowed, or TransitionError where the version is not an accepted one.
    """
    said = {"form": form, "number": number, "adopted_on": adopted_on, "organ": organ, "address": address}
    if form == AdoptionAct.Form.NONE:
        said = dict.fromkeys(FIELDS, "") | {"form": form, "adopted_on": None}
    scan = described(upload, by) if upload else None
    with kept_or_gone(scan):
        return keep(version, said, scan, upload, by=by, at=at)


def keep(version, said, scan, upload, *, by, at):
    ChainHead.hold()
    if not can_adopt(by, version.plan):
        raise NotAllowed(_("The lead of the team, or ORE, records how the plan was adopted."))
    if not PlanVersion.objects.claim(version, {PlanVersion.Status.ACCEPTED}):
        raise TransitionError(_("Only an accepted plan can be adopted."))
    act = AdoptionAct.objects.select_related("scan").filter(version=version).first()
    before = in_words(act) if act else ""
    kind = "plans.plan.correct_adoption" if act else "plans.plan.adopt"
    act = act or AdoptionAct(version=version)
    if before and not scan and all(getattr(act, name) == value for name, value in said.items()):
        return act
    for name, value in said.items():
        setattr(act, name, value)
    if scan:
        act.scan = kept(upload, scan)
    act.recorded_by, act.recorded_at = by, at or timezone.now()
    act.save()
    comment = in_words(act)
    if before:
        comment = _("Before: %(before)s. Now: %(now)s.") % {"before": before, "now": comment}
    note(kind, by=by, about=PlanEvent(plan_id=version.plan_id, version=version), comment=comment, at=at)
    return act


def adoption_of(version):
    """Return what is recorded of a version's adoption, or None."""
    return AdoptionAct.objects.select_related("scan").filter(version=version).first()


def adoption_facts(version):
    """Return what pages show of a version's adoption: the version, `act` or None, and `facts` in words."""
    act = adoption_of(version)
    return {"version": version, "act": act, "facts": facts_of(act) if act else []}
