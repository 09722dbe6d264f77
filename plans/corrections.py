"""A plan that came back: what is still to be answered, until when, and one more section that ORE opens."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from plans.deadlines import deadline_from
from plans.models import ChangeRequest, DeadlineExtension, PlanEvent, PlanVersion, Remark
from plans.permissions import decides
from plans.queue import how_many
from plans.sections import requested_keys, section_of, sections_of
from portal.models import ChainHead
from portal.prepared import prepared
from portal.workflow import NotAllowed, TransitionError, note

S = PlanVersion.Status


def open_versions(plans):
    """Return the drafts and versions awaiting a signature, each with the facts of its deadline."""
    before = (
        PlanVersion.objects.filter(plan=OuterRef("plan"), number__lt=OuterRef("number"))
        .exclude(status=S.TAKEN_BACK)
        .order_by("-number")
    )
    extensions = DeadlineExtension.objects.filter(plan=OuterRef("plan")).order_by("-until")
    unanswered = (
        Remark.objects.given()
        .filter(plan=OuterRef("plan"), version__number__lt=OuterRef("number"))
        .filter(status__in=Remark.UNANSWERED)
    )
    return (
        PlanVersion.objects.filter(plan__in=plans, status__in=PlanVersion.UNSENT)
        .defer("comparison")
        .annotate(
            status_before=Subquery(before.values("status")[:1]),
            corrections_due=Subquery(before.values("change_request__due")[:1]),
            extended_until=Subquery(extensions.values("until")[:1]),
            unanswered=how_many(unanswered, "plan"),
        )
    )


def due_of(version, deadline=None):
    """Return until when a version of `open_versions` may be sent; `deadline` is that of the edition."""
    return deadline_from(
        edition=deadline,
        status_before=version.status_before,
        corrections_due=version.corrections_due,
        extended_until=version.extended_until,
    )


@dataclass
class Corrections:
    """What a returned plan still waits for."""

    due: datetime | None
    unanswered: int
    is_signing: bool


def corrections_of(version):
    """Return what the corrections wait for, in one query; None where the version corrects nothing."""
    if version.number == 1 or version.status not in PlanVersion.UNSENT:
        return None
    found = prepared("plans.corrections", corrected, AnonymousUser(), version.plan_id, version.pk)
    if not found or found[0].status_before != S.RETURNED:
        return None
    [found] = found
    return Corrections(due_of(found), found.unanswered, version.status == S.AWAITING_SIGNATURE)


def corrected(_anybody, plan, version):
    return open_versions([plan]).filter(pk=version)


def locked_sections(version):
    """Return the sections of a draft that a return keeps locked, in order."""
    requested = requested_keys(version)
    if requested is None or version.status not in PlanVersion.EDITABLE:
        return []
    return [section for section in sections_of(version.plan) if section.key not in requested]


@transaction.atomic
def unlock_section(version, key, *, reason, by, at=None):
    """Open one more section of a returned plan, with a reason that the team reads.

    The same section twice is one unlocking. Raises TransitionError where nothing is locked or no reason is
    given.
    """
    if not decides(by, version):
        raise NotAllowed(_("ORE's coordinators open more sections."))
    if not reason.strip():
        raise TransitionError(_("Give a reason."))
    ChainHead.hold()
    if not PlanVersion.objects.claim(version, PlanVersion.EDITABLE):
        raise TransitionError(_("The team is not correcting this plan now."))
    section = section_of(version.plan, key)
    before = version.read_before() if version.number > 1 else None
    if section is None or before is None or before.status != S.RETURNED:
        raise TransitionError(_("Nothing is locked here."))
    request = ChangeRequest.objects.get(version=before)
    if key in request.sections:
        return
    request.sections = [*request.sections, key]
    request.save(update_fields=["sections"])
    about = PlanEvent(plan_id=version.plan_id, version=version)
    note("plans.plan.unlock", by=by, about=about, comment=reason.strip(), data={"section": key}, at=at)
