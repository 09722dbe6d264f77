"""Pages of one remark: the expert, or ORE, adds, changes and settles it, the team answers it."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jst.navigation import standing
from plans import permissions
from plans.forms import ReasonForm
from plans.judging import add_ore_remark, add_remark, change_remark, delete_remark, stamp, who_changes
from plans.ledger import dressed, field_label
from plans.models import Remark, Review
from plans.outline import reading
from plans.phrases import drop_phrase, keep_phrase, phrases_for
from plans.remarks import answer_remark
from plans.review_forms import AnswerForm, RemarkForm, place_in
from plans.views.deciding import get_decided
from plans.views.reviewing import attempt, get_review, move_status
from plans.workflow import REMARK


def get_remark(request, pk):
    """Return the remark that the person may see, dressed for its page, or 404."""
    rows = Remark.objects.visible_to(request.user).select_related(
        "plan__participation__jst__parent",
        "plan__participation__edition__setup",
        "plan__template",
        "version",
        "review__expert",
    )
    return dressed(get_object_or_404(rows, pk=pk), request.user)


def to_remark(address, remark):
    return redirect(f"{address}#remark-{remark.pk}")


@require_http_methods(["GET", "POST"])
def remark_add(request, pk):
    """Add a remark to a section, a row or a field of the reviewed version."""
    review = get_review(request, pk)
    if not permissions.can_judge(request.user, review):
        raise PermissionDenied(_("Only the expert adds remarks, while writing the review."))
    return add(request, review.version, {"review": review}, partial(add_remark, review))


@require_http_methods(["GET", "POST"])
def ore_remark_add(request, pk, number):
    """Add a remark of ORE itself to a section, a row or a field of the version on which it decides."""
    version = get_decided(request, pk, number)
    # A page that was written meanwhile keeps its words: the door says why not.
    if request.method == "GET" and not permissions.can_remark(request.user, version):
        raise PermissionDenied(
            _("ORE adds remarks of its own while the plan is in review, before a decision is prepared.")
        )
    return add(request, version, {}, partial(add_ore_remark, version))


def add(request, version, context, door):
    """Show the form of a new remark to a version, or store it by `door` and lead to where it stands."""
    data = request.POST if request.method == "POST" else None
    names = ("section", "row_uid", "field") if data is not None else ("sekcja", "wiersz", "pole")
    source = request.GET if data is None else data
    parts = reading(version)
    place = place_in(parts, *(source.get(name, "") for name in names))
    keeps = "review" in context
    form = RemarkForm(data, place=place, phrases=phrases_for(request.user, place.section), keeps=keeps)
    refusal = []
    if data is not None and "insert" in data:
        form = form.insert()
    elif data is not None and form.is_valid():
        remark, refusal = attempt(door, uid=form.cleaned_data["uid"], by=request.user, **form.words())
        if not refusal:
            keep(request, form)
            messages.success(request, _("The remark has been added."))
            return to_remark(home_of(remark), remark)
    context |= {"version": version, "plan": version.plan, "parts": parts, "place": place}
    context |= {"form": form, "refusal": refusal}
    return render(request, "plans/remark_form.html", context, status=status_of(form, refusal))


def home_of(remark):
    """Return the page on which a new remark is worked on: the review, or ORE's decision."""
    if remark.review_id:
        return reverse("plans:review", args=[remark.review_id])
    return reverse("plans:decision", args=[remark.plan_id, remark.version.number])


def keep(request, form):
    """Keep the remark among one's reusable ones where that was asked for."""
    if form.cleaned_data.get("keep"):
        words = form.words()
        keep_phrase(kind=words["kind"], body=words["body"], section=words["section"], by=request.user)


def status_of(form, refusal):
    """Return the status of a page that shows a form: 423 where the review closed meanwhile."""
    return 422 if form.errors else 423 if refusal else 200


def get_changeable(request, pk):
    """Return the remark that this person may still change, or tell why not."""
    remark = get_remark(request, pk)
    if not permissions.can_change_remark(request.user, remark):
        raise PermissionDenied(who_changes(remark))
    return remark


@require_http_methods(["GET", "POST"])
def remark_edit(request, pk):
    """Change a remark of a review that is still being written, or of ORE before its decision is released."""
    # A page that was written meanwhile keeps its words: the door says why not.
    remark = get_changeable(request, pk) if request.method == "GET" else get_remark(request, pk)
    place = place_in(reading(remark.version), remark.section, str(remark.row_uid or ""), remark.field)
    initial = {"kind": remark.kind, "body": remark.body}
    phrases = phrases_for(request.user, remark.section)
    data = request.POST if request.method == "POST" else None
    keeps = bool(remark.review_id)
    form = RemarkForm(data, place=place, phrases=phrases, initial=initial, keeps=keeps)
    if data is not None and "insert" in data:
        form = form.insert()
    refusal = change(request, remark, form) if form.is_bound and form.is_valid() else []
    if form.is_bound and form.is_valid() and not refusal:
        messages.success(request, _("Saved."))
        return to_remark(home_of(remark), remark)
    # Whoever was told of another's words has seen them now; a mistake of one's own changes nothing seen.
    seen = stamp(remark) if data is None or refusal else data.get("seen", "")
    context = {"review": remark.review, "remark": remark, "place": place, "form": form, "refusal": refusal}
    context |= {"version": remark.version, "plan": remark.plan, "seen": seen}
    return render(request, "plans/remark_form.html", context, status=status_of(form, refusal))


