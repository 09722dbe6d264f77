"""The page from which a version is taken away, and its files."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render

from plans import permissions
from plans.downloads import FORMS, file_names, forms_for, made
from plans.models import PlanVersion
from plans.views.reading import get_version
from portal.middleware import or_sign_in


@or_sign_in
def files(request, pk, number):
    """In which forms this version may be taken away, and what each is for."""
    version = get_version(request, pk, number)
    follows = permissions.can_follow(request.user, version.plan)
    return render(
        request,
        "plans/version_files.html",
        {
            "plan": version.plan,
            "version": version,
            "follows": follows,
            "is_draft": version.status in PlanVersion.UNSENT,
            "forms": forms_for(follows=follows),
        },
    )


@or_sign_in
def file(request, pk, number, form):
    """One file of a version, always as a download."""
    version = get_version(request, pk, number)
    wanted = FORMS.get(form)
    follows = permissions.can_follow(request.user, version.plan)
    if wanted not in forms_for(follows=follows):
        raise Http404
    data = made(wanted, version)
    if data is None:
        return waiting(request, version)
    return download(data, wanted.content_type, *file_names(wanted, version))


def waiting(request, version):
    """Say that the PDF is being made; who is not signed in is shown the page of the library."""
    page = "document_waiting" if request.user.is_authenticated else "library_waiting"
    return render(request, f"plans/{page}.html", {"plan": version.plan, "version": version}, status=404)


def download(data, content_type, plain, name):
    """Return the bytes as a download that no browser opens inside the portal, named in both ways."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["Content-Length"] = str(len(data))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
