"""Judging: an expert's review is saved as often as one likes; remarks, ORE's too, are added and changed.

The unit of a save is the whole judgement: scores, rationales, verdicts, recommendation and summary. It is
one conditional UPDATE on the review's revision, so of two windows the second is told, never overwritten.
"""

import hashlib
import json
import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from plans.amending import judged_criteria, judged_sections
from plans.models import (
    Criterion,
    Decision,
    PlanEvent,
    PlanVersion,
    Remark,
    Review,
    ReviewScore,
    SectionVerdict,
)
from plans.permissions import can_change_remark, decides, is_reviewer
from plans.workflow import REVIEW
from portal.models import ChainHead
from portal.prepared import prepared_for_all
from portal.workflow import NotAllowed, TransitionError, note


class Closed(TransitionError):
    """The review can no longer be written, or not yet; the text says why."""


class Stale(Exception):
    """The review was saved in another window since the revision from which this save started."""


@dataclass
class Judgement:
    """What an expert says of one version. Anything may be empty until the review is handed in."""

    scores: dict = field(default_factory=dict)  # criterion's key → (score or None, rationale)
    verdicts: dict = field(default_factory=dict)  # section's key → verdict or ""
    recommendation: str = ""
    summary: str = ""

    def says_the_same(self, other):
        """Whether both say the same; what is empty and what is absent are equal."""

        def said(judgement):
            scores = {key: pair for key, pair in judgement.scores.items() if pair != (None, "")}
            verdicts = {key: verdict for key, verdict in judgement.verdicts.items() if verdict}
            return scores, verdicts, judgement.recommendation, judgement.summary

        return said(self) == said(other)


def criteria_of(review):
    """Return the criteria by which the review is written, each with `own_score` and `own_rationale`."""
    setup = review.version.plan.participation.edition.setup
    return prepared_for_all("plans.criteria", criteria_with_scores, setup.criteria_id, review.pk)


def criteria_with_scores(criteria_set, review):
    own = ReviewScore.objects.filter(review=review, criterion=OuterRef("pk")).order_by()
    return Criterion.objects.filter(criteria_set=criteria_set).annotate(
        own_score=Subquery(own.values("score")), own_rationale=Subquery(own.values("rationale"))
    )


def stored_judgement(review, criteria=None):
    """Return what the review says now."""
    criteria = criteria_of(review) if criteria is None else criteria
    return Judgement(
        scores={one.pk: (one.own_score, one.own_rationale or "") for one in criteria},
        verdicts=dict(review.verdicts.values_list("key", "verdict")),
        recommendation=review.recommendation,
        summary=review.summary,
    )


@transaction.atomic
def save_review(review, judgement, *, by, revision, at=None):
    """Store what the expert has written so far, started from `revision`; return the new revision.

    The first save begins the review. The same words again change nothing and return the revision they
    have. Raises Closed, NotAllowed, another TransitionError (a conflict of interest), or Stale.
    """
    hold_open(review, by=by, at=at)
    taken = Review.objects.filter(pk=review.pk, status__in=Review.WRITABLE, revision=revision).update(
        revision=F("revision") + 1,
        recommendation=judgement.recommendation,
        summary=judgement.summary,
    )
    if not taken:
        return repeated(review, judgement)
    ReviewScore.objects.bulk_create(
        (
            ReviewScore(review=review, criterion_id=key, score=score, rationale=rationale)
            for key, (score, rationale) in judgement.scores.items()
        ),
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["score", "rationale"],
    )
    SectionVerdict.objects.bulk_create(
        (
            SectionVerdict(review=review, key=key, verdict=verdict)
            for key, verdict in judgement.verdicts.items()
        ),
        update_conflicts=True,
        unique_fields=["review", "key"],
        update_fields=["verdict"],
    )
    return revision + 1


