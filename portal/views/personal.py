"""What the portal keeps about the person who looks, and the clauses about it."""

from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from portal import clauses
from portal.extract import sections_about
from portal.models import ClauseReading, InformationClause


@require_safe
def my_data(request):
    """Everything kept about the person, in the same sections as the extract."""
    readings = ClauseReading.objects.filter(person=request.user).select_related("clause")
    context = {"sections": sections_about(request.user), "readings": readings}
    return render(request, "portal/my_data.html", context)


@require_http_methods(["GET", "POST"])
def information(request):
    """Show the clauses that the person has not read, once before work goes on; the button says they were."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, None):
        target = resolve_url("desk")
    unread = list(InformationClause.objects.unread_by(request.user))
    if request.method == "POST":
        shown = set(request.POST.getlist("clause"))
        clauses.read(request.user, [clause for clause in unread if str(clause.pk) in shown])
        return redirect(target)
    if not unread:
        return redirect(target)
    request.session[clauses.SHOWN] = True
    return render(request, "portal/information.html", {"clauses": unread, "next": target})
