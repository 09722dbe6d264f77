"""Giving many plans to experts at once: a proposal by load, a list from a file, all or nothing."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from jst.expert_lists import with_load
from jst.models import ConflictDeclaration, Expert, ExpertAssignment, OperatorStaff, TeamMembership
from plans.assigning import assign_reviewer
from plans.load import open_reviews
from plans.models import PlanVersion, Review
from plans.queue import lacking_experts
from portal.models import ChainHead
from portal.workflow import TransitionError

# Nobody chooses from a longer list; the nearest and the least busy come first.
MOST_OFFERED = 50


@dataclass
class Seat:
    """One expert that a version still lacks: those to offer and the one proposed."""

    version: PlanVersion
    number: int
    offered: list = field(default_factory=list)
    chosen: Expert | None = None

    @property
    def name(self):
        return f"seat-{self.version.pk}-{self.number}"

    @property
    def is_first(self):
        return self.number == 1


def waiting_versions(edition):
    """Return the versions of an edition that lack experts, each with those `asked` and `needed`.

    A change of an accepted plan lacks those of its light review; where it needs none, it is not here.
    """
    return lacking_experts().filter(plan__participation__edition=edition)


class Bench:
    """The experts of today with their load, and who may never judge whose plan; few queries, however many."""

    def __init__(self, versions):
        self.busy = with_load(Expert.objects.today().select_related("person", "region"))
        self.refused = barred(versions)
        reviews = open_reviews([one.expert.pk for one in self.busy])
        self.load = {one.expert.pk: one.units + reviews.get(one.expert.pk, 0) for one in self.busy}
        self.reviews = Counter(reviews)
        self.asked, self.proposed = defaultdict(set), defaultdict(set)
        for version, expert in Review.objects.filter(version__in=versions).values_list("version", "expert"):
            self.asked[version].add(expert)

    def fit(self, version):
        """Return those who may judge this version and were not asked, the nearest and least busy first."""
        unit = version.plan.participation.jst
        fit = [
            one.expert
            for one in self.busy
            if (one.expert.pk, unit.pk) not in self.refused and one.expert.pk not in self.asked[version.pk]
        ]
        return sorted(fit, key=lambda expert: self.distance(expert, unit))

    def distance(self, expert, unit):
        region = expert.region.code if expert.region else ""
        return (region != unit.voivodeship_code, self.reviews[expert.pk], self.load[expert.pk], str(expert))

    def may_take(self, version, expert):
        if expert.pk in self.proposed[version.pk]:
            return False
        return expert.capacity is None or self.load[expert.pk] < expert.capacity

    def take(self, version, expert):
        self.proposed[version.pk].add(expert.pk)
        self.load[expert.pk] += 1
        self.reviews[expert.pk] += 1


def barred(versions):
    """Return {(expert, unit)} never to be brought together, as `permissions.conflicts` says for one pair."""
    jsts = {version.plan.participation.jst_id for version in versions}
    editions = {version.plan.participation.edition for version in versions}
    declared = ConflictDeclaration.objects.filter(jst__in=jsts).values_list("expert", "jst")
    members = TeamMembership.objects.filter(
        participation__jst__in=jsts, person__expert__isnull=False
    ).values_list("person__expert", "participation__jst")
    cares = ExpertAssignment.objects.filter(
        participation__jst__in=jsts, role__in=ExpertAssignment.CARING
    ).values_list("expert", "participation__jst")
    operators = {edition.operator_id for edition in editions if edition.operator_id}
    staff = OperatorStaff.objects.lasting().filter(operator__in=operators)
    employed = Expert.objects.filter(person__in=staff.values("person")).values_list("pk", flat=True)
    return {*declared, *members, *cares, *((expert, jst) for expert in employed for jst in jsts)}


def seats_for(versions):
    """Return a `Seat` for each expert that these versions lack, with a proposal where somebody has room.

    An expert of the unit's own voivodeship comes first, then the one with fewer open reviews. Every proposal
    counts for the next one.
    """
    bench, seats = Bench(versions), []
    for version in versions:
        for number in range(1, version.needed - version.asked + 1):
            fit = bench.fit(version)
            seat = Seat(version, number, fit[:MOST_OFFERED])
            seat.chosen = next((expert for expert in fit if bench.may_take(version, expert)), None)
            if seat.chosen:
                bench.take(version, seat.chosen)
            seats.append(seat)
    return seats


def load_after(pairs):
    """Return (expert, open reviews now, then, whether too many) for each chosen, the busiest first."""
    more = Counter(expert.pk for _version, expert in pairs)
    experts = {expert.pk: expert for _version, expert in pairs}
    now = open_reviews(list(experts))
    units = {one.expert.pk: one.units for one in with_load(experts.values())}
    lines = []
    for pk, expert in experts.items():
        then = now.get(pk, 0) + more[pk]
        too_many = expert.capacity is not None and units[pk] + then > expert.capacity
        lines.append((expert, now.get(pk, 0), then, too_many))
    return sorted(lines, key=lambda line: (-line[2], str(line[0])))


@transaction.atomic
def assign_many(pairs, *, by, due, at=None):
    """Give each version to its expert, all or none; raises TransitionError naming the first that cannot."""
    if not pairs:
        raise TransitionError(_("Choose an expert for at least one plan."))
    if len({(version.pk, expert.pk) for version, expert in pairs}) < len(pairs):
        raise TransitionError(_("One expert is chosen twice for the same plan."))
    ChainHead.hold()
    for version, expert in pairs:
        try:
            assign_reviewer(version, expert, by=by, due=due, at=at)
        except TransitionError as error:
            name = version.plan.participation.jst.full_name
            raise TransitionError(*(f"{name}: {sentence}" for sentence in error.sentences)) from error
