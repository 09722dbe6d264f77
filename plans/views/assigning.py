"""Giving many plans of an edition to experts: a proposal by load, or a list from a file; always a preview."""

from pathlib import PurePath
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jst.imports.report import Refused
from jst.models import Edition, Expert
from jst.permissions import is_coordinator
from plans.assigning_many import assign_many, load_after, seats_for, waiting_versions
from plans.assignment_files import lines_of
from plans.assignment_forms import DueForm, ListForm, SeatsForm, pairs_of
from plans.models import EditionSetup, PlanVersion
from plans.queue import WAITING
from plans.views.reviewing import attempt

PER_PAGE = 50


def get_edition(request, slug):
    """Return the edition whose plans are given out; 403 for all but coordinators."""
    if not is_coordinator(request.user):
        raise PermissionDenied(_("ORE's coordinators assign experts."))
    editions = Edition.objects.filter(pk__in=EditionSetup.objects.values("edition")).select_related("setup")
    return get_object_or_404(editions, slug=slug)


@require_http_methods(["GET", "POST"])
def assign_by_load(request, slug):
    """Propose an expert for every plan that lacks one, show the load it makes, and ask them all."""
    edition = get_edition(request, slug)
    waiting = waiting_versions(edition)
    total = waiting.count()
    seats = seats_for(list(waiting[:PER_PAGE]))
    form = SeatsForm(
        request.POST if request.method == "POST" else None, seats=seats, days=edition.setup.review_days
    )
    refusal = []
    pairs = form.choose() if form.is_bound and form.is_valid() else pairs_of(seats)
    if form.is_bound and form.is_valid() and "confirm" in request.POST:
        refusal = apply(request, pairs, form.cleaned_data["due"])
        if not refusal:
            return redirect("plans:assign_by_load", slug)
    context = {"edition": edition, "form": form, "refusal": refusal, "total": total}
    context |= {"seats": [(seat, form[seat.name]) for seat in seats], "load": load_after(pairs)}
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "plans/reviewers_by_load.html", context, status=status)


def apply(request, pairs, due):
    """Ask the experts, all or none; return the sentences that stopped it."""
    _nothing, refusal = attempt(assign_many, pairs, by=request.user, due=due)
    if refusal:
        return [_("Nothing was changed."), *refusal]
    count = len(pairs)
    done = ngettext("%d review has been assigned.", "%d reviews have been assigned.", count) % count
    messages.success(request, done)
    return []


@require_http_methods(["GET", "POST"])
def assign_by_file(request, slug):
    """Read a list of plans and experts, show what it would do and every refusal, then do all of it."""
    edition = get_edition(request, slug)
    if request.method == "POST" and "confirm" in request.POST:
        return apply_list(request, edition)
    form = ListForm(request.POST or None, request.FILES or None)
    lines, due_form = [], DueForm(days=edition.setup.review_days)
    if request.method == "POST" and form.is_valid():
        try:
            lines = read(form.cleaned_data["file"], edition)
        except Refused as error:
            form.add_error("file", str(error))
    return show_list(request, edition, form, due_form, lines, status=422 if form.errors else 200)


def read(file, edition):
    """Return the lines of an uploaded file."""
    with NamedTemporaryFile(suffix=PurePath(file.name).suffix.lower()) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return lines_of(kept.name, edition)


def show_list(request, edition, form, due_form, lines, *, refusal=(), status=200):
    good = [(line.version, line.expert) for line in lines if not line.refusal]
    context = {"edition": edition, "form": form, "due_form": due_form, "lines": lines, "refusal": refusal}
    context |= {"refused": len(lines) - len(good), "load": load_after(good) if good else []}
    return render(request, "plans/reviewers_by_file.html", context, status=status)


def apply_list(request, edition):
    """Ask the experts as the preview showed, all or none."""
    due_form = DueForm(request.POST, days=edition.setup.review_days)
    posted = request.POST.getlist("pair")
    pairs = pairs_in(posted, edition)
    if not due_form.is_valid():
        refusal = [sentence for found in due_form.errors.values() for sentence in found]
    elif len(pairs) != len(posted):
        refusal = [_("The list has changed in the meantime. Read the file again.")]
    else:
        refusal = apply(request, pairs, due_form.cleaned_data["due"])
    if not refusal:
        return redirect("plans:assign_by_load", edition.slug)
    return show_list(
        request,
        edition,
        ListForm(),
        DueForm(days=edition.setup.review_days),
        [],
        refusal=refusal,
        status=409,
    )


def pairs_in(posted, edition):
    """Return the pairs (version, expert) that the preview named and that still stand."""
    keys = [tuple(one.split(":")) for one in posted]
    keys = [key for key in keys if len(key) == 2 and all(part.isascii() and part.isdigit() for part in key)]
    versions = PlanVersion.objects.filter(
        status__in=WAITING, plan__participation__edition=edition
    ).select_related("plan__participation__jst", "plan__participation__edition__setup")
    versions = versions.defer("comparison").in_bulk([int(version) for version, _expert in keys])
    experts = Expert.objects.today().select_related("person")
    experts = experts.in_bulk([int(expert) for _version, expert in keys])
    found = [(versions.get(int(version)), experts.get(int(expert))) for version, expert in keys]
    return [(version, expert) for version, expert in found if version and expert]
