"""How busy experts are in this app: the units they care for today."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from jst.models import ExpertAssignment


def units(experts):
    """Return {expert: how many units they care for today}, of the experts with these keys."""
    caring = ExpertAssignment.objects.today().filter(expert__in=experts, role=ExpertAssignment.Role.CARETAKER)
    return dict(caring.order_by().values("expert").annotate(count=Count("pk")).values_list("expert", "count"))


LOADS = {_("Units"): units}
