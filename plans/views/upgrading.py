"""The form by which a plan is written: which one it is, and moving a draft to a newer one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans import permissions
from plans.models import PlanVersion
from plans.upgrading import changes, in_way, leftovers, offered_template, upgrade_plan
from plans.views.writing import get_draft, refuse
from portal.workflow import NotAllowed, TransitionError


@require_http_methods(["GET", "POST"])
def form(request, pk):
    """The form of the plan: what has no place in it, and what a newer one would change. The lead moves."""
    version = get_draft(request, pk)
    plan = version.plan
    if not permissions.can_check(request.user, version):
        refuse(request, version, _("Only the team looks after the form of its plan."))
    offered = offered_template(plan)
    if request.method == "POST":
        return upgrade(request, plan, offered)
    context = {
        "plan": plan,
        "version": version,
        "offered": offered,
        "was_sent": version.number > 1 or version.status not in PlanVersion.UNSENT,
        "obstacles": in_way(version) if offered else [],
        "changes": changes(version, offered) if offered else [],
        "may_upgrade": permissions.leads(request.user, version),
        "leftovers": leftovers(version) if version.status in PlanVersion.UNSENT else [],
    }
    return render(request, "plans/plan_upgrade.html", context)


def upgrade(request, plan, offered):
    """Move the draft to the form that the person has seen, if ORE still offers that one."""
    seen = request.POST.get("template", "")
    try:
        if offered is None or seen != str(offered.pk):
            raise TransitionError(_("This is no longer the form that ORE has chosen. Look again."))
        upgrade_plan(plan, offered, by=request.user)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except TransitionError as error:
        messages.error(request, str(error))
        return redirect("plans:form", plan.pk)
    messages.success(request, _("The plan is now written by the newer form."))
    return redirect("plans:form", plan.pk)
