"""How many remarks of a plan are open, answered, upheld and settled, as far as a person may see them."""

from dataclasses import dataclass

from django.db.models import BooleanField, Count, Exists, OuterRef, Value

from jst.permissions import is_ore_staff
from plans.models import PlanVersion, Remark
from portal.prepared import prepared

S = Remark.Status
# One plan, or a page of a list: the statement is kept for as many keys.
SIZES = (1, 50)


@dataclass
class Tally:
    """Remarks by how far they are; `settled` are confirmed or waived."""

    open: int = 0
    answered: int = 0
    upheld: int = 0
    settled: int = 0

    def add(self, status, count=1):
        name = "settled" if status in Remark.SETTLED else str(status)
        setattr(self, name, getattr(self, name) + count)

    @property
    def all(self):
        return self.open + self.answered + self.upheld + self.settled


def tallies(plans, user):
    """Return {plan: Tally} of the plans with these keys that have remarks the person may see, in one query.

    Answers of a draft that the person may not read count as not given, as on the page of the ledger.
    """
    if not plans:
        return {}
    size = next((size for size in SIZES if len(plans) <= size), None)
    if size is None:
        counted = counted_of(user, *plans)
    else:
        # No plan has the key 0.
        padded = [*plans, *[0] * (size - len(plans))]
        counted = prepared(f"plans.tallies_{size}", counted_of, user, *padded)
    found = {}
    for plan, status, unsent, count in counted:
        as_seen = S.OPEN if unsent and status == S.ANSWERED else status
        found.setdefault(plan, Tally()).add(as_seen, count)
    return found


def counted_of(user, *plans):
    return (
        Remark.objects.visible_to(user)
        .filter(plan__in=plans)
        .order_by()
        .annotate(unsent=hidden_draft(user))
        .values_list("plan", "status", "unsent")
        .annotate(count=Count("pk"))
    )


def hidden_draft(user):
    """Whether the plan of a remark has a draft that the person may not read, as an expression."""
    if not user.is_authenticated:
        return Value(False, output_field=BooleanField())
    drafts = PlanVersion.objects.filter(plan=OuterRef("plan"), status__in=PlanVersion.UNSENT)
    if is_ore_staff(user):
        return Exists(drafts)
    return Exists(drafts.exclude(pk__in=PlanVersion.objects.visible_to(user).values("pk")))


def tally_of(remarks):
    """Return the Tally of remarks at hand, as `ledger.remarks_for` has dressed them."""
    found = Tally()
    for remark in remarks:
        found.add(remark.status)
    return found
