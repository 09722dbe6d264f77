"""The pages of those who run a call: its applications, scores, decisions, the reserve list, replacements."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from jst import deciding, offers
from jst.forms.deciding import ApplicationFilter, DecisionForm, EndParticipationForm, ScoreForm
from jst.models import Application, Call
from jst.permissions import can_run_edition, may_run_application
from jst.quotas import Meter, free_places
from jst.received import HEADER, as_lines, as_table, received
from jst.views.application import get_application
from jst.views.teams import get_team, posted
from jst.workflow import PARTICIPATION
from portal.exports import table_file
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError

ENDING = {"rezygnacja": "withdraw", "wykluczenie": "exclude"}


def get_run_call(request, slug):
    """Return a call whose applications the person reads, or 404."""
    rows = Call.objects.run_by(request.user).select_related("edition__operator")
    return get_object_or_404(rows, slug=slug)


def get_managed_call(request, slug):
    """The same, for those who decide."""
    call = get_run_call(request, slug)
    if not can_run_edition(request.user, call.edition):
        raise PermissionDenied(_("ORE's coordinators and the operator of the edition decide. You may read."))
    return call


@require_safe
def application_list(request, slug):
    """The applications of a call by points, the quota meter, and what is to be done."""
    call = get_run_call(request, slug)
    wanted = ApplicationFilter(request.GET)
    page = Paginator(wanted.apply(received(call)), 50).get_page(request.GET.get("page"))
    context = {
        "call": call,
        "filter": wanted,
        "page": page,
        "rows": as_lines(page.object_list),
        "meter": Meter(call).lines(),
        "may_run": can_run_edition(request.user, call.edition),
        "first": offers.first_on_reserve(call),
        "prepared": deciding.prepared_for(call).count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "jst/application_list.html", context)


@require_safe
def application_file(request, slug, form):
    """What the list shows, filtered alike, as CSV or XLSX."""
    call = get_run_call(request, slug)
    wanted = ApplicationFilter(request.GET)
    made = date_format(timezone.localtime(), "DATETIME_FORMAT")
    about = [(_("Call"), call.title), (_("Made on"), made), *wanted.in_words()]
    return table_file(form, call.slug, HEADER, as_table(wanted.apply(received(call))), about=about)


# --- One application ----------------------------------------------------------------------------


def get_judged(request, pk):
    """Return an application that the person decides about; who only reads it is told who does."""
    application = get_application(request, pk)
    if not may_run_application(request.user, application):
        raise PermissionDenied(_("ORE's coordinators and the operator of the edition decide. You may read."))
    return application


@require_http_methods(["GET", "POST"])
def application_score(request, pk):
    """Points and a rationale for each criterion."""
    application = get_judged(request, pk)
    criteria = list(application.call.criteria.all())
    form = ScoreForm(posted(request), application=application, criteria=criteria)
    if form.is_valid():
        try:
            deciding.score(application, form.values(), by=request.user)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Saved."))
            return redirect("jst:application_decision", application.pk)
    context = {"application": application, "form": form, "open": application.status == "sent"}
    return render(request, "jst/application_score.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def application_decision(request, pk):
    """Prepare a decision, change or drop the prepared one. Releasing has a page of its own."""
    application = get_judged(request, pk)
    decision = getattr(application, "decision", None)
    initial = {name: getattr(decision, name) for name in DecisionForm.base_fields} if decision else None
    dropping = request.method == "POST" and "drop" in request.POST
    form = DecisionForm(None if dropping else posted(request), initial=initial)
    if dropping or form.is_valid():
        try:
            if dropping and decision:
                deciding.drop(decision, by=request.user)
            elif not dropping:
                deciding.prepare(application, by=request.user, **form.cleaned_data)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Saved. Nothing is told to anybody until you release it."))
            return redirect("jst:applications", application.call.slug)
    context = {
        "application": application,
        "decision": decision,
        "form": form,
        "lines": Meter(application.call).lines(),
        "exceeded": Meter(application.call).exceeded_by(application.jst),
    }
    return render(request, "jst/application_decision.html", context, status=422 if form.errors else 200)


# --- Many ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def decision_release(request, slug):
    """The prepared decisions of a call, read once more and released together."""
    call = get_managed_call(request, slug)
    prepared = list(deciding.prepared_for(call))
    refusal = []
    if request.method == "POST":
        chosen = {f"{decision.pk} {decision.prepared_at.timestamp()}": decision for decision in prepared}
        marked = request.POST.getlist("decision")
        try:
            if not marked:
                raise TransitionError(_("Mark the decisions to release."))
            if not set(marked) <= set(chosen):
                raise TransitionError(_("A decision has changed in the meantime. Read them again."))
            deciding.release([chosen[key] for key in marked], by=request.user)
        except TransitionError as error:
            refusal = error.sentences
        else:
            told = ngettext("%d decision is released.", "%d decisions are released.", len(marked))
            messages.success(request, told % len(marked))
            return redirect("jst:applications", call.slug)
    context = {"call": call, "prepared": prepared, "lines": Meter(call).lines(), "refusal": refusal}
    return render(request, "jst/application_release.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def reserve_next(request, slug):
    """Offer the next free place to the first of the reserve list: one button."""
    call = get_managed_call(request, slug)
    refusal = []
    if request.method == "POST":
        seen = request.POST.get("to", "")
        try:
            offers.offer_next(call, to=int(seen) if seen.isdecimal() else 0, by=request.user)
        except AlreadyMoved as error:
            messages.info(request, str(error))
            return redirect("jst:applications", call.slug)
        except TransitionError as error:
            refusal = error.sentences
        else:
            messages.success(request, _("The place is offered. The letter leaves in a few minutes."))
            return redirect("jst:applications", call.slug)
    context = {
        "call": call,
        "first": offers.first_on_reserve(call),
        "free": free_places(call),
        "until": timezone.now() + call.offer_lasts,
        "refusal": refusal,
    }
    return render(request, "jst/reserve_next.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
def participation_end(request, pk, way):
    """Record a withdrawal or an exclusion, and offer the place to the next in the same step."""
    participation = get_team(request, pk)
    if way not in ENDING:
        raise Http404
    if not can_run_edition(request.user, participation.edition):
        raise PermissionDenied(_("Only ORE's coordinators and the operator of the edition do this."))
    move = PARTICIPATION.transitions[ENDING[way]]
    application = Application.objects.filter(participation=participation).select_related("call").first()
    first = offers.first_on_reserve(application.call) if application else None
    form = EndParticipationForm(posted(request), first=first and first.jst.full_name)
    if form.is_valid():
        given = form.cleaned_data
        to = first.pk if first and given.get("replace") else None
        try:
            offers.replace(
                participation, move.name, on=given["on"], reason=given["reason"], by=request.user, offer_to=to
            )
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Done: %s.") % move.label)
            return redirect(participation)
    context = {"participation": participation, "move": move, "form": form, "first": first}
    return render(request, "jst/participation_end.html", context, status=422 if form.errors else 200)
