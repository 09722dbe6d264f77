"""What a team says to itself about its plan. ORE, experts, operators and auditors never read it."""

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import Participation
from jst.permissions import is_member
from plans.models import InternalComment, PlanEvent
from plans.sections import STRUCTURES
from portal.models import ChainHead
from portal.prepared import prepared
from portal.workflow import NotAllowed, note


def is_caretaker(user, plan):
    return Participation.objects.of_caretaker(user).filter(pk=plan.participation_id).exists()


def may_comment(user, plan):
    """Anybody in the team today, readers too, and the caretaker of today."""
    return is_member(user, plan.participation) or is_caretaker(user, plan)


def add_comment(plan, *, section, body, by, row_uid=None, at=None):
    """Keep a comment, of now or of the moment `at`; the caretaker's is marked as such."""
    if not may_comment(by, plan):
        raise NotAllowed(_("Only the team and its caretaker write comments."))
    with transaction.atomic():
        ChainHead.hold()
        comment = InternalComment.objects.create(
            plan=plan,
            section=section,
            row_uid=row_uid,
            body=body,
            author=by,
            by_caretaker=not is_member(by, plan.participation),
            created_at=at or timezone.now(),
        )
        tell("add", comment, by, at)
    return comment


def settle(comment, *, by, at=None):
    """Mark a comment as settled; a second time changes nothing."""
    change(comment, "settle", by, at, is_settled=False, settled_at=at or timezone.now(), settled_by=by)


def reopen(comment, *, by):
    """Put a settled comment back among those that wait; a second time changes nothing."""
    change(comment, "reopen", by, is_settled=True, settled_at=None, settled_by=None)


def change(comment, move, by, at=None, *, is_settled, **fields):
    """Change a comment that is still in the state given, with the event of it."""
    refuse_strangers(comment, by)
    with transaction.atomic():
        ChainHead.hold()
        found = InternalComment.objects.filter(pk=comment.pk, settled_at__isnull=not is_settled)
        if found.update(**fields):
            tell(move, comment, by, at)


def tell(move, comment, by, at=None):
    """Write the event without the words of the comment; a caretaker's says whose the comment is."""
    data = {"section": comment.section, "comment": comment.pk}
    if comment.by_caretaker:
        data["caretaker"] = comment.author_id
    note(f"plans.comment.{move}", by=by, about=PlanEvent(plan_id=comment.plan_id), data=data, at=at)


def refuse_strangers(comment, by):
    if not InternalComment.objects.visible_to(by).filter(pk=comment.pk).exists():
        raise NotAllowed(_("Only the team and its caretaker write comments."))


def comments_on(plan, user, section=None):
    """Return the comments that `user` may read, unsettled first, each with the person who wrote it."""
    found = prepared("plans.comments", comments_of, user, plan.pk)
    if section is not None:
        found = [comment for comment in found if comment.section == section.key]
    return sorted(found, key=lambda comment: (comment.settled_at is not None, comment.pk))


def comments_of(user, plan):
    found = InternalComment.objects.visible_to(user).filter(plan=plan)
    return found.select_related("author", "settled_by")


def unsettled_by_section(plan, user):
    """Return section key → how many comments wait there for an answer."""
    return dict(prepared("plans.unsettled_comments", unsettled_of, user, plan.pk))


def unsettled_of(user, plan):
    waiting = InternalComment.objects.visible_to(user).filter(plan=plan).unsettled().order_by()
    return waiting.values_list("section").annotate(Count("pk"))


def rows_to_comment(version, section):
    """Return (uid, words) of the rows of a section on which somebody may comment."""
    if section.is_narrative:
        return []
    models = {row_set.model for row_set in STRUCTURES[section.key]}
    rows = [row for model in models for row in model.objects.filter(version=version)]
    return [(str(row.uid), str(row)) for row in sorted(rows, key=lambda row: row.pk)]