def hold_open(review, *, by, at=None):
    """Hold the version in review for this transaction and begin the review where nobody has yet."""
    if not is_reviewer(by, review):
        raise NotAllowed(_("Only the expert who reviews the plan writes the review."))
    if review.status == Review.Status.ASSIGNED:
        # Beginning takes the chain, and the chain is always taken before any other row.
        ChainHead.hold()
        review.refresh_from_db(fields=["status"])
    if not PlanVersion.objects.claim(review.version, {PlanVersion.Status.IN_REVIEW}):
        raise Closed(_("The plan is not in review now, so nothing was saved. Your text stays on this page."))
    if review.status == Review.Status.ASSIGNED:
        REVIEW.perform(review, "begin", by=by, at=at)


def repeated(review, judgement):
    """Answer a save that found another revision: the same words are a repeated request, others are stale."""
    review.refresh_from_db(fields=["status", "revision", "recommendation", "summary"])
    if review.status not in Review.WRITABLE:
        raise Closed(_("The review has been handed in, so nothing was saved. Your text stays on this page."))
    if judgement.says_the_same(stored_judgement(review)):
        return review.revision
    raise Stale


@dataclass(frozen=True)
class Missing:
    """One thing that a review lacks: the place on its page, and what to do."""

    anchor: str
    sentence: str


def missing(review):
    """Return what the review still lacks before it may be handed in, in the order of its page."""
    criteria = criteria_of(review)
    stored = stored_judgement(review, criteria)
    found = []
    for section in judged_sections(review.version):
        if not stored.verdicts.get(section.key):
            sentence = _("Give a verdict on the section “%s”.") % section.title
            found.append(Missing(f"sekcja-{section.key}", sentence))
    for criterion in judged_criteria(review.version, criteria):
        score, rationale = stored.scores[criterion.pk]
        if score is None:
            sentence = _("Score the criterion “%s”.") % criterion.label
            found.append(Missing(f"kryterium-{criterion.pk}", sentence))
        elif not rationale.strip():
            sentence = _("Give the rationale for the criterion “%s”.") % criterion.label
            found.append(Missing(f"kryterium-{criterion.pk}", sentence))
    if not stored.recommendation:
        found.append(Missing("rekomendacja", _("Choose a recommendation.")))
    if not stored.summary.strip():
        found.append(Missing("podsumowanie", _("Write a summary.")))
    return found


# --- Remarks ------------------------------------------------------------------------------------


def remark_uid(about, uid, words):
    """Return the uid under which a remark is stored: the same request again is the same remark.

    Other words under the same `uid` (a page reached by the back button) are another remark, never lost.
    """
    return uuid.uuid5(uid, "\n".join([about, *(str(words[name]) for name in sorted(words))]))


@transaction.atomic
def add_remark(review, *, uid, by, section, kind, body, row_uid=None, field="", at=None):
    """Add a remark to a place of the reviewed version; the same request twice is one remark.

    It belongs to the review: nobody else sees it before the review is handed in.
    """
    hold_open(review, by=by, at=at)
    if not Review.objects.claim(review, Review.WRITABLE):
        raise Closed(_("The review has been handed in: its remarks no longer change."))
    words = {"section": section, "row_uid": row_uid, "field": field, "kind": kind, "body": body}
    remark, _created = Remark.objects.get_or_create(
        uid=remark_uid(str(review.pk), uid, words),
        defaults=words
        | {"plan_id": review.version.plan_id, "version": review.version, "review": review, "author": by}
        | ({"created_at": at} if at else {}),
    )
    return remark


