"""Where experts who judged the same version agree, and whether a third has to be asked.

Two experts differ when they recommend different things, or when one criterion is met to one of them and not
met at all to the other. A third opinion does not count here: it was asked because of the difference.
"""

from dataclasses import dataclass, field

from django.db.models import Exists, F, Max, Min, OuterRef, Q

from plans.models import PlanVersion, Review, ReviewScore

# From “does not meet” to “meets”: the whole scale.
FAR = ReviewScore.Score.MET - ReviewScore.Score.NOT_MET


@dataclass
class Difference:
    """In what the first experts of a version differ: recommendations in words, and criteria."""

    recommendations: list = field(default_factory=list)
    criteria: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.recommendations or self.criteria)


def difference(reviews, scores, criteria):
    """Return in what the first reviews that were handed in differ.

    `scores` maps (criterion, review) to a ReviewScore, as `opinions_on` has them at hand.
    """
    first = [one for one in reviews if one.status == Review.Status.HANDED_IN and not one.is_third]
    found = Difference()
    if len(first) < 2:
        return found
    if len({one.recommendation for one in first}) > 1:
        found.recommendations = [one.get_recommendation_display() for one in first]
    for criterion in criteria:
        given = [scores[criterion.pk, one.pk].score for one in first if (criterion.pk, one.pk) in scores]
        given = [score for score in given if score is not None]
        if given and max(given) - min(given) >= FAR:
            found.criteria.append(criterion.label)
    return found


def divided(versions):
    """Return those of `versions` whose first experts have all handed in and differ."""
    reviews = Review.objects.filter(version=OuterRef("pk"), is_third=False)
    handed_in = reviews.filter(status=Review.Status.HANDED_IN).order_by()
    said = handed_in.values("version").annotate(first=Min("recommendation"), last=Max("recommendation"))
    scores = ReviewScore.objects.filter(
        review__version=OuterRef("pk"), review__is_third=False, review__status=Review.Status.HANDED_IN
    )
    spread = scores.order_by().values("criterion").annotate(spread=Max("score") - Min("score"))
    return versions.exclude(Exists(reviews.filter(status__in=Review.WRITABLE))).filter(
        Exists(said.exclude(first=F("last"))) | Exists(spread.filter(spread__gte=FAR))
    )


def wanting_third(versions):
    """Return those of `versions` in review for which a third expert has to be asked."""
    third = Review.objects.filter(version=OuterRef("pk"), is_third=True)
    asked = Exists(third.exclude(status__in=Review.WITHOUT_OPINION))
    third_is_asked_for = Q(plan__participation__edition__setup__third_review=True)
    return divided(versions.filter(third_is_asked_for, status=PlanVersion.Status.IN_REVIEW)).exclude(asked)


def wants_third(version):
    return wanting_third(PlanVersion.objects.filter(pk=version.pk)).exists()


def waits_for_third(version):
    """Whether a third expert was asked and has not handed in yet."""
    return version.reviews.filter(is_third=True, status__in=Review.WRITABLE).exists()
