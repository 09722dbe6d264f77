"""Who cares for which unit: one at a time from the page of a team, and many at once for an edition."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jst import experts
from jst.caretaking import load_after, rows_for
from jst.forms.experts import CaretakerForm, DeputyForm, ManyCaretakersForm
from jst.models import Edition, ExpertAssignment, Participation
from jst.permissions import can_run_edition
from jst.views.teams import get_team, posted
from portal.workflow import TransitionError

PER_PAGE = 50
FORMS = {"opiekun": CaretakerForm, "zastepstwo": DeputyForm}


@require_http_methods(["GET", "POST"])
def care(request, pk, what):
    """Name a caretaker for a unit, or somebody who stands in for a while."""
    if what not in FORMS:
        raise Http404
    participation = get_team(request, pk)
    require_runner(request.user, participation.edition)
    (row,) = rows_for([participation])
    form = FORMS[what](posted(request), offered=row.offered)
    if form.is_valid():
        verb = experts.stand_in if what == "zastepstwo" else experts.change_caretaker
        try:
            verb(participation, by=request.user, **form.cleaned_data)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Done. The experts and the lead of the team get a letter."))
            return redirect(participation)
    caring = ExpertAssignment.objects.lasting().caring().filter(participation=participation)
    context = {
        "form": form,
        "participation": participation,
        "is_deputy": what == "zastepstwo",
        "caring": caring.select_related("expert__person"),
    }
    return render(request, "jst/caretaker_change.html", context, status=422 if form.errors else 200)


def require_runner(user, edition):
    if not can_run_edition(user, edition):
        raise PermissionDenied(_("Those who run the edition name its caretakers."))


@require_http_methods(["GET", "POST"])
def caretakers(request, slug):
    """Name caretakers for many units of an edition: a proposal, the load it makes, and one button."""
    edition = get_object_or_404(Edition.objects.run_by(request.user), slug=slug)
    require_runner(request.user, edition)
    waiting = Participation.objects.filter(edition=edition).without_caretaker()
    waiting = waiting.select_related("jst__parent", "edition").order_by("jst__sort_key", "pk")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_for(page.object_list)
    form = ManyCaretakersForm(posted(request), rows=rows)
    if form.is_valid():
        pairs = form.choose()
        if "confirm" in request.POST and name_them(request, form, pairs):
            return redirect("jst:caretakers", slug)
    context = {
        "edition": edition,
        "page": page,
        "form": form,
        "rows": [(row, form[row.name]) for row in rows],
        "load": load_after(rows),
    }
    return render(request, "jst/caretakers_assign.html", context, status=422 if form.errors else 200)


def name_them(request, form, pairs):
    """Name the chosen caretakers, all or none; say what stands against it and return whether it is done."""
    given = {name: form.cleaned_data[name] for name in ("since", "despite")}
    if not pairs:
        form.add_error(None, _("Choose an expert for at least one unit."))
        return False
    try:
        experts.assign_many(pairs, by=request.user, **given)
    except TransitionError as refusal:
        form.add_error(None, [_("Nothing was changed."), *refusal.sentences])
        return False
    count = len(pairs)
    done = ngettext("%d unit has a caretaker now.", "%d units have caretakers now.", count) % count
    messages.success(request, done)
    return True
