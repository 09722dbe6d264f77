"""Likely duplicates among people: the queue, and the page on which two accounts become one or stay two."""

import hashlib
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jst import merges
from jst.duplicates import in_words, search_for_duplicates
from jst.forms.duplicates import MergeForm
from jst.models import DistinctPeople, LikelyDuplicate, TeamMembership
from jst.permissions import is_administrator
from portal.merging import KEEP, MOVE
from portal.models import User
from portal.workflow import TransitionError

PER_PAGE = 50


def for_administrators(view):
    @wraps(view)
    def guarded(request, **kwargs):
        if not is_administrator(request.user):
            raise PermissionDenied(_("Only ORE's administrators merge accounts."))
        return view(request, **kwargs)

    return guarded


@for_administrators
@require_http_methods(["GET", "POST"])
def queue(request):
    """The pairs that look like one person, the likeliest first; the button searches anew."""
    if request.method == "POST":
        search_for_duplicates.enqueue()
        messages.success(request, _("The search has begun. Load this page again in a moment."))
        return redirect("jst:duplicates")
    rows = LikelyDuplicate.objects.select_related("first", "second").filter(
        first__is_active=True, second__is_active=True
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(row, in_words(row.reasons)) for row in page.object_list]
    return render(request, "jst/duplicate_list.html", {"page": page, "rows": lines})


@for_administrators
@require_http_methods(["GET", "POST"])
def pair(request, first, second):
    """Two accounts side by side: what each has, and the choice. The effect is shown before it is made."""
    people = [get_object_or_404(User, pk=pk) for pk in (first, second)]
    if first >= second:
        raise Http404
    if request.POST.get("action") == "distinct":
        return keep_apart(request, *people)
    form = MergeForm(request.POST or None, first=people[0], second=people[1])
    effect = None
    if form.is_valid():
        effect = effect_of(form)
        if form.cleaned_data["effect"] == effect["digest"] and not effect["obstacles"]:
            return merge(request, form)
        form.data = form.data.copy()
        form.data["effect"] = effect["digest"]
    context = {
        "form": form,
        "effect": effect,
        "sides": [side(letter, person) for letter, person in zip("AB", people, strict=True)],
        "reasons": reasons_for(*people),
        "distinct": DistinctPeople.objects.filter(first=people[0], second=people[1]).exists(),
    }
    return render(request, "jst/duplicate_detail.html", context, status=422 if form.errors else 200)


def keep_apart(request, first, second):
    try:
        merges.mark_distinct(first, second, by=request.user)
    except TransitionError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Recorded: two people. The pair will not be shown again."))
    return redirect("jst:duplicates")


def merge(request, form):
    keep, drop = form.pair()
    try:
        merges.merge(keep, drop, form.taken(), by=request.user)
    except TransitionError as refusal:
        messages.error(request, str(refusal))
        return redirect("jst:duplicate", *sorted([keep.pk, drop.pk]))
    messages.success(request, _("The accounts are one now. The other account is closed."))
    return redirect("jst:duplicates")


def effect_of(form):
    """Return what the merge would do, in rows and in a digest by which a change in between is noticed."""
    keep, drop = form.pair()
    found = merges.effects(drop)
    told = [keep.pk, drop.pk, form.taken(), [(effect.relation, effect.count) for effect in found]]
    return {
        "keep": keep,
        "drop": drop,
        "moving": [effect for effect in found if effect.treatment == MOVE],
        "staying": [effect for effect in found if effect.treatment == KEEP],
        "gives_data": drop.participant_data.exists(),
        "obstacles": merges.obstacles(keep, drop),
        "digest": hashlib.sha256(repr(told).encode()).hexdigest(),
    }


def side(letter, person):
    """Return what tells one account from the other."""
    teams = TeamMembership.objects.filter(person=person).select_related(
        "participation__jst", "participation__edition"
    )
    return {"letter": letter, "person": person, "teams": teams, "expert": getattr(person, "expert", None)}


def reasons_for(first, second):
    row = LikelyDuplicate.objects.filter(first=first, second=second).first()
    return in_words(row.reasons) if row else []
