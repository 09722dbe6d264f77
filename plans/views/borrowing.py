"""Borrowing a goal of an accepted plan: look for it, see what would come, put it into the draft."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plans.borrowing import Loan, find_goals
from plans.models import SectionState
from plans.transfer.applying import NotWritten, insert
from plans.views.transferring import get_written_draft, revisions_seen

SECTIONS = ("goals", "actions", "indicators")


@require_safe
def goals(request, pk):
    """Goals of published plans by their words and by the name of the unit."""
    version = get_written_draft(request, pk)
    words = request.GET.get("szukaj", "")[:100]
    found = find_goals(words, besides=version.plan)
    context = {"plan": version.plan, "version": version, "words": words, "found": found}
    return render(request, "plans/goal_search.html", context)


@require_http_methods(["GET", "POST"])
def goal(request, pk, source, uid):
    """One goal to borrow, with its actions and indicators if wished."""
    version = get_written_draft(request, pk)
    loan = Loan.of(source, uid)
    if loan is None:
        raise Http404
    refusal = []
    if request.method == "POST":
        try:
            borrow(version, loan, request)
        except NotWritten as reason:
            refusal = reason.sentences
        else:
            messages.success(request, _("The goal has been put into your plan. Adapt it to your unit."))
            return redirect("plans:section", pk, "goals")
    states = SectionState.objects.filter(version=version, key__in=SECTIONS).order_by("key")
    context = {"plan": version.plan, "version": version, "loan": loan, "states": states, "refusal": refusal}
    context["key"] = uuid.uuid4()
    return render(request, "plans/goal_borrow.html", context, status=409 if refusal else 200)


def borrow(version, loan, request):
    """Write what was chosen on the page."""
    data = request.POST
    try:
        key = str(uuid.UUID(data.get("request_key", "")))
    except ValueError:
        key = str(uuid.uuid4())
    rows = loan.rows(version, key, actions="actions" in data, indicators="indicators" in data)
    insert(version, rows, revisions_seen(data), origin=loan.origin, request_key=key, by=request.user)
