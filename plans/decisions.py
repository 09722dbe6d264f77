"""Deciding: ORE prepares a decision, may change or drop it, and releases one or many at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.decision_forms import stamp
from plans.decision_letters import foreseen
from plans.models import Decision, PlanVersion
from plans.permissions import decides
from plans.uploads import described, forget, kept, kept_or_gone
from plans.workflow import VERSION
from portal import outbox
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError


def prepare_decision(
    version,
    *,
    outcome,
    reason,
    by,
    own_words="",
    sections=(),
    due=None,
    without_reviews="",
    report=None,
    without_report=False,
    seen=None,
    at=None,
):
    """Prepare, or change, the decision on a version in review; nothing is told to anybody yet.

    Its letters wait in the outbox until it is released, and are replaced where it is changed. `report` is an
    upload that takes the place of the one attached so far, `seen` the `stamp` of the decision that was read.
    Raises TransitionError where it has changed since or was released, or the version is not in review.
    """
    said = asked_for(outcome, sections, due) | {
        "outcome": outcome,
        "reason": reason,
        "own_words": own_words,
        "without_reviews": without_reviews,
        "prepared_by": by,
        "prepared_at": at or timezone.now(),
    }
    stored = described(report, by) if report else None
    with kept_or_gone(stored):
        hold_in_review(version, by, seen)
        decision, _new = Decision.objects.update_or_create(version=version, released_at=None, defaults=said)
        decision.version = version
        if stored or without_report:
            put_report(decision, kept(report, stored) if stored else None)
        outbox.hold(foreseen(decision))
    return decision


def asked_for(outcome, sections, due):
    """Return what a return asks for; another decision asks for nothing."""
    is_return = outcome == Decision.Outcome.RETURN
    return {"sections": list(sections) if is_return else [], "due": due if is_return else None}


def hold_in_review(version, by, seen):
    if not decides(by, version):
        raise NotAllowed(_("You may not do this."))
    ChainHead.hold()
    if not PlanVersion.objects.claim(version, {PlanVersion.Status.IN_REVIEW}):
        raise TransitionError(_("This has changed in the meantime. Check where it stands now."))
    if seen is not None and seen != stamp(Decision.objects.filter(version=version).first()):
        raise TransitionError(
            _("Somebody else changed this decision in the meantime. Read it again, then save.")
        )


def put_report(decision, stored):
    """Let a kept file, or none, be ORE's report; the one before goes."""
    before, decision.report = decision.report, stored
    decision.save(update_fields=["report"])
    if before:
        forget(before)


@transaction.atomic
def drop_decision(decision, *, by):
    """Drop a decision that was not released, and with it its report and the letters that wait.

    Raises TransitionError where it is not any more what the person read.
    """
    if not decides(by, decision.version):
        raise NotAllowed(_("You may not do this."))
    ChainHead.hold()
    stored = Decision.objects.select_related("report").filter(pk=decision.pk, released_at=None).first()
    if stamp(stored) != stamp(decision):
        raise TransitionError(_("This has changed in the meantime. Check where it stands now."))
    outbox.drop_held(foreseen(stored))
    stored.delete()
    if stored.report:
        forget(stored.report)


@transaction.atomic
def release_decisions(decisions, *, by, at=None):
    """Release decisions together, as they were read: each moves its version, all or none.

    The letters that were held go with the events of the moves (`portal/outbox.py`).
    Raises TransitionError where one has changed since, or naming the first plan that cannot be moved.
    """
    ChainHead.hold()
    for decision in decisions:
        stored = Decision.objects.filter(pk=decision.pk)
        if stored.filter(released_at__isnull=False).exists():
            continue
        taken = stored.filter(prepared_at=decision.prepared_at)
        if not taken.update(released_at=at or timezone.now(), released_by=by):
            raise TransitionError(
                _("A decision has changed in the meantime. Read them again before you release them.")
            )
        decision.refresh_from_db()
        try:
            VERSION.perform(decision.version, decision.outcome, by=by, comment=decision.reason, at=at)
        except TransitionError as error:
            raise TransitionError(f"{decision.version.plan}: {error}") from error
