"""The second opinion on another expert's review; its form stands on the page of that review."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans import permissions
from plans.second_forms import SecondOpinionForm
from plans.seconding import second, who_seconds
from plans.views.reviewing import attempt, get_review, show_text


@require_http_methods(["GET", "POST"])
def second_opinion(request, pk):
    """Say whether one agrees with the review, or change what one said; read, it leads to the review."""
    review = get_review(request, pk)
    place = redirect(f"{review.get_absolute_url()}#druga-opinia")
    if request.method != "POST":
        return place
    if not permissions.may_second(request.user, review):
        raise PermissionDenied(who_seconds())
    form = SecondOpinionForm(request.POST)
    refusal = []
    if form.is_valid():
        _opinion, refusal = attempt(second, review, by=request.user, **form.words())
        if not refusal:
            messages.success(request, _("Your second opinion is saved. ORE reads it beside the review."))
            return place
    return show_text(request, review, form, refusal)
