"""Bringing in what a team has in its own files: a preview first, and nothing is written before the button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst.imports.report import Refused
from plans.models import PlanUpload
from plans.transfer.applying import NotWritten, insert_upload
from plans.transfer.forms import SheetForm
from plans.transfer.keeping import keep_sheets
from plans.transfer.matching import Matching
from plans.transfer.reading import read_sheets
from plans.transfer.sheet_template import template_file
from plans.views.writing import get_draft, must_write


def get_written_draft(request, pk):
    """Return the newest version where the person writes the plan; else 403 with a sentence, or 404."""
    version = get_draft(request, pk)
    must_write(request, version)
    if version.status not in version.EDITABLE:
        raise PermissionDenied(_("The plan has been handed over and cannot be changed."))
    return version


@require_safe
def sheet_template(request, pk):
    """The spreadsheet to fill in, with this unit's schools and competences to copy from."""
    return template_file(get_written_draft(request, pk))


@require_http_methods(["GET", "POST"])
def bring(request, pk):
    """Choose a spreadsheet; what it would change is shown on the next page."""
    version = get_written_draft(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = keep_sheets(version, form.cleaned_data["file"], by=request.user)
        except Refused as reason:
            form.add_error("file", str(reason))
        else:
            return redirect("plans:bring_preview", pk, upload.uid)
    context = {"plan": version.plan, "version": version, "form": form}
    return render(request, "plans/sheet_bring.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def preview(request, pk, uid):
    """What the spreadsheet would change, and the button that changes it."""
    version = get_written_draft(request, pk)
    upload = get_object_or_404(version.uploads.select_related("stored"), uid=uid, kind=PlanUpload.Kind.ROWS)
    upload.version = version
    try:
        sheets, unknown = read_sheets(upload.stored.file.path, upload.stored.name)
    except Refused as reason:
        # It could be read when it was uploaded: the rows of the form have changed since.
        messages.error(request, str(reason))
        return redirect("plans:bring", pk)
    comparison = Matching(version, sheets).compare()
    where = {"again": reverse("plans:bring", args=[pk]), "back": version.plan.get_absolute_url()}
    return show_or_insert(request, upload, comparison, {"unknown": unknown} | where)


def show_or_insert(request, upload, comparison, context):
    """Show what a file of rows would change, or write what was seen and go `back`."""
    refusal = []
    if request.method == "POST":
        try:
            insert_upload(upload, comparison, revisions_seen(request.POST), by=request.user)
        except NotWritten as reason:
            refusal = reason.sentences
        else:
            messages.success(request, _("The rows have been put into the plan."))
            return redirect(context["back"])
    context |= {"plan": upload.version.plan, "version": upload.version, "upload": upload}
    context |= {"comparison": comparison, "refusal": refusal}
    return render(request, "plans/sheet_preview.html", context, status=409 if refusal else 200)


def revisions_seen(data):
    """Return section key → the revision that the preview showed."""
    found = {}
    for name, value in data.items():
        key = name.removeprefix("revision-")
        if key != name and value.isascii() and value.isdigit() and len(value) < 10:
            found[key] = int(value)
    return found
