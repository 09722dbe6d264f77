"""How experts judge: severe or lenient, alike or not, in time or late. For coordinators only.

Everything follows from reviews that were handed in. Agreement is counted over pairs of experts who scored the
same criterion of the same version.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from statistics import mean, pstdev

from django.db.models import Count
from django.utils import timezone

from plans.models import Criterion, PlanEvent, Remark, Review, ReviewScore

# With fewer pairs chance alone moves kappa up and down.
PAIRS_FOR_KAPPA = 30
GRADES = len(ReviewScore.Score.values)


@dataclass
class Judge:
    """One expert in numbers; None where there is nothing to count."""

    expert: object
    reviews: int = 0
    criteria: dict = field(default_factory=dict)  # criterion → (mean, spread)
    average: float | None = None
    leniency: float | None = None  # mean difference to those who judged the same versions
    in_time: int = 0
    with_due: int = 0


@dataclass
class Agreement:
    """How often two experts gave the same score, and how much of that is more than chance."""

    pairs: int = 0
    same: int = 0
    kappa: float | None = None

    @property
    def share(self):
        return round(100 * self.same / self.pairs) if self.pairs else None


@dataclass
class Calibration:
    criteria: list
    judges: list
    agreement: Agreement


def calibration(edition=None):
    """Return how experts judge, in one edition or in all; four queries, however many reviews."""
    reviews = Review.objects.filter(status=Review.Status.HANDED_IN)
    if edition:
        reviews = reviews.filter(version__plan__participation__edition=edition)
    listed = list(reviews.select_related("expert__person").defer("summary").order_by("pk"))
    rows = list(
        ReviewScore.objects.filter(review__in=reviews, score__isnull=False)
        .order_by()
        .values_list("review", "review__version", "review__expert", "criterion", "score")
    )
    criteria = list(Criterion.objects.filter(pk__in={row[3] for row in rows}))
    judges = judges_of(listed, rows)
    return Calibration(criteria, judges, agreement(rows))


def judges_of(reviews, rows):
    """Return a `Judge` for each expert, by name."""
    judges = {}
    for review in reviews:
        judge = judges.setdefault(review.expert_id, Judge(review.expert))
        judge.reviews += 1
    given = defaultdict(lambda: defaultdict(list))
    for _review, _version, expert, criterion, score in rows:
        given[expert][criterion].append(score)
    differences = leniency(rows)
    for pk, judge in judges.items():
        judge.criteria = {key: (mean(found), pstdev(found)) for key, found in given[pk].items()}
        everything = [score for found in given[pk].values() for score in found]
        judge.average = mean(everything) if everything else None
        judge.leniency = mean(differences[pk]) if differences[pk] else None
    count_in_time(reviews, judges)
    return sorted(judges.values(), key=lambda judge: str(judge.expert))


def leniency(rows):
    """Return expert → how each of their scores differs from the mean of others for the same place."""
    places = defaultdict(list)
    for _review, version, expert, criterion, score in rows:
        places[version, criterion].append((expert, score))
    found = defaultdict(list)
    for scores in places.values():
        for expert, score in scores:
            others = [other for who, other in scores if who != expert]
            if others:
                found[expert].append(score - mean(others))
    return found


def count_in_time(reviews, judges):
    """Count the reviews that were first handed in by their due day."""
    events = PlanEvent.objects.filter(review__in=reviews, event__kind="plans.review.hand_in")
    first = {}
    for pk, at in events.order_by("event__sequence").values_list("review", "event__at"):
        first.setdefault(pk, timezone.localdate(at))
    for review in reviews:
        if review.due and review.pk in first:
            judge = judges[review.expert_id]
            judge.with_due += 1
            judge.in_time += first[review.pk] <= review.due


def agreement(rows):
    """Return the agreement of all pairs, with the linearly weighed kappa where there are enough of them."""
    places = defaultdict(list)
    for _review, version, _expert, criterion, score in rows:
        places[version, criterion].append(score)
    pairs = [pair for scores in places.values() for pair in combinations(scores, 2)]
    found = Agreement(len(pairs), sum(one == other for one, other in pairs))
    if len(pairs) >= PAIRS_FOR_KAPPA:
        found.kappa = weighed_kappa(pairs)
    return found


def weighed_kappa(pairs):
    """Return Cohen's kappa with linear weights, whichever expert is first; None where undefined."""
    both = [*pairs, *((other, one) for one, other in pairs)]
    total = len(both)
    shares = Counter(one for one, _other in both)
    observed = sum(abs(one - other) for one, other in both) / total
    chance = sum(
        abs(one - other) * shares[one] * shares[other] for one in range(GRADES) for other in range(GRADES)
    ) / (total * total)
    return 1 - observed / chance if chance else None


def frequent_remarks(edition=None):
    """Return (section, kind, count) of the remarks that left the experts' hands, most frequent first."""
    remarks = Remark.objects.given()
    if edition:
        remarks = remarks.filter(plan__participation__edition=edition)
    counted = remarks.order_by().values_list("section", "kind").annotate(count=Count("pk"))
    return sorted(counted, key=lambda row: (-row[2], row[0], row[1]))
