"""Pages of an expert: the queue, the plan and the review side by side, handing it in."""

import uuid
from collections import defaultdict

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst.navigation import standing
from jst.permissions import is_coordinator, is_ore_staff
from plans import permissions
from plans.amending import accepted_before, judged_sections
from plans.annotated import annotated
from plans.differences import shown
from plans.forms import ReasonForm
from plans.judging import Stale, criteria_of, missing, save_review
from plans.ledger import remarks_for
from plans.models import Review, ReviewScore, ScoreRecord
from plans.outline import reading
from plans.places import in_review
from plans.problems import noticed
from plans.queue import next_review, queue_of
from plans.results import weighed
from plans.review_forms import JudgementForm
from plans.saving import HTTP_STATUS, Outcome
from plans.second_forms import SecondOpinionForm
from plans.seconding import with_second_opinions
from plans.tallies import tallies, tally_of
from plans.views.writing import posted_revision
from plans.workflow import REVIEW
from portal.prepared import prepared
from portal.workflow import NotAllowed, TransitionError

PER_PAGE = 50


@require_safe
def reviews(request):
    """The expert's queue: what waits first, then what was handed in."""
    if not standing(request.user)["is_expert"]:
        raise PermissionDenied(_("Only experts of the programme have reviews."))
    page = Paginator(queue_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [as_line(row) for row in page.object_list]
    counts = tallies({row.version.plan_id for row in rows}, request.user)
    for row in rows:
        row.tally = counts.get(row.version.plan_id)
    return render(request, "plans/review_list.html", {"page": page, "reviews": rows})


def as_line(review):
    """Give a review of the queue what its line says besides the columns."""
    plan = review.version.plan
    review.unit = plan.participation.jst.placed_name
    review.version.amends, review.version.comparison = review.amends, review.changes
    review.sections_count = len(judged_sections(review.version))
    review.is_late = bool(review.is_waiting and review.due and review.due < timezone.localdate())
    return review


def get_review(request, pk):
    """Return the review that the person may read, or answer 404 as for one that never was."""
    # One's own first: all of them are visible, and the whole question costs twice as much.
    found = prepared("plans.own_review_page", own_review_page, request.user, pk)
    found = found or prepared("plans.review_page", review_page, request.user, pk)
    if not found:
        raise Http404
    found[0].version.amends = found[0].amends
    return found[0]


def own_review_page(user, pk):
    return for_review_page(Review.objects.of(user)).filter(pk=pk)


def review_page(user, pk):
    return for_review_page(Review.objects.visible_to(user)).filter(pk=pk)


def for_review_page(reviews):
    was_handed_in = Exists(ScoreRecord.objects.filter(review=OuterRef("pk")))
    return (
        reviews.annotate(was_handed_in=was_handed_in)
        .select_related(
            "version__plan__participation__jst__parent",
            "version__plan__participation__edition__setup",
            "version__plan__template",
            "expert__person",
        )
        .annotate(amends=Exists(accepted_before("version__")))
    )


@csp_update({"frame-src": [SELF]})
@require_http_methods(["GET", "POST"])
def review(request, pk):
    """The plan and its review side by side; the expert writes, others read what was handed in.

    The page may hold frames of ours: attached PDF files are shown in them.
    """
    review = get_review(request, pk)
    if request.method == "POST":
        return save(request, review)
    if permissions.can_judge(request.user, review):
        return show_form(request, review, JudgementForm(review, criteria_of(review)))
    return show_text(request, review)


def save(request, review):
    """Save what was posted; the same address serves the button and the autosave."""
    if not permissions.is_reviewer(request.user, review):
        raise PermissionDenied(_("Only the expert who reviews the plan writes the review."))
    form = JudgementForm(review, criteria_of(review), request.POST)
    outcome, revision, sentences = Outcome.SAVED, None, []
    try:
        if form.is_valid():
            words = form.judgement()
            revision = save_review(review, words, by=request.user, revision=posted_revision(request.POST))
        else:
            outcome = Outcome.REFUSED
    except Stale:
        outcome = Outcome.CONFLICT
        form = JudgementForm(review, criteria_of(review), request.POST)
        form.is_valid()
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except TransitionError as error:
        outcome, sentences = Outcome.LOCKED, error.sentences
    return answer(request, review, form, outcome, revision, sentences)


def answer(request, review, form, outcome, revision, sentences):
    """Answer a save: a fragment to the autosave, a redirect or the page with the reason to the button."""
    if request.htmx:
        context = {"outcome": outcome, "revision": revision, "sentences": sentences}
        context |= {"review": review, "saved_at": timezone.now(), "judgement": form}
        return render(request, "plans/review_edit.html#state", context, status=HTTP_STATUS[outcome])
    if outcome == Outcome.SAVED:
        if "hand_in" in request.POST:
            return redirect("plans:review_move", review.pk, "hand_in")
        messages.success(request, _("Saved."))
        if "next" in request.POST:
            return to_next(request, review)
        return redirect(review)
    return show_form(request, review, form, outcome, sentences)


def to_next(request, review):
    """Lead to the next review of the own queue, or to the queue where there is none."""
    following = next_review(request.user, review)
    if following is None:
        messages.info(request, _("No other review waits for you."))
    return redirect(following or "plans:reviews")


@require_safe
def review_next(request, pk):
    """Skip this review for now."""
    review = get_review(request, pk)
    if not permissions.is_reviewer(request.user, review):
        raise PermissionDenied(_("Only the expert who reviews the plan writes the review."))
    return to_next(request, review)


def plan_to_read(request, review, form, *, adds):
    """Return what both pages show: the plan's sections with remarks, changes and verdicts, and the form."""
    version = review.version
    parts = reading(version)
    remarks = remarks_for(version, request.user, parts, leads=in_review)
    sections = annotated(version, parts, remarks, adds=adds)
    judged = {section.key for section in form.sections}
    unchanged = [one for one in sections if one.key not in judged and not one.open_remarks]
    sections = [one for one in sections if one.key in judged or one.open_remarks]
    form.place_on(sections)
    if review.was_handed_in:
        form.compare(writing=adds)
    return {
        "review": review,
        "version": version,
        "plan": version.plan,
        "cover": shown(change for change in version.comparison or () if not change["section"]),
        "sections": sections,
        "unchanged": unchanged,
        "changed": sum(section.is_changed for section in sections),
        "open_remarks": sum(section.open_remarks for section in sections),
        "tally": tally_of([one for keyed in remarks.values() for one in keyed]),
        "noticed": noticed(version) if adds or permissions.sees_check(request.user, version) else [],
        "judgement": form,
        "only_changed": bool(version.comparison is not None and request.GET.get("tylko") == "zmiany"),
    }


def show_form(request, review, form, outcome=None, sentences=()):
    """Show the form: what is stored, or what was not stored beside it."""
    context = plan_to_read(request, review, form, adds=True) | {
        "outcome": outcome,
        "sentences": sentences,
        "request_key": uuid.uuid4().hex,
        "moves": REVIEW.available(review, request.user),
    }
    return render(request, "plans/review_edit.html", context, status=HTTP_STATUS[outcome] if outcome else 200)


def show_text(request, review, second=None, refusal=()):
    """Show a review that this person reads and does not write, and the form of a second opinion on it."""
    user = request.user
    others = Review.objects.visible_to(user).filter(version=review.version).exclude(pk=review.pk)
    form = JudgementForm(review, criteria_of(review))
    context = plan_to_read(request, review, form, adds=False) | {
        "others": with_results(list(others.order_by("pk"))),
        "is_own": permissions.is_reviewer(user, review),
        "names_expert": is_ore_staff(user) or permissions.is_reviewer(user, review),
        "moves": REVIEW.available(review, user),
        "refusal": refusal,
        **second_opinions(user, review, second),
    }
    status = 422 if second and second.errors else 423 if refusal else 200
    return render(request, "plans/review_detail.html", context, status=status)


def second_opinions(user, review, form=None):
    """Return the second opinions on a review that this person reads, and the form of the own one."""
    with_second_opinions([review], user)
    said = next((one for one in review.second_opinions_read if one.is_own), None)
    if form is None and permissions.can_second(user, review):
        form = SecondOpinionForm(said=said)
    return {"second_form": form, "has_said": said is not None}


def with_results(reviews):
    """Give each review its weighed `result`; they are read only by whoever may see them."""
    scores = ReviewScore.objects.filter(review__in=reviews).order_by()
    pairs = defaultdict(list)
    for pk, score, weight in scores.values_list("review", "score", "criterion__weight") if reviews else ():
        pairs[pk].append((score, weight))
    for review in reviews:
        review.result = weighed(pairs[review.pk])
    return reviews


def get_moved(request, pk):
    """Return the review to move, with the address it `stands_at`, or answer 404.

    ORE lets an expert write who had no opinion, but reads no word that was not handed in: to it such a review
    is a line on the page of the decision.
    """
    rows = for_review_page(Review.objects.filter(pk=pk, status=Review.Status.ABSTAINED))
    review = rows.first() if is_coordinator(request.user) else None
    if review is None or permissions.is_reviewer(request.user, review):
        review = get_review(request, pk)
        review.stands_at = review.get_absolute_url()
    else:
        review.stands_at = reverse("plans:decision", args=[review.version.plan_id, review.version.number])
    return review


@require_http_methods(["GET", "POST"])
def review_move(request, pk, move):
    """Confirm and make one move of a review: hand it in, give it up, let the expert correct it."""
    review = get_moved(request, pk)
    transition = REVIEW.transitions.get(move)
    if transition is None or transition.hidden:
        raise Http404
    if review.status not in transition.sources:
        messages.info(request, _("This cannot be done now. Here is where the review stands."))
        return redirect(review.stands_at)
    if not transition.allowed(request.user, review):
        raise PermissionDenied(_("You may not do this."))
    explained = transition.explained(review)
    needed = transition.needs_comment or bool(explained)
    form = ReasonForm(request.POST if request.method == "POST" else None, required=needed)
    refusal = []
    if request.method == "POST" and form.is_valid():
        comment = form.cleaned_data["comment"]
        _event, refusal = attempt(REVIEW.perform, review, move, by=request.user, comment=comment)
        if not refusal:
            return moved(request, review, transition)
    context = {"review": review, "move": transition, "form": form, "refusal": refusal}
    context |= {"explained": explained, "asks_reason": needed}
    context["missing"] = missing(review) if move == "hand_in" else []
    return render(request, "plans/review_move.html", context, status=move_status(form, refusal))


def attempt(verb, *args, **kwargs):
    """Call a verb; return (what it gave, no sentences), or (None, the sentences that stopped it)."""
    try:
        return verb(*args, **kwargs), []
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except TransitionError as error:
        return None, error.sentences


def move_status(form, refusal):
    return 422 if form.errors else 409 if refusal else 200


def moved(request, review, transition):
    """Say what was done and lead on: an expert who gave a review up no longer sees it."""
    sentences = {
        "hand_in": _("The review has been handed in to ORE. Thank you."),
        "recuse": _("You have given the review up. ORE will ask another expert."),
        "abstain": _("Noted: you have read the plan and have no opinion. ORE will ask another expert."),
        "reopen": _("The expert can now correct the review."),
    }
    messages.success(request, sentences[transition.name])
    if transition.name == "reopen":
        return redirect("plans:decision", review.version.plan_id, review.version.number)
    return redirect("plans:reviews")
