"""Scoring applications by the published criteria and deciding about them: prepared first, released later."""

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import Application, ApplicationDecision, ApplicationScore, Call, JstEvent
from jst.permissions import may_run_application
from jst.workflow import APPLICATION
from portal.memory import forget
from portal.models import ChainHead
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError, note

UNDECIDED = {Application.Status.SENT}


def require_decider(by, application):
    forget()
    if not may_run_application(by, application):
        raise NotAllowed(_("Only ORE's coordinators and the operator of the edition do this."))


def hold_undecided(application, by):
    """Take an application that waits for its decision, for the rest of the transaction."""
    ChainHead.hold()
    require_decider(by, application)
    if not Application.objects.claim(application, UNDECIDED):
        raise AlreadyMoved(_("This has changed in the meantime. Check where it stands now."))


@transaction.atomic
def score(application, given, *, by, at=None):
    """Score an application: `given` is criterion → (points, rationale). The event keeps all points."""
    hold_undecided(application, by)
    for criterion, (points, rationale) in given.items():
        if criterion.call_id != application.call_id or not 0 <= points <= criterion.max_points:
            raise TransitionError(_("“%s” is not scored so.") % criterion)
        ApplicationScore.objects.update_or_create(
            application=application,
            criterion=criterion,
            defaults={"points": points, "rationale": rationale},
        )
    points = {str(row.criterion_id): row.points for row in application.scores.all()}
    about = JstEvent(application=application, call_id=application.call_id)
    return note("jst.application.score", by=by, about=about, data={"points": points}, at=at)


@transaction.atomic
def prepare(application, *, outcome, reason, by, position=None, over_quota="", at=None):
    """Prepare a decision, or change the prepared one; nothing is told to anybody yet."""
    hold_undecided(application, by)
    if not reason.strip():
        raise TransitionError(_("Give a reason."))
    decision, _created = ApplicationDecision.objects.update_or_create(
        application=application,
        defaults={
            "outcome": outcome,
            "reason": reason.strip(),
            "position": position if outcome == ApplicationDecision.Outcome.RESERVE else None,
            "over_quota": over_quota if outcome == ApplicationDecision.Outcome.ACCEPT else "",
            "prepared_by": by,
            "prepared_at": at or timezone.now(),
        },
    )
    return decision


@transaction.atomic
def drop(decision, *, by):
    """Drop a decision that was not released."""
    hold_undecided(decision.application, by)
    ApplicationDecision.objects.filter(pk=decision.pk, released_at=None).delete()


def prepared_for(call):
    """The prepared decisions of a call, by the number of the application."""
    return (
        ApplicationDecision.objects.filter(
            application__call=call, released_at=None, application__status=Application.Status.SENT
        )
        .select_related("application__jst__parent__parent", "application__call__edition", "prepared_by")
        .order_by("application__number")
    )


@transaction.atomic
def release(decisions, *, by, at=None):
    """Release decisions together, as they were read: each moves its application, all or none.

    Raises TransitionError where one has changed since, or naming the first that cannot be made.
    """
    ChainHead.hold()
    for decision in decisions:
        taken = ApplicationDecision.objects.filter(
            pk=decision.pk, released_at=None, prepared_at=decision.prepared_at
        )
        if not taken.update(released_at=at or timezone.now()):
            raise TransitionError(
                _("A decision has changed in the meantime. Read them again before you release them.")
            )
        # Read anew: the obstacles look at the decision through the application.
        application = Application.objects.select_related("call__edition", "jst", "decision").get(
            pk=decision.application_id
        )
        try:
            APPLICATION.perform(application, decision.outcome, by=by, comment=decision.reason, at=at)
        except TransitionError as error:
            raise TransitionError(f"{application.jst.full_name}: {error}") from error


def awaiting_decision(user):
    """The closed calls that this person runs, each with `undecided` and `prepared` applications."""
    sent = Q(applications__status=Application.Status.SENT)
    prepared = sent & Q(applications__decision__isnull=False)
    return (
        Call.objects.run_by(user)
        .filter(closes__lte=timezone.now())
        .annotate(
            undecided=Count("applications", filter=sent), prepared=Count("applications", filter=prepared)
        )
        .filter(undecided__gt=0)
    )
