"""How busy experts are in this app: the reviews that wait for them."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from plans.models import Review
from plans.queue import WAITING


def open_reviews(experts):
    """Return {expert: how many reviews they still owe}, of the experts with these keys."""
    owed = Review.objects.filter(expert__in=experts, status__in=Review.WRITABLE, version__status__in=WAITING)
    return dict(owed.order_by().values("expert").annotate(count=Count("pk")).values_list("expert", "count"))


LOADS = {_("Open reviews"): open_reviews}