def change(request, remark, form):
    """Store the words of a valid form; return the sentences that stopped it, with the remark as it is now."""
    words = form.words()
    words = {name: words[name] for name in ("kind", "body", "field")} | {"seen": request.POST.get("seen", "")}
    _nothing, refusal = attempt(change_remark, remark, by=request.user, **words)
    if refusal:
        read_again(remark)
    else:
        keep(request, form)
    return refusal


def read_again(remark):
    """Let the remark say what is stored now; one that was removed meanwhile stays as it was read."""
    for stored in Remark.objects.filter(pk=remark.pk):
        remark.kind, remark.body, remark.field = stored.kind, stored.body, stored.field
        remark.field_label = field_label(stored)


@require_http_methods(["GET", "POST"])
def remark_delete(request, pk):
    """Remove a remark that may still be changed, after a question."""
    remark = get_changeable(request, pk)
    home, refusal = home_of(remark), []
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        _nothing, refusal = attempt(delete_remark, remark, by=request.user, seen=seen)
        if not refusal:
            messages.success(request, _("The remark has been removed."))
            return redirect(home)
        read_again(remark)
    context = {"remark": remark, "home": home, "refusal": refusal, "seen": stamp(remark)}
    return render(request, "plans/remark_delete.html", context, status=423 if refusal else 200)


@require_http_methods(["GET", "POST"])
def phrases(request):
    """One's own reusable remarks, to read and to drop; and those that ORE keeps for everybody."""
    if not standing(request.user)["is_expert"]:
        raise PermissionDenied(_("Only experts of the programme write remarks."))
    if request.method == "POST":
        key = request.POST.get("phrase", "")
        if key.isascii() and key.isdigit() and len(key) < 16:
            drop_phrase(int(key), by=request.user)
            messages.success(request, _("The reusable remark has been dropped."))
        return redirect("plans:phrases")
    found = list(phrases_for(request.user))
    return render(request, "plans/phrase_list.html", {"phrases": found})


@require_http_methods(["GET", "POST"])
def remark_answer(request, pk):
    """The team answers a remark; the answer may be changed until the plan is sent."""
    remark = get_remark(request, pk)
    if not permissions.can_answer(request.user, remark):
        raise PermissionDenied(_("The team answers remarks while it corrects the plan."))
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"answer": remark.answer})
    refusal = []
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["answer"]
        _event, refusal = attempt(answer_remark, remark, text, by=request.user)
        if not refusal:
            messages.success(request, _("The answer has been saved."))
            return after_answer(request, remark)
    draft = remark.plan.latest()
    draft.plan = remark.plan
    context = {"remark": remark, "plan": remark.plan, "version": draft, "form": form, "refusal": refusal}
    return render(request, "plans/remark_answer.html", context, status=move_status(form, refusal))


def after_answer(request, remark):
    """Lead to the next remark without an answer where that was asked for, else to the place of this one."""
    if "next" not in request.POST:
        return to_remark(reverse("plans:section", args=[remark.plan_id, remark.section]), remark)
    unanswered = Remark.objects.visible_to(request.user).filter(
        plan=remark.plan_id, status__in=Remark.UNANSWERED
    )
    following = unanswered.filter(pk__gt=remark.pk).first() or unanswered.first()
    if following:
        return redirect("plans:remark_answer", following.pk)
    messages.success(request, _("Every remark is answered. What is left is to send the plan."))
    return redirect(remark.plan)


@require_http_methods(["GET", "POST"])
def remark_move(request, pk, move):
    """Confirm, uphold or waive a remark."""
    remark = get_remark(request, pk)
    transition = REMARK.transitions.get(move)
    if transition is None or transition.hidden:
        raise Http404
    if not transition.allowed(request.user, remark):
        raise PermissionDenied(_("You may not do this."))
    form = ReasonForm(request.POST if request.method == "POST" else None, required=transition.needs_comment)
    refusal = []
    back = place_of_work(request.user, remark.plan)
    if form.is_bound and form.is_valid():
        comment = form.cleaned_data["comment"]
        _event, refusal = attempt(REMARK.perform, remark, move, by=request.user, comment=comment)
        if not refusal:
            messages.success(request, _("Done: %s.") % transition.label)
            return to_remark(back, remark)
    context = {"remark": remark, "plan": remark.plan, "move": transition, "back": back}
    context |= {"form": form, "refusal": refusal}
    return render(request, "plans/remark_move.html", context, status=move_status(form, refusal))


def place_of_work(user, plan):
    """Return the page from which this person settles remarks: the own review, or ORE's decision."""
    review = Review.objects.of(user).filter(version__plan=plan).order_by("-version__number").first()
    if review:
        return review.get_absolute_url()
    return reverse("plans:decision", args=[plan.pk, plan.latest().number])
