"""From draft to ORE: what is missing, the moves, publication."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from plans import permissions
from plans.adoption_forms import PublishForm
from plans.forms import ReasonForm
from plans.models import PlanVersion
from plans.problems import problems as find_problems
from plans.progress import offered_moves
from plans.publishing import publish_plan
from plans.views.reading import get_plan
from plans.views.writing import get_draft, refuse
from plans.workflow import VERSION
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError

# What follows from a move, said before the button is pressed.
CONSEQUENCES = {
    "ask_signature": gettext_lazy(
        "The signatory will get a letter. Until the answer comes nobody can change the plan."
    ),
    "recall": gettext_lazy("The plan can be changed again. The signatory will not be able to send it."),
    "decline": gettext_lazy("The plan goes back to the team with your reason."),
    "send": gettext_lazy(
        "After sending the plan cannot be changed. You will get a confirmation with its number."
    ),
    "take_back": gettext_lazy("A copy opens for changes. The version that was sent stays in the history."),
    "start_review": gettext_lazy("The experts get a letter and the team can no longer take the plan back."),
    "amend": gettext_lazy(
        "A copy opens for changes. The accepted plan stays in force until the new one is accepted."
    ),
}


@require_safe
def problems(request, pk):
    """What is still missing, for every member of the team, at any time, with links to the places."""
    version = get_draft(request, pk)
    if not permissions.can_check(request.user, version):
        refuse(request, version, _("Only the team checks what is missing in its draft."))
    found = find_problems(version) if version.status in PlanVersion.UNSENT else []
    return render(
        request,
        "plans/plan_problems.html",
        {
            "plan": version.plan,
            "version": version,
            "blockers": [problem for problem in found if problem.is_blocker],
            "warnings": [problem for problem in found if not problem.is_blocker],
            "move_links": offered_moves(version, request.user),
        },
    )


@require_http_methods(["GET", "POST"])
def move(request, pk, number, move):
    """Confirm and make one move of a version: the only door for the buttons."""
    plan = get_plan(request, pk)
    version = get_object_or_404(plan.versions, number=number)
    version.plan = plan
    transition = VERSION.transitions.get(move)
    if transition is None or transition.hidden or transition.page:
        raise Http404
    if version.status not in transition.sources:
        return already_done(request, plan)
    if not transition.allowed(request.user, version):
        raise PermissionDenied(_("You may not do this."))
    form = ReasonForm(request.POST if request.method == "POST" else None, required=transition.needs_comment)
    if form.is_valid():
        return make_move(request, version, transition, form)
    return show_move(request, version, transition, form, status=422 if form.is_bound else 200)


def make_move(request, version, transition, form):
    try:
        VERSION.perform(version, transition.name, by=request.user, comment=form.cleaned_data["comment"])
    except AlreadyMoved:
        return already_done(request, version.plan)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except TransitionError as error:
        return show_move(request, version, transition, form, refusal=error.sentences, status=409)
    messages.success(request, done_sentence(transition, version))
    return redirect(version.plan)


def already_done(request, plan):
    """Lead to the plan: two clicks, or two people, end on the same page."""
    messages.info(request, _("This had already been done. Here is where the plan stands now."))
    return redirect(plan)


def show_move(request, version, transition, form, *, refusal=(), status=200):
    context = {
        "plan": version.plan,
        "version": version,
        "move": transition,
        "form": form,
        "refusal": refusal,
        "consequence": CONSEQUENCES.get(transition.name, ""),
    }
    return render(request, "plans/version_move.html", context, status=status)


def done_sentence(transition, version):
    if transition.name == "send":
        return _("The plan has been sent to ORE. Its number is %s.") % version.register_number
    return _("Done: %s.") % transition.label


@require_http_methods(["GET", "POST"])
def publish(request, pk):
    """The team agrees to publish the accepted plan, or withdraws it from the public list."""
    plan = get_plan(request, pk)
    if not permissions.can_publish(request.user, plan):
        raise PermissionDenied(_("The lead of the team decides about publication."))
    if plan.in_force() is None:
        raise PermissionDenied(_("Only an accepted plan can be published."))
    form = PublishForm(request.POST if request.method == "POST" else None, plan=plan)
    if "withdraw" in request.POST:
        publish_plan(plan, published=False, by=request.user)
    elif form.is_bound and form.is_valid():
        publish_plan(plan, published=True, by=request.user, **form.words())
    else:
        context = {"plan": plan, "form": form}
        return render(request, "plans/plan_publish.html", context, status=422 if form.is_bound else 200)
    messages.success(request, _("Saved."))
    return redirect(plan)
