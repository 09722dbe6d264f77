"""What everybody may see: the home page and the library of accepted plans that the teams published."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render

from plans import library as shelves
from plans.adopting import adoption_facts
from plans.facts import accepted_at, places, unit_name, years
from plans.models import Plan
from plans.outline import reading
from plans.views.files import file_response
from plans.written import written_outline
from portal.public_pages import public_page

NEWEST = 6


@login_not_required
@public_page
def home(request):
    """What the programme is, how to get in, and the newest of the published plans."""
    newest, total = shelves.newest(NEWEST)
    return render(request, "plans/home.html", {"newest": newest, "total": total})


@login_not_required
@public_page
def library(request):
    """The published plans, with filters; a page that is no longer there leads to the first."""
    wanted = shelves.LibraryFilter(request.GET)
    number = request.GET.get("page", "")[:6]
    plans = wanted.apply(Plan.objects.published())
    page = shelves.page_of(plans, int(number) if number.isdecimal() else 1, wanted.asked)
    if page is None:
        query = request.GET.copy()
        del query["page"]
        return redirect(f"{request.path}?{query.urlencode()}")
    return render(request, "plans/library_list.html", {"page": page, "filter": wanted})


def get_published(pk):
    """Return the published version of the plan, or answer 404 as for one that never was."""
    version = shelves.published_version(pk)
    if version is None:
        raise Http404
    return version


@login_not_required
@public_page
def library_plan(request, pk):
    """The accepted plan as a page. Attached files are named; only the team and ORE open them."""
    version = get_published(pk)
    plan = version.plan
    challenges = plan.challenge_links.order_by("challenge__position").values_list(
        "challenge__label", flat=True
    )
    context = {
        "plan": plan,
        "version": version,
        "unit": unit_name(plan.jst.kind, plan.jst.name),
        "place": ", ".join(places(plan.jst)),
        "years": years(version.year_from, version.year_to),
        "accepted_at": accepted_at(version),
        "parts": reading(version),
        "outline": written_outline(version),
        "adoption": adoption_facts(version),
        "challenges": challenges,
    }
    return render(request, "plans/library_plan.html", context)


@login_not_required
def library_document(request, pk):
    """The accepted plan as a PDF; while it is being made, a page that says so."""
    version = get_published(pk)
    if not version.document:
        return render(request, "plans/library_waiting.html", {"plan": version.plan}, status=404)
    name = f"{version.register_number.replace('/', '-')}.pdf"
    return file_response(version.document, filename=name, content_type="application/pdf")
