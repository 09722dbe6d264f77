"""Title, scope and years of a plan, changed by the lead of its team."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans import describing, permissions
from plans.describing import describe_plan, in_way, stamp, was_sent
from plans.forms import AboutForm
from plans.models import Plan, PlanVersion
from plans.sections import sections_of
from plans.upgrading import leftovers
from plans.views.reviewing import attempt, move_status
from plans.views.writing import get_draft, refuse


@require_http_methods(["GET", "POST"])
def about(request, pk):
    """Title, scope and years: what is typed on a page grown stale comes back beside what is stored."""
    version = get_draft(request, pk)
    if not permissions.leads(request.user, version):
        refuse(request, version, _("The lead of the team changes the title, scope and years of the plan."))
    data = request.POST if request.method == "POST" else None
    form = AboutForm(data, initial=describing.about(version), may_rescope=not was_sent(version))
    refusal = []
    if form.is_bound and form.is_valid():
        words = {"seen": request.POST.get("seen", ""), "by": request.user} | form.cleaned_data
        event, refusal = attempt(describe_plan, version.plan, **words)
        if not refusal:
            return described(request, version.plan, event)
        version = PlanVersion.objects.for_page().get(pk=version.plan.latest().pk)
    return render(
        request,
        "plans/plan_about.html",
        about_page(version, form) | {"refusal": refusal},
        status=move_status(form, refusal),
    )


def about_page(version, form):
    """Return what the page shows: the form, what is stored, and what only a wide plan has."""
    plan = version.plan
    wide = sections_of(Plan(template=plan.template, scope=Plan.Scope.WIDE))
    return {
        "plan": plan,
        "version": version,
        "form": form,
        "stamp": stamp(version),
        "closed": in_way(version),
        "was_sent": was_sent(version),
        "only_wide": [section for section in wide if not section.in_narrow],
    }


def described(request, plan, event):
    """Say what became of the change, and where the words are that have no section now."""
    messages.success(request, _("Saved.") if event else _("Nothing was to be changed."))
    if event and event.data["left"] and leftovers(Plan.objects.get(pk=plan.pk).latest()):
        messages.warning(
            request,
            _("What the left out sections say is kept. You find it on the page “The form of the plan”."),
        )
    return redirect(plan)
