"""Pages on which coordinators look after all reviews: who writes, who is late, what came of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jst.permissions import is_coordinator
from plans import permissions
from plans.corrections import locked_sections, unlock_section
from plans.flag_forms import UnlockForm
from plans.models import Review
from plans.nudging import nudge
from plans.oversight import PER_PAGE, ReviewFilter, lines_of, reviews_to_oversee
from plans.views.reading import get_plan
from plans.views.reviewing import attempt, move_status


def require_coordinator(user):
    if not is_coordinator(user):
        raise PermissionDenied(_("ORE's coordinators look after the reviews."))


@require_safe
def review_dashboard(request):
    """All reviews with their state, due day, result and remarks; the late ones can be nudged."""
    require_coordinator(request.user)
    review_filter = ReviewFilter(request.GET)
    rows = review_filter.apply(reviews_to_oversee())
    page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(page.object_list, timezone.localdate())
    context = {"page": page, "reviews": lines, "filter": review_filter}
    return render(request, "plans/review_dashboard.html", context)


@require_POST
def review_nudge(request, pk):
    """Remind the expert of one late review."""
    require_coordinator(request.user)
    review = get_object_or_404(Review.objects.select_related("version", "expert__person"), pk=pk)
    _nothing, refusal = attempt(nudge, review, by=request.user)
    for sentence in refusal:
        messages.warning(request, sentence)
    if not refusal:
        messages.success(request, _("%s gets a letter.") % review.expert)
    back = request.POST.get("back", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("plans:review_dashboard")


@require_http_methods(["GET", "POST"])
def unlock(request, pk):
    """Open one more section of a returned plan, with a reason."""
    plan = get_plan(request, pk)
    version = plan.latest()
    version.plan = plan
    if not permissions.decides(request.user, version):
        raise PermissionDenied(_("ORE's coordinators open more sections."))
    sections = locked_sections(version)
    form = UnlockForm(request.POST if request.method == "POST" else None, sections=sections)
    refusal = []
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        words = {"reason": said["reason"], "by": request.user}
        _nothing, refusal = attempt(unlock_section, version, said["section"], **words)
        if not refusal:
            messages.success(request, _("The section is open. The team gets a letter."))
            return redirect(plan)
    context = {"plan": plan, "form": form, "refusal": refusal, "sections": sections}
    return render(request, "plans/section_unlock.html", context, status=move_status(form, refusal))
