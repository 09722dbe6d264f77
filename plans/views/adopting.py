"""Pages of what follows acceptance: how a plan was adopted, and ORE's list of adoptions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst.permissions import is_ore_staff
from plans import permissions
from plans.adopting import adoption_of, record_adoption
from plans.adoption_filter import AdoptionFilter, accepted_plans, as_line
from plans.adoption_forms import AdoptionForm
from plans.models import PlanVersion
from plans.views.files import as_download
from plans.views.reading import get_version
from plans.views.reviewing import attempt
from portal.exports import table_file

PER_PAGE = 50


def get_followed(request, pk, number):
    """Return the version, for whoever follows its plan; 404 for others, also for those who may read it."""
    version = get_version(request, pk, number)
    if not permissions.can_follow(request.user, version.plan):
        raise Http404
    return version


@require_http_methods(["GET", "POST"])
def adoption(request, pk, number):
    """Record how the accepted version was adopted, or correct what is recorded."""
    version = get_followed(request, pk, number)
    if not permissions.can_adopt(request.user, version.plan):
        raise PermissionDenied(_("The lead of the team, or ORE, records how the plan was adopted."))
    if version.status != PlanVersion.Status.ACCEPTED:
        raise PermissionDenied(_("Only an accepted plan can be adopted."))
    act = adoption_of(version)
    form, refusal = AdoptionForm(act=act), []
    if request.method == "POST":
        form = AdoptionForm(request.POST, request.FILES, act=act)
        if form.is_valid():
            _act, refusal = attempt(record_adoption, version, by=request.user, **form.words())
            if not refusal:
                messages.success(request, _("It is recorded how the plan was adopted."))
                return redirect(version.plan)
    context = {"version": version, "plan": version.plan, "form": form, "act": act, "refusal": refusal}
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "plans/adoption_edit.html", context, status=status)


@require_safe
def adoption_scan(request, pk, number):
    """The scan of the act."""
    act = adoption_of(get_followed(request, pk, number))
    if act is None or act.scan is None:
        raise Http404
    return as_download(act.scan)


def ore_only(request):
    if not is_ore_staff(request.user):
        raise PermissionDenied(_("ORE reads how plans were adopted."))


@require_safe
def adoptions(request):
    """Which accepted plans were adopted how, and which have no adoption recorded."""
    ore_only(request)
    wanted = AdoptionFilter(request.GET)
    page = Paginator(wanted.apply(accepted_plans()), PER_PAGE).get_page(request.GET.get("page"))
    lines = [as_line(version) for version in page.object_list]
    context = {"page": page, "lines": lines, "filter": wanted, "query": request.GET.urlencode()}
    return render(request, "plans/adoption_list.html", context)


@require_safe
def adoption_file(request, kind):
    """The same list as a file."""
    ore_only(request)
    wanted = AdoptionFilter(request.GET)
    header = [
        *(_("TERC code"), _("unit"), _("edition"), _("plan"), _("version"), _("number")),
        *(_("form"), _("number of the act"), _("date"), _("who adopted it"), _("BIP"), _("scan")),
    ]
    versions = wanted.apply(accepted_plans()).iterator(chunk_size=500)
    made = date_format(timezone.localtime(), "DATETIME_FORMAT")
    about = [(_("Made on"), made), *wanted.in_words()]
    return table_file(kind, "przyjecie-planow", header, (as_line(one).cells for one in versions), about=about)
