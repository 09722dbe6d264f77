"""Pages of ORE's coordinators: who reviews a plan, what is decided, and when it is told."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from jst.permissions import is_coordinator
from plans import permissions
from plans.amending import is_amendment
from plans.assigning import assign_reviewer
from plans.closing import closing_steps
from plans.decision_forms import AssignForm, DecisionForm, ExpertFilter, stamp
from plans.decision_letters import with_letters, with_recipients
from plans.decisions import drop_decision, prepare_decision, release_decisions
from plans.ledger import remarks_for
from plans.models import Decision, PlanVersion, Remark
from plans.opinions import experts_with_load, opinions_on, unavailable_experts
from plans.places import in_version
from plans.queue import awaiting_decision, prepared_decisions
from plans.seconding import with_second_opinions
from plans.sections import sections_of
from plans.tallies import tallies, tally_of
from plans.views.adopting import get_followed
from plans.views.files import as_download
from plans.views.reading import get_plan, get_version
from plans.views.reviewing import attempt

PER_PAGE = 50
ASSIGNABLE = {PlanVersion.Status.SENT, PlanVersion.Status.IN_REVIEW}


@require_http_methods(["GET", "POST"])
def reviewers(request, pk):
    """Who reviews the plan: those asked so far, and those who may be asked."""
    plan = get_plan(request, pk)
    version = plan.latest()
    version.plan = plan
    if not permissions.decides(request.user, version):
        raise PermissionDenied(_("ORE's coordinators assign experts."))
    experts = permissions.assignable_experts(plan).exclude(reviews__version=version)
    days = plan.participation.edition.setup.review_days
    form = AssignForm(request.POST if request.method == "POST" else None, experts=experts, days=days)
    refusal = []
    if form.is_bound and form.is_valid():
        words = {"due": form.cleaned_data["due"], "by": request.user}
        review, refusal = attempt(assign_reviewer, version, form.cleaned_data["expert"], **words)
        if not refusal:
            messages.success(request, _("%s has been asked to review the plan.") % review.expert)
            return redirect("plans:reviewers", pk)
    status = 422 if form.errors else 409 if refusal else 200
    context = {"form": form, "refusal": refusal, "is_open": version.status in ASSIGNABLE}
    context |= choice_of_experts(request, version, experts)
    return render(request, "plans/reviewers_assign.html", context, status=status)


def choice_of_experts(request, version, experts):
    """Return what the page of reviewers shows: reviews so far, experts to choose from, and who may not."""
    expert_filter = ExpertFilter(request.GET)
    rows = expert_filter.apply(experts_with_load(experts, version.plan.participation.jst))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    opinions = opinions_on(version)
    return {
        "plan": version.plan,
        "version": version,
        "filter": expert_filter,
        "page": page,
        "reviews": opinions.reviews,
        "opinions": opinions,
        "needed": opinions.needed,
        "amends": is_amendment(version),
        "tally": tallies([version.plan_id], request.user).get(version.plan_id),
        "may_start": version.status == PlanVersion.Status.SENT and not opinions.lacking,
        "unavailable": unavailable_experts(version.plan),
    }


def get_decided(request, pk, number):
    """Return the version to decide on; 404 for strangers, 403 for others who know the plan."""
    version = get_version(request, pk, number)
    if not permissions.can_follow(request.user, version.plan):
        raise Http404
    if not permissions.decides(request.user, version):
        raise PermissionDenied(_("ORE's coordinators decide about plans."))
    return version


@require_http_methods(["GET", "POST"])
def decision(request, pk, number):
    """Prepare, change or drop the decision on a version; nobody is told before it is released."""
    version = get_decided(request, pk, number)
    found = Decision.objects.filter(version=version)
    decision = found.select_related("prepared_by", "released_by", "report").first()
    if request.method == "POST" and "drop" in request.POST:
        return drop(request, version, decision)
    opinions = opinions_on(version)
    with_second_opinions(opinions.handed_in, request.user)
    found = remarks_for(version, request.user, leads=in_version(version))
    remarks = [one for keyed in found.values() for one in keyed]
    form = decision_form(request, version, decision, opinions, remarks)
    refusal = []
    if form.is_bound and form.is_valid():
        words = form.words() | {"seen": stamp(decision), "by": request.user}
        _decision, refusal = attempt(prepare_decision, version, **words)
        if not refusal:
            messages.success(request, _("The decision is prepared. Nobody is told before it is released."))
            return redirect("plans:decision", pk, number)
    context = {"version": version, "plan": version.plan, "decision": decision, "opinions": opinions}
    context |= {"form": form, "refusal": refusal, "stamp": stamp(decision)}
    context |= how_it_stands(version, decision, opinions, remarks, by=request.user)
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "plans/decision_edit.html", context, status=status)


def how_it_stands(version, decision, opinions, remarks, *, by):
    """Return what the page tells of a decision and its remarks, and until the release what is left to do."""
    unsettled = [one for one in remarks if is_unsettled(one)]
    found = {"tally": tally_of(remarks), "unsettled": unsettled}
    found["others"] = [one for one in remarks if not is_unsettled(one)]
    found["section_titles"] = titles(version, decision)
    if version.status == PlanVersion.Status.IN_REVIEW:
        if decision:
            decision.version = version
            with_letters([decision], by)
        found["steps"] = closing_steps(decision, opinions, unsettled)
    return found


def decision_form(request, version, decision, opinions, remarks):
    """Return the form of a decision, with the sections that experts and remarks want corrected."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return DecisionForm(
        *posted,
        sections=sections_of(version.plan),
        suggested=opinions.to_correct | {one.section for one in remarks if is_unsettled(one)},
        decision=decision,
        reviews_missing=opinions.incomplete,
        days=version.plan.participation.edition.setup.correction_days,
    )


