"""Experts as those who run editions look for them: who they are, where, and how busy."""

from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from jst.models import Expert, ExpertAssignment
from portal import conventions
from portal.models import User


@dataclass
class Busy:
    """One expert with the numbers of their work today, in the order of `headings()`."""

    expert: Expert
    numbers: list = field(default_factory=list)
    units: int = 0

    @property
    def labelled(self):
        """The numbers, each with its heading."""
        return list(zip(headings(), self.numbers, strict=True))

    @property
    def free(self):
        """How many units more the expert would take; None where there is no limit."""
        return None if self.expert.capacity is None else max(0, self.expert.capacity - self.units)


def loads():
    """Return (heading, function) of every app, lowest layer first; the first counts units."""
    return [pair for loads in conventions.offered("load", "LOADS") for pair in loads.items()]


def headings():
    return [heading for heading, _count in loads()]


def with_load(experts):
    """Return the experts as `Busy`, in their order; one query for each kind of load."""
    experts = list(experts)
    counted = [count([expert.pk for expert in experts]) for _heading, count in loads()]
    return [
        Busy(expert, [found.get(expert.pk, 0) for found in counted], counted[0].get(expert.pk, 0))
        for expert in experts
    ]


def named(experts, words):
    """Return the experts whose name or address has every word, with or without Polish letters."""
    return experts.filter(person__in=User.objects.search(words))


def with_free_capacity(experts):
    """Return the experts who would take one unit more today."""
    full = (
        ExpertAssignment.objects.today()
        .filter(role=ExpertAssignment.Role.CARETAKER)
        .order_by()
        .values("expert")
        .annotate(count=Count("pk"))
        .filter(count__gte=F("expert__capacity"))
    )
    return experts.exclude(Q(capacity=0) | Q(pk__in=full.values("expert")))
