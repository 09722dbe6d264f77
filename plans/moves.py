"""What belongs to the moves of a plan version, done in the move's own transaction."""

from datetime import timedelta

from django.utils import timezone

from plans import permissions
from plans.amending import reviews_needed
from plans.comparison import compare
from plans.content import Content
from plans.copying import open_next as copy_to_next
from plans.models import ChangeRequest, NumberSequence, PlanEvent, PlanVersion, Review, ScoreRecord
from plans.publishing import go_on_publishing
from plans.tasks import make_document
from portal.workflow import note


def seal(version, at):
    """Return what the event of sending keeps: the digest of the content and the number of the letter."""
    year = timezone.localdate(at).year
    return {
        "sha256": Content(version).sha256(),
        "number": f"PS/{year}/{NumberSequence.next(year):04d}",
    }


def send(version, event):
    """Freeze the version: its digest, number, comparison with the last sent one, reviewers and PDF."""
    version.sha256 = event.data["sha256"]
    version.register_number = event.data["number"]
    version.sent_at = event.at
    before = version.read_before()
    version.comparison = compare(before, version) if before else None
    version.save(update_fields=["sha256", "register_number", "sent_at", "comparison"])
    if asked := version.before():
        reassign(asked, version, event)
    make_document.enqueue(version.pk)


def accept(version, event):
    """Let the PDF say that the plan is accepted, and publish what the team's consent covers."""
    make_document.enqueue(version.pk)
    go_on_publishing(version, event)


def reassign(before, version, event):
    """Give the new version to the experts of the last one, unless a conflict has come up since.

    Not to the third: that opinion was asked because the first two differed on that version.
    """
    given = 0
    most = most_asked(before, version)
    first = before.reviews.exclude(status__in=Review.WITHOUT_OPINION).exclude(is_third=True)
    days = version.plan.participation.edition.setup.review_days
    due = timezone.localdate(event.at) + timedelta(days=days)
    for review in first.select_related("expert__person"):
        if given == most:
            break
        if permissions.conflicts(review.expert, version.plan):
            continue
        new = Review.objects.create(version=version, expert=review.expert, due=due)
        note(
            "plans.review.assign",
            by=event.actor,
            about=PlanEvent(plan_id=version.plan_id, version=version, review=new),
            at=event.at,
        )
        given += 1


def most_asked(before, version):
    """Return how many experts of the last version are asked again: of an accepted one no more than needed."""
    return reviews_needed(version) if before.status == PlanVersion.Status.ACCEPTED else None


def open_next(version, event):
    """Open the next draft as a copy of this version."""
    copy_to_next(version)


def reopen(version, event):
    """Keep what the return asks for, and open the next draft with only those sections unlocked."""
    decision = version.decision
    ChangeRequest.objects.create(version=version, sections=decision.sections, due=decision.due)
    copy_to_next(version)


def judgement(review, at):
    """Return what the event of handing in keeps: each answer without its words, a trail of re-scoring."""
    return {
        "scores": {str(score.criterion_id): score.score for score in review.scores.all()},
        "verdicts": dict(review.verdicts.values_list("key", "verdict")),
        "recommendation": review.recommendation,
    }


def keep_scores(review, event):
    """Keep each score and its rationale as handed in: what a later correction replaces can still be read."""
    ScoreRecord.objects.bulk_create(
        ScoreRecord(
            review=review,
            criterion_id=score.criterion_id,
            score=score.score,
            rationale=score.rationale,
            recorded_at=event.at,
        )
        for score in review.scores.all()
    )