def titles(version, decision):
    """Return the titles of the sections that a prepared return opens."""
    keys = decision.sections if decision else []
    return [section.title for section in sections_of(version.plan) if section.key in keys]


def is_unsettled(remark):
    return remark.status not in Remark.SETTLED and remark.kind != Remark.Kind.SUGGESTION


def drop(request, version, decision):
    """Drop a decision that was prepared and not released."""
    refusal = []
    if decision is None or decision.released_at:
        messages.info(request, _("There is no prepared decision to drop."))
    elif request.POST.get("seen", stamp(decision)) != stamp(decision):
        refusal = [_("This has changed in the meantime. Check where it stands now.")]
    else:
        _nothing, refusal = attempt(drop_decision, decision, by=request.user)
        if not refusal:
            messages.success(request, _("The prepared decision has been dropped."))
    for sentence in refusal:
        messages.warning(request, sentence)
    return redirect("plans:decision", version.plan_id, version.number)


@require_safe
def decision_report(request, pk, number):
    """ORE's report on a version: before the release for whoever decides, then for all who follow the plan."""
    version = get_followed(request, pk, number)
    decisions = Decision.objects.visible_to(request.user).select_related("report")
    decision = decisions.filter(version=version).exclude(report=None).first()
    if decision is None:
        raise Http404
    return as_download(decision.report)


@require_http_methods(["GET", "POST"])
def decisions(request):
    """Decisions that wait for their release, and plans that wait for a decision."""
    if not is_coordinator(request.user):
        raise PermissionDenied(_("ORE's coordinators decide about plans."))
    if request.method == "POST":
        return release(request)
    return show_decisions(request)


def show_decisions(request, refusal=(), status=200):
    page = Paginator(prepared_decisions(), PER_PAGE).get_page(request.GET.get("page"))
    awaiting = list(awaiting_decision()[:PER_PAGE])
    prepared = list(page.object_list)
    plans = [*(one.version.plan_id for one in prepared), *(version.plan_id for version in awaiting)]
    counts = tallies(plans, request.user)
    with_recipients(prepared, request.user)
    for decision in prepared:
        decision.stamp, decision.tally = stamp(decision), counts.get(decision.version.plan_id)
    for version in awaiting:
        version.tally = counts.get(version.plan_id)
    context = {"page": page, "prepared": prepared, "awaiting": awaiting, "refusal": refusal}
    return render(request, "plans/decision_list.html", context, status=status)


def release(request):
    """Ask once more, then release the chosen decisions together: all or none."""
    stamps = request.POST.getlist("decision")[:PER_PAGE]
    keys = {one.partition(":")[0] for one in stamps}
    keys = {int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19}
    chosen = list(prepared_decisions().filter(pk__in=keys))
    if not chosen:
        return show_decisions(request, [_("Choose at least one decision that is not released yet.")], 422)
    with_letters(chosen, request.user)
    for decision in chosen:
        decision.stamp = stamp(decision)
    refusal = []
    if {decision.stamp for decision in chosen} != set(stamps):
        refusal = [_("A decision has changed in the meantime. Read them again before you release them.")]
    elif "confirm" in request.POST:
        _nothing, refusal = attempt(release_decisions, chosen, by=request.user)
        if not refusal:
            sentence = ngettext(
                "%d decision has been released.", "%d decisions have been released.", len(chosen)
            )
            messages.success(request, sentence % len(chosen))
            return redirect("plans:decisions")
    letters = sum(len(decision.recipients) for decision in chosen)
    context = {"chosen": chosen, "refusal": refusal, "letters": letters}
    return render(request, "plans/decision_release.html", context, status=409 if refusal else 200)
