"""Second opinions: an expert who has judged a version says of another's review of it what they think.

They are for ORE and for the experts who have judged the version; no team ever sees one.
"""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.permissions import is_ore_staff
from plans.judging import Closed, hold_in_review
from plans.models import Review, SecondOpinion
from plans.permissions import may_second
from plans.workflow import about_review
from portal.models import ChainHead
from portal.workflow import NotAllowed, TransitionError, note


@transaction.atomic
def second(review, *, agrees, reason, by, at=None):
    """Say that one agrees with another expert's review, or disagrees and why; said anew, it replaces the old.

    The same words again change nothing, unless the review was corrected since. Raises NotAllowed, Closed
    where the version is not in review any more or the review is being corrected, or TransitionError without
    a reason.
    """
    reason = reason.strip()
    ChainHead.hold()
    if not may_second(by, review):
        raise NotAllowed(who_seconds())
    hold_in_review(review.version)
    if not Review.objects.claim(review, {Review.Status.HANDED_IN}):
        raise Closed(_("Second opinions on this review are closed now. Your text stays on this page."))
    if not (agrees or reason):
        raise TransitionError(_("Say why you disagree."))
    known = SecondOpinion.objects.dated().filter(review=review, author=by).first()
    if known and (known.agrees, known.reason) == (agrees, reason) and not known.is_outdated:
        return known
    said = {"agrees": agrees, "reason": reason, "written_at": at or timezone.now()}
    opinion, _created = SecondOpinion.objects.update_or_create(review=review, author=by, defaults=said)
    note("plans.review.second", by=by, about=about_review(review), data={"agrees": agrees}, at=at)
    return opinion


def who_seconds():
    """Say who may give a second opinion."""
    return _("Only another expert of this version, whose own review is handed in, gives a second opinion.")


def with_second_opinions(reviews, user):
    """Give each review the `second_opinions_read` by this person, in one query; return the reviews.

    Each opinion says `who` gave it: experts know each other by no name, ORE knows all.
    """
    found = SecondOpinion.objects.visible_to(user).dated().filter(review__in=reviews)
    heard, names = defaultdict(list), is_ore_staff(user)
    for opinion in found.select_related("author"):
        opinion.is_own = opinion.author_id == user.pk
        opinion.who = _("You") if opinion.is_own else str(opinion.author) if names else _("Another expert")
        heard[opinion.review_id].append(opinion)
    for review in reviews:
        review.second_opinions_read = heard[review.pk]
    return reviews
