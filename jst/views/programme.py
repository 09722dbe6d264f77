"""Pages of the programme: editions with their figures on any day, and all projects together."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst import figures, listing, overview
from jst.editions import copy_edition, dates_to_shift, shifted
from jst.forms.programme import CopyForm, DayForm, RecordFilter, TwoDaysForm, default_day
from jst.models import Edition, JstEvent, LogoLine
from jst.models.dated import today
from jst.navigation import standing
from jst.permissions import can_copy_edition, is_ore_staff
from jst.pictures import content_type
from portal.exports import table_file
from portal.history import told
from portal.indicators import indicators
from portal.workflow import TransitionError

from .teams import posted

HISTORY_SHOWN = 30


def get_edition(request, slug):
    """Return an edition that the person watches or runs, or 404."""
    rows = Edition.objects.run_by(request.user).select_related("project__competition", "operator")
    return get_object_or_404(rows, slug=slug)


def get_indicator(code):
    if code not in indicators():
        raise Http404
    return indicators()[code]


@require_safe
def programme(request):
    """All projects of the programme: targets beside what is reached on a day."""
    if not is_ore_staff(request.user):
        raise PermissionDenied(_("Only ORE's staff see all projects together."))
    form = DayForm(request.GET, default=today())
    context = {"form_day": form, "day": form.day, "stages": overview.stages(form.day)}
    return render(request, "jst/programme.html", context)


@require_safe
def edition_list(request):
    """The editions that the person watches or runs."""
    if not (is_ore_staff(request.user) or standing(request.user)["is_operator"]):
        raise PermissionDenied(_("Only ORE's staff and operators see editions."))
    rows = Edition.objects.run_by(request.user).select_related("project", "operator")
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "jst/edition_list.html", {"page": page})


@require_safe
def edition(request, slug):
    """One edition: its facts, its figures on a day with targets, its history."""
    edition = get_edition(request, slug)
    form = DayForm(request.GET, default=default_day(edition))
    day = form.day
    context = {
        "edition": edition,
        "voivodeships": ", ".join(edition.voivodeships.values_list("name", flat=True)),
        "logo": LogoLine.objects.today().filter(project=edition.project_id).first(),
        "form_day": form,
        "day": day,
        "figures": figures.figures(Edition.objects.filter(pk=edition.pk), day, figures.targets_of(edition)),
        "form_two": TwoDaysForm({}, first=edition.since, second=day),
        "history": told(JstEvent.objects.filter(edition=edition).with_words(), HISTORY_SHOWN),
        "may_copy": can_copy_edition(request.user),
    }
    return render(request, "jst/edition_detail.html", context)


@require_safe
def figure(request, slug, code):
    """The definition of one figure and the list that it counts."""
    edition, indicator = get_edition(request, slug), get_indicator(code)
    record_filter = RecordFilter(request.GET, default=default_day(edition))
    rows = listing.of(indicator, edition, record_filter)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "indicator": indicator,
        "filter": record_filter,
        "day": record_filter.day,
        "page": page,
        "headings": listing.headings(indicator),
        "rows": [listing.as_line(indicator, row) for row in figures.lines(indicator, page.object_list)],
        "query": request.GET.urlencode(),
    }
    return render(request, "jst/figure.html", context)


@require_safe
def figure_file(request, slug, code, form):
    """The same list as a file that says its filters, its day and when it was made."""
    edition, indicator = get_edition(request, slug), get_indicator(code)
    record_filter = RecordFilter(request.GET, default=default_day(edition))
    rows = figures.lines(indicator, listing.of(indicator, edition, record_filter))
    about = [
        (_("Edition"), edition.name),
        (_("Figure"), indicator.name),
        (_("What is counted"), indicator.definition),
        (_("As of the day"), record_filter.day),
        *record_filter.in_words(),
        (_("Made on"), date_format(timezone.localtime(), "DATETIME_FORMAT")),
    ]
    name = f"{edition.slug}-{code}-{record_filter.day.isoformat()}"
    cells = (listing.as_cells(row) for row in rows)
    return table_file(form, name, listing.file_headings(indicator), cells, about=about)


@require_safe
def edition_changes(request, slug):
    """What changed between two days: the figures, and which units, people and schools came and went."""
    edition = get_edition(request, slug)
    form = TwoDaysForm(request.GET, first=edition.since, second=default_day(edition))
    first, second = form.days
    context = {
        "edition": edition,
        "form_two": form,
        "first": first,
        "second": second,
        "changes": listing.changes(edition, first, second),
    }
    return render(request, "jst/edition_changes.html", context)


@require_http_methods(["GET", "POST"])
def edition_copy(request, slug):
    """Copy an edition: choose when the copy begins, see every moved date, confirm."""
    edition = get_edition(request, slug)
    if not can_copy_edition(request.user):
        raise PermissionDenied(_("Only ORE's coordinators copy editions."))
    form = CopyForm(posted(request), edition=edition)
    dates = []
    if form.is_valid():
        dates = dates_to_shift(edition, form.shift)
        # Confirmed is what was shown: other dates than those of the preview are shown first.
        if request.POST.get("confirmed") == str(form.shift):
            try:
                copy = copy_edition(edition, by=request.user, **copied(form))
            except TransitionError as refusal:
                form.add_error(None, refusal.sentences)
            else:
                messages.success(request, _("The edition is copied."))
                return redirect(copy)
    context = {"edition": edition, "form": form, "dates": dates, "shift": form.shift if dates else None}
    return render(request, "jst/edition_copy.html", context, status=422 if form.errors else 200)


def copied(form):
    given = form.cleaned_data
    since = shifted(form.edition.since, form.shift)
    return {"name": given["name"], "slug": given["slug"], "since": since}


@login_not_required
@require_safe
def logo_line(request, pk):
    """The line of logos of a project as it holds today."""
    line = LogoLine.objects.today().filter(project=pk).first()
    if line is None:
        raise Http404
    response = FileResponse(line.picture.open(), content_type=content_type(line.picture))
    response["X-Content-Type-Options"] = "nosniff"
    return response
