"""Pages of experts: the register with its load for those who run editions, and an expert's own units."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst import experts
from jst.caretaking import caring_for, work_of
from jst.expert_lists import headings, with_load
from jst.forms.experts import DescribeForm, ExpertFilter
from jst.models import Expert, JstEvent
from jst.permissions import is_coordinator, may_see_experts
from jst.views.teams import posted
from portal import conventions
from portal.history import told

PER_PAGE = 50
HISTORY_SHOWN = 30


def require_reader(user):
    if not may_see_experts(user):
        raise PermissionDenied(_("ORE's staff and those who run an edition see the experts."))


@require_safe
def expert_list(request):
    """The experts of the programme with their work today."""
    require_reader(request.user)
    expert_filter = ExpertFilter(request.GET)
    found = expert_filter.apply(Expert.objects.select_related("person", "region"))
    page = Paginator(found.order_by("person__sort_key", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_load(page.object_list),
        "headings": headings(),
        "filter": expert_filter,
    }
    return render(request, "jst/expert_list.html", context)


@require_safe
def expert_detail(request, pk):
    """One expert: since when, where, how busy, with which units, with which conflicts."""
    require_reader(request.user)
    expert = get_object_or_404(Expert.objects.select_related("person", "region"), pk=pk)
    (busy,) = with_load([expert])
    about = JstEvent.objects.filter(
        Q(assignment__expert=expert) | Q(conflict__expert=expert) | Q(event__data__expert=expert.pk)
    )
    context = {
        "expert": expert,
        "busy": busy,
        "may_change": is_coordinator(request.user),
        "numbers": busy.labelled,
        "assignments": work_of(expert),
        "conflicts": expert.conflicts.select_related("jst__parent"),
        "statements": expert.statements.select_related("edition"),
        "history": told(about.with_words(), HISTORY_SHOWN),
    }
    return render(request, "jst/expert_detail.html", context)


@require_http_methods(["GET", "POST"])
def expert_describe(request, pk):
    """Say where an expert works and how many units they would care for."""
    if not is_coordinator(request.user):
        raise PermissionDenied(_("Only ORE's coordinators do this."))
    expert = get_object_or_404(Expert.objects.select_related("person"), pk=pk)
    now = {"region": expert.region_id, "capacity": expert.capacity}
    form = DescribeForm(posted(request), initial=now)
    if form.is_valid():
        experts.describe(expert, by=request.user, **form.cleaned_data)
        messages.success(request, _("The changes are saved."))
        return redirect("jst:expert", pk)
    context = {"form": form, "expert": expert}
    return render(request, "jst/expert_describe.html", context, status=422 if form.errors else 200)


@require_safe
def own_units(request):
    """The units the person cares for today, each with the ways into it."""
    assignments = list(caring_for(request.user))
    if not assignments:
        raise PermissionDenied(_("You care for no unit today."))
    offered = conventions.offered("links", "team_links")
    rows = [
        (one, [link for links in offered for link in links(one.participation, request.user)])
        for one in assignments
    ]
    return render(request, "jst/expert_units.html", {"rows": rows})
