"""The result of a review: the scores weighed by their criteria, and what a correction has changed in them.

The system computes it; nobody types it. It is a share of the most that could be given, in per cent.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from plans.models import ReviewScore, ScoreRecord

MOST = ReviewScore.Score.MET
WORDS = dict(ReviewScore.Score.choices)


def weighed(pairs):
    """Return the result of (score, weight) pairs in whole per cent; None where nothing is scored."""
    scored = [(score, weight) for score, weight in pairs if score is not None and weight]
    most = sum(MOST * weight for _score, weight in scored)
    return round(100 * sum(score * weight for score, weight in scored) / most) if most else None


def mean(results):
    """Return the mean of the results that there are, or None."""
    found = [one for one in results if one is not None]
    return round(sum(found) / len(found)) if found else None


@dataclass(frozen=True)
class Rescored:
    """One score that was corrected after it had been handed in."""

    before: str
    after: str
    before_rationale: str
    before_at: datetime
    after_at: datetime | None  # None while the correction is not handed in
    is_same_score: bool


def rescored(reviews, current=None):
    """Return (criterion, review) → the corrections of that score, oldest first, in one query.

    `current` maps (criterion, review) to (score, rationale) as it stands in a review that is being corrected.
    """
    kept = defaultdict(list)
    for record in ScoreRecord.objects.filter(review__in=reviews).order_by("pk"):
        place = record.criterion_id, record.review_id
        kept[place].append((record.score, record.rationale, record.recorded_at))
    for place, (score, rationale) in (current or {}).items():
        if place in kept:
            kept[place].append((score, rationale, None))
    changes = {}
    for place, steps in kept.items():
        found = [step(*pair) for pair in zip(steps, steps[1:], strict=False) if pair[0][:2] != pair[1][:2]]
        if found:
            changes[place] = found
    return changes


def step(before, after):
    return Rescored(
        before=str(WORDS.get(before[0], "–")),
        after=str(WORDS.get(after[0], "–")),
        before_rationale=before[1] if before[1] != after[1] else "",
        before_at=before[2],
        after_at=after[2],
        is_same_score=before[0] == after[0],
    )
