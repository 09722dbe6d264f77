"""Pages of matters about a plan: the list, raising one, and settling it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst.navigation import standing
from jst.permissions import is_coordinator
from plans import permissions
from plans.facts import title_read
from plans.flag_forms import FlagForm
from plans.flagging import addressees, raise_flag
from plans.forms import ReasonForm
from plans.history import entries_of
from plans.models import Flag, PlanEvent
from plans.views.reading import get_plan
from plans.views.reviewing import attempt, move_status
from plans.workflow import FLAG

PER_PAGE = 50


@require_safe
def flags(request):
    """The matters that concern the person, those to be settled first."""
    if not (is_coordinator(request.user) or standing(request.user)["is_expert"]):
        raise PermissionDenied(_("Matters are between experts and ORE's coordinators."))
    rows = (
        Flag.objects.visible_to(request.user)
        .select_related("plan__participation__jst__parent", "raised_by", "addressee")
        .order_by(F("status").asc(), "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/flag_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
def flag_raise(request, pk):
    """Put a matter about a plan to one person."""
    plan = get_plan(request, pk)
    if not permissions.can_raise_flag(request.user, plan):
        raise PermissionDenied(_("Only the plan's experts and ORE's coordinators raise matters."))
    form = FlagForm(request.POST if request.method == "POST" else None, people=addressees(request.user, plan))
    refusal = []
    if form.is_bound and form.is_valid():
        flag, refusal = attempt(raise_flag, plan, by=request.user, **form.cleaned_data)
        if not refusal:
            messages.success(request, _("The matter has been put to %s, who gets a letter.") % flag.addressee)
            return redirect(flag)
    context = {"plan": plan, "form": form, "refusal": refusal}
    return render(request, "plans/flag_raise.html", context, status=move_status(form, refusal))


def title_of(flag):
    """Of a plan that was never sent the matter is about the draft, which is the team's to read."""
    return title_read(flag.version.title if flag.version.sent_at else "")


def get_flag(request, pk):
    """Return the matter that concerns the person, or answer 404."""
    flags = Flag.objects.visible_to(request.user).select_related(
        "plan__participation__jst__parent",
        "plan__participation__edition",
        "version",
        "raised_by",
        "addressee",
    )
    return get_object_or_404(flags.defer("version__comparison"), pk=pk)


@require_http_methods(["GET", "POST"])
def flag(request, pk):
    """One matter: what it is, what happened to it, and what may be done with it."""
    flag = get_flag(request, pk)
    moves = FLAG.available(flag, request.user)
    form = ReasonForm(request.POST if request.method == "POST" else None, required=True)
    refusal = []
    if request.method == "POST":
        move = FLAG.transitions.get(request.POST.get("move", ""))
        if move is None:
            raise Http404
        if form.is_valid():
            comment = form.cleaned_data["comment"]
            _event, refusal = attempt(FLAG.perform, flag, move.name, by=request.user, comment=comment)
            if not refusal:
                messages.success(request, _("Done: %s.") % move.label)
                return redirect(flag)
    events = PlanEvent.objects.filter(flag=flag)
    context = {"flag": flag, "plan": flag.plan, "moves": moves, "form": form, "refusal": refusal}
    context["history"] = entries_of(events)
    context["title"] = title_of(flag)
    context["follows"] = permissions.can_follow(request.user, flag.plan)
    return render(request, "plans/flag_detail.html", context, status=move_status(form, refusal))
