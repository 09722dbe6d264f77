"""What stops the moves of an application, and what belongs to them."""

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import Application, ApplicationDecision, Call, Participation, ScoringCriterion
from jst.problems import problems
from jst.quotas import Meter, free_places

Status = Application.Status


# --- Sending ------------------------------------------------------------------------------------


def incomplete(application):
    """One sentence: the page with jump links tells everything that is missing."""
    if count := len(problems(application)):
        yield (
            ngettext(
                "The application cannot be sent yet: %d thing is missing. See “What is still missing”.",
                "The application cannot be sent yet: %d things are missing. See “What is still missing”.",
                count,
            )
            % count
        )


def seal(application, at):
    """Give the application the next number of its call; return what the event of sending keeps.

    The head of the chain is held, so numbers follow the commits. Written before the status: the database
    knows no application that was sent and has no number.
    """
    Call.objects.filter(pk=application.call_id).update(last_number=F("last_number") + 1)
    application.number = Call.objects.values_list("last_number", flat=True).get(pk=application.call_id)
    application.sent_at = at
    application.save(update_fields=["number", "sent_at"])
    return {
        "number": application.number,
        "schools": application.schools.count(),
        "people": application.people.count(),
    }


# --- Deciding -----------------------------------------------------------------------------------


def decided(outcome):
    """Return an obstacle: the move is made only by releasing a decision with this outcome."""

    def obstacle(application):
        released = ApplicationDecision.objects.filter(
            application=application, outcome=outcome, released_at__isnull=False
        )
        return [] if released.exists() else [_("Prepare the decision and release it.")]

    return obstacle


def not_scored(application):
    criteria = ScoringCriterion.objects.filter(call=application.call_id).count()
    done = application.scores.count()
    if done < criteria:
        yield _("Score every criterion first. Done: %(done)d of %(all)d.") % {"done": done, "all": criteria}


def no_place(application):
    if free_places(application.call) < 1:
        yield _("All places of this call are taken.")


def takes_part_already(application):
    units = Participation.objects.filter(edition=application.call.edition_id, jst=application.jst_id)
    if units.exists():
        yield _("This unit is in the edition already.")


def beyond_quota(application):
    """A quota may be exceeded only with a reason, which stays with the decision."""
    exceeded = Meter(application.call).exceeded_by(application.jst)
    if exceeded and not application.decision.over_quota.strip():
        for line in exceeded:
            yield _("This would exceed the quota: %(quota)s, %(taken)d of %(limit)d. Give a reason.") % {
                "quota": line.label,
                "taken": line.taken,
                "limit": line.limit,
            }


def accepting(application):
    if sentences := [*decided("accept")(application), *takes_part_already(application)]:
        return sentences
    return [*not_scored(application), *no_place(application), *beyond_quota(application)]


def reserving(application):
    return [*decided("reserve")(application), *not_scored(application)]


def grounds(application, at):
    """Return what the event of a decision keeps: points, place, and why beyond the quota."""
    scores = {str(score.criterion_id): score.points for score in application.scores.all()}
    found = {"scores": scores, "points": sum(scores.values())}
    if application.decision.over_quota:
        found["beyond_quota"] = application.decision.over_quota
    return found


def line_up(application, event):
    """Put the application on the reserve list at the place of the decision, else at its end."""
    waiting = Application.objects.waiting_list(application.call).exclude(pk=application.pk)
    last = waiting.aggregate(last=Max("position"))["last"] or 0
    wanted = application.decision.position
    place = wanted if wanted and wanted <= last else last + 1
    # Nobody shares a place for a moment either: the last moves first, and this one comes when it is free.
    Application.objects.filter(pk=application.pk).update(position=None)
    for row in waiting.filter(position__gte=place).order_by("-position"):
        Application.objects.filter(pk=row.pk).update(position=F("position") + 1)
    application.position = place
    application.save(update_fields=["position"])


# --- Offers -------------------------------------------------------------------------------------


def not_the_first(application):
    first = Application.objects.waiting_list(application.call).first()
    if first and first.pk != application.pk:
        yield _("Another application is first on the reserve list.")


def offering(application):
    return [*not_the_first(application), *no_place(application), *takes_part_already(application)]


def terms(application, at):
    """Set the end of the offer, and return what its event keeps."""
    application.offered_until = at + application.call.offer_lasts
    application.save(update_fields=["offered_until"])
    return {"until": application.offered_until.isoformat()}


def sign(application, event):
    """Keep who offered: in that person's name the unit enters the edition once the place is taken."""
    application.offered_by = event.actor
    application.save(update_fields=["offered_by"])
    close_ranks(application, event)


def close_ranks(application, event):
    """Let those behind an application that leaves the reserve list move up, the first of them first."""
    if event.old_status != Status.RESERVE:
        return
    behind = Application.objects.waiting_list(application.call).filter(position__gt=application.position)
    for row in behind:
        Application.objects.filter(pk=row.pk).update(position=F("position") - 1)
    application.position = None
    application.save(update_fields=["position"])


def offer_has_lapsed(application):
    """Exact to the second, whether or not the portal has recorded the lapse yet."""
    if timezone.now() >= application.offered_until:
        yield _("The time to answer this offer is over.")


def taking(application):
    return [*offer_has_lapsed(application), *takes_part_already(application)]


def offer_still_stands(application):
    if timezone.now() < application.offered_until:
        yield _("The offer still stands.")
