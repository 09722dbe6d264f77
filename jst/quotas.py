"""The live meter of a call: how many places are taken, by kind of unit and by voivodeship.

An application takes a place when its unit takes part, or while an offer made to it stands. A unit that
withdrew or was excluded gives its place back.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import Application, ApplicationDecision, Jst, Participation

ENDED_EARLY = (Participation.Status.WITHDREW, Participation.Status.EXCLUDED)


def holding_a_place(call, now=None):
    """Return the applications that take a place of the call now."""
    takes_part = Q(status=Application.Status.ACCEPTED) & ~Q(participation__status__in=ENDED_EARLY)
    offered = Q(status=Application.Status.OFFERED, offered_until__gt=now or timezone.now())
    return Application.objects.filter(takes_part | offered, call=call)


def free_places(call, now=None):
    return call.places - holding_a_place(call, now).count()


@dataclass(frozen=True)
class Line:
    """One line of the meter. `offered` is part of `taken`; `prepared` are acceptances not released yet."""

    label: str
    limit: int
    taken: int
    offered: int
    prepared: int
    quota: object = None

    @property
    def left(self):
        return self.limit - self.taken

    @property
    def is_full(self):
        return self.left <= 0

    @property
    def would_exceed(self):
        """How many too many there would be once what is prepared is released."""
        return max(0, self.taken + self.prepared - self.limit)


class Meter:
    """The lines of a call's meter: all places, kinds, voivodeships. Three queries whatever the number."""

    def __init__(self, call):
        self.call = call
        self.quotas = list(call.quotas.select_related("voivodeship"))
        self.kinds = {quota.kind for quota in self.quotas if quota.kind}
        values = ("status", "jst__kind", "jst__code")
        self.holding = list(holding_a_place(call).values_list(*values))
        prepared = Application.objects.filter(
            call=call,
            status=Application.Status.SENT,
            decision__outcome=ApplicationDecision.Outcome.ACCEPT,
            decision__released_at=None,
        )
        self.prepared = list(prepared.values_list(*values))

    def kind_counted(self, kind):
        """A city with county rights counts as an urban gmina unless it has a quota of its own."""
        return Jst.Kind.GM if kind == Jst.Kind.MNP and Jst.Kind.MNP not in self.kinds else kind

    def covers(self, quota, kind, code):
        if quota is None:
            return True
        if quota.kind:
            return quota.kind == self.kind_counted(kind)
        return code.startswith(quota.voivodeship.code)

    def line(self, quota):
        held = Counter(status for status, kind, code in self.holding if self.covers(quota, kind, code))
        prepared = sum(self.covers(quota, kind, code) for _status, kind, code in self.prepared)
        label = str(quota) if quota else _("all places")
        limit = quota.limit if quota else self.call.places
        return Line(label, limit, held.total(), held[Application.Status.OFFERED], prepared, quota)

    def lines(self):
        return [self.line(quota) for quota in (None, *self.quotas)]

    def exceeded_by(self, jst):
        """Return the lines of quotas that one more place for this unit would exceed."""
        covering = [quota for quota in self.quotas if self.covers(quota, jst.kind, jst.code)]
        return [line for line in map(self.line, covering) if line.is_full]