@transaction.atomic
def add_ore_remark(version, *, uid, by, section, kind, body, row_uid=None, field="", at=None):
    """Add a remark of ORE itself to a place of a version in review; the same request twice is one remark.

    The team sees it once the decision is released. Raises NotAllowed, or Closed where a decision is prepared.
    """
    if not decides(by, version):
        raise NotAllowed(_("ORE's coordinators decide about plans."))
    hold_in_review(version)
    if Decision.objects.filter(version=version).exists():
        raise Closed(_("A decision is prepared. Drop it before you add a remark; your text stays here."))
    words = {"section": section, "row_uid": row_uid, "field": field, "kind": kind, "body": body}
    remark, created = Remark.objects.get_or_create(
        uid=remark_uid(f"version {version.pk}", uid, words),
        defaults=words
        | {"plan_id": version.plan_id, "version": version, "author": by}
        | ({"created_at": at} if at else {}),
    )
    if created:
        note("plans.remark.add", by=by, at=at, **of_ore(remark))
    return remark


def hold_in_review(version):
    """Hold a version in review for this transaction, so that no decision on it is released meanwhile."""
    ChainHead.hold()
    if not PlanVersion.objects.claim(version, {PlanVersion.Status.IN_REVIEW}):
        raise Closed(_("The plan is not in review now, so nothing was saved. Your text stays on this page."))


def of_ore(remark):
    """What an event about a remark of ORE keeps: not the row itself, which may still be removed."""
    about = PlanEvent(plan_id=remark.plan_id, version_id=remark.version_id)
    return {"about": about, "data": {"remark": str(remark.uid)}}


def stamp(remark):
    """Return a short sign of what a remark says, by which a page grown stale is known."""
    told = [remark.kind, remark.body, remark.field]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@transaction.atomic
def change_remark(remark, *, by, kind, body, field, seen):
    """Change a remark of a review that is still being written, or of ORE before its decision is released.

    `seen` is the `stamp` from which the person started: what somebody else has changed since is not
    overwritten. The same words again change nothing. Raises NotAllowed or TransitionError.
    """
    hold_changeable(remark, by=by)
    stored = Remark.objects.filter(pk=remark.pk, status=Remark.Status.OPEN).first()
    if stored is None:
        raise Closed(_("This remark no longer changes, so nothing was saved. Your text stays on this page."))
    if (stored.kind, stored.body, stored.field) == (kind, body, field):
        return
    if seen != stamp(stored):
        raise TransitionError(
            _("Somebody has changed this since you opened the page. Yours is below and is not saved yet.")
        )
    Remark.objects.filter(pk=remark.pk).update(kind=kind, body=body, field=field)
    if remark.review_id is None:
        note("plans.remark.change", by=by, **of_ore(remark))


@transaction.atomic
def delete_remark(remark, *, by, seen):
    """Remove a remark of a review that is still being written, or of ORE before its decision is released.

    `seen` is the `stamp` of the words that the person read: what was changed since is not removed unread.
    """
    hold_changeable(remark, by=by)
    stored = Remark.objects.filter(pk=remark.pk, status=Remark.Status.OPEN).first()
    if stored and seen != stamp(stored):
        raise TransitionError(_("Somebody has changed this remark since you opened the page. Read it again."))
    removed, _rows = Remark.objects.filter(pk=remark.pk, status=Remark.Status.OPEN).delete()
    if removed and remark.review_id is None:
        note("plans.remark.remove", by=by, **of_ore(remark))


def hold_changeable(remark, *, by):
    """Hold the remark's review for this transaction; raises where the remark may not be changed."""
    if not can_change_remark(by, remark):
        if remark.review_id is None and remark.status != Remark.Status.OPEN and decides(by, remark.version):
            raise Closed(_("Somebody has settled this remark, so nothing was saved. Your text stays here."))
        raise NotAllowed(who_changes(remark))
    if remark.review_id is None:
        hold_in_review(remark.version)
        return
    hold_open(remark.review, by=by)
    if not Review.objects.claim(remark.review, Review.WRITABLE):
        raise Closed(_("The review has been handed in: its remarks no longer change."))


def who_changes(remark):
    """Say who changes a remark, and until when."""
    if remark.review_id is None:
        return _("Only ORE's coordinators change a remark of ORE, until the decision is released.")
    return _("Only its author changes a remark, until the review is handed in.")
