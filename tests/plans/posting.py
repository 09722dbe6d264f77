"""What the page of a review posts, and where."""

from plans.judging import criteria_of
from plans.sections import sections_of


def words(review, revision=0, **changes):
    """Everything the form posts, filled in, as a person would."""
    data = {
        "revision": str(revision),
        "request_key": "a",
        "recommendation": "accept",
        "summary": "Dobry plan.",
    }
    for criterion in criteria_of(review):
        data |= {f"score-{criterion.pk}": "2", f"rationale-{criterion.pk}": "Widać to w planie."}
    data |= {f"verdict-{section.key}": "fine" for section in sections_of(review.version.plan)}
    return data | changes


def address(review, *path):
    return "/".join(["", "recenzje", str(review.pk), *path, ""])
