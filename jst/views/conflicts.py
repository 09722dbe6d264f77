"""The page on which an expert says, once per edition, with which units there is a conflict."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst import experts
from jst.forms.experts import StatementForm
from jst.models import Edition, Expert, Participation
from jst.views.teams import posted
from portal.workflow import TransitionError


def own_role(user):
    """Return the person's role as an expert of today; others are told that the page is not for them."""
    expert = Expert.objects.today().filter(person=user).select_related("person").first()
    if expert is None:
        raise PermissionDenied(_("Experts of the programme declare their conflicts here."))
    return expert


@require_safe
def conflicts(request):
    """What the expert has declared, and the editions about which they have not said anything."""
    expert = own_role(request.user)
    stated = expert.statements.select_related("edition")
    context = {
        "declared": expert.conflicts.select_related("jst__parent"),
        "statements": stated,
        "waiting": Edition.objects.at_work().exclude(conflict_statements__expert=expert),
    }
    return render(request, "jst/conflicts.html", context)


@require_http_methods(["GET", "POST"])
def state_conflicts(request, slug):
    """Go through the units of one edition and mark those with which there is a conflict."""
    expert = own_role(request.user)
    edition = get_object_or_404(Edition.objects.at_work(), slug=slug)
    if expert.statements.filter(edition=edition).exists():
        messages.info(request, _("You have made the statement for this edition."))
        return redirect("jst:conflicts")
    taking_part = Participation.objects.filter(edition=edition, status__in=Participation.OPEN)
    form = StatementForm(
        posted(request), participations=taking_part.select_related("jst").order_by("jst__sort_key")
    )
    if form.is_valid():
        found = form.cleaned_data
        jsts = [one.jst for one in found["units"].exclude(jst__in=expert.conflicts.values("jst"))]
        try:
            experts.state_conflicts(expert, edition, jsts=jsts, reason=found["reason"], by=request.user)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("The statement is kept. You may be given units of this edition."))
            return redirect("jst:conflicts")
    context = {"form": form, "edition": edition}
    return render(request, "jst/conflicts_state.html", context, status=422 if form.errors else 200)
