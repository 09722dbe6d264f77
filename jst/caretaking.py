"""Who might care for which unit: a proposal by voivodeship and load that those who run the edition change."""

from dataclasses import dataclass

from jst.expert_lists import with_load
from jst.models import ConflictDeclaration, Expert, ExpertAssignment, TeamMembership

# Nobody chooses from a longer list; the nearest and the least busy come first.
MOST_OFFERED = 50


@dataclass
class Row:
    """One unit without a caretaker, the experts to offer for it and the one proposed."""

    participation: object
    offered: list
    chosen: Expert | None = None

    @property
    def name(self):
        return f"unit-{self.participation.pk}"


def rows_for(participations):
    """Return a `Row` for each unit, with a proposal where an expert is free, fit and has stated conflicts.

    An expert of the unit's own voivodeship comes before others, the one with fewer units before one with
    more; every proposal counts for the next. Queries do not grow with the units.
    """
    participations = list(participations)
    experts = with_load(Expert.objects.today().select_related("person", "region"))
    refused, stated = conflicts_of(participations), stated_in(participations)
    units = {busy.expert.pk: busy.units for busy in experts}
    rows = []
    for participation in participations:
        fit = [busy for busy in experts if (busy.expert.pk, participation.jst_id) not in refused]
        fit.sort(key=lambda busy, where=participation: nearness(busy, where, units))
        row = Row(participation, [busy.expert for busy in fit[:MOST_OFFERED]])
        row.chosen = next((busy.expert for busy in fit if may_take(busy, units, stated, participation)), None)
        if row.chosen:
            units[row.chosen.pk] += 1
        rows.append(row)
    return rows


def nearness(busy, participation, units):
    region = busy.expert.region.code if busy.expert.region else ""
    return (region != participation.jst.voivodeship_code, units[busy.expert.pk], str(busy.expert))


def may_take(busy, units, stated, participation):
    capacity = busy.expert.capacity
    has_room = capacity is None or units[busy.expert.pk] < capacity
    return has_room and (busy.expert.pk, participation.edition_id) in stated


def conflicts_of(participations):
    """Return {(expert, unit)} never to be brought together: conflicts, and members of the team ever."""
    jsts = [participation.jst_id for participation in participations]
    declared = ConflictDeclaration.objects.filter(jst__in=jsts).values_list("expert", "jst")
    members = TeamMembership.objects.filter(
        participation__jst__in=jsts, person__expert__isnull=False
    ).values_list("person__expert", "participation__jst")
    return {*declared, *members}


def stated_in(participations):
    """Return {(expert, edition)} of the statements made for the editions of these units."""
    editions = {participation.edition_id for participation in participations}
    found = Expert.objects.filter(statements__edition__in=editions)
    return set(found.values_list("pk", "statements__edition"))


def load_after(rows):
    """Return (expert, units now, units then) for every expert chosen in `rows`, the busiest first."""
    chosen = {}
    for row in rows:
        if row.chosen:
            chosen.setdefault(row.chosen.pk, [row.chosen, 0])[1] += 1
    busy = with_load([expert for expert, _more in chosen.values()])
    found = [(one.expert, one.units, one.units + chosen[one.expert.pk][1]) for one in busy]
    return sorted(found, key=lambda line: (-line[2], str(line[0])))


def work_of(expert):
    """Return the assignments of an expert with what a page shows, today's first."""
    rows = expert.assignments.select_related("participation__jst__parent", "participation__edition")
    return sorted(rows, key=lambda row: (row.until is not None, -row.since.toordinal()))


def caring_for(user):
    """Return the units that the person cares for today, as caretaker or deputy, with what a page shows."""
    return (
        ExpertAssignment.objects.today()
        .caring()
        .filter(expert__person=user)
        .select_related("participation__jst__parent", "participation__edition")
        .order_by("participation__jst__sort_key", "pk")
    )
