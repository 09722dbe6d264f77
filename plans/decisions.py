"""Deciding: ORE prepares a decision, may change or drop it, and releases one or many at once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.decision_letters import foreseen
from plans.models import Decision, PlanVersion
from plans.permissions import decides
from plans.workflow import VERSION
from portal import outbox
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError


@transaction.atomic
def prepare_decision(
    version, *, outcome, reason, by, own_words="", sections=(), due=None, without_reviews="", at=None
):
    """Prepare, or change, the decision on a version in review; nothing is told to anybody yet.

    Its letters wait in the outbox until it is released, and are replaced where it is changed. Raises
    TransitionError where the version is not in review or the decision was released.
    """
    if not decides(by, version):
        raise NotAllowed(_("You may not do this."))
    ChainHead.hold()
    if not PlanVersion.objects.claim(version, {PlanVersion.Status.IN_REVIEW}):
        raise TransitionError(_("This has changed in the meantime. Check where it stands now."))
    is_return = outcome == Decision.Outcome.RETURN
    decision, _created = Decision.objects.update_or_create(
        version=version,
        released_at=None,
        defaults={
            "outcome": outcome,
            "reason": reason,
            "own_words": own_words,
            "without_reviews": without_reviews,
            "sections": list(sections) if is_return else [],
            "due": due if is_return else None,
            "prepared_by": by,
            "prepared_at": at or timezone.now(),
        },
    )
    decision.version = version
    outbox.hold(foreseen(decision))
    return decision


@transaction.atomic
def drop_decision(decision, *, by):
    """Drop a decision that was not released, and with it the letters that wait for its release."""
    if not decides(by, decision.version):
        raise NotAllowed(_("You may not do this."))
    ChainHead.hold()
    if Decision.objects.filter(pk=decision.pk, released_at=None).delete()[0]:
        outbox.drop_held(foreseen(decision))


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
