"""A section goes out as a text document and comes back after a look at what would change."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jst.imports.report import Refused
from plans.differences import pieces
from plans.models import PlanUpload, Text
from plans.saving import Outcome
from plans.section_state import state_of
from plans.sections import open_keys, section_of
from plans.transfer.applying import insert_document
from plans.transfer.documents import read_document, section_document, written
from plans.transfer.earlier import cells_at
from plans.transfer.forms import DocumentForm
from plans.transfer.keeping import keep_document
from plans.transfer.matching import Matching
from plans.transfer.table_documents import rows_document
from plans.transfer.table_reading import read_rows_document
from plans.uploads import KINDS
from plans.views.transferring import get_written_draft, show_or_insert
from plans.views.writing import posted_revision


def get_draft_section(request, pk, key):
    """Return the draft and its section, or 404."""
    version = get_written_draft(request, pk)
    section = section_of(version.plan, key)
    if section is None:
        raise Http404
    return version, section


def stored_body(version, section):
    text = Text.objects.filter(version=version, key=section.key).first()
    return text.body if text else ""


@require_safe
def document(request, pk, key):
    """The section as a DOCX."""
    version, section = get_draft_section(request, pk, key)
    revision = state_of(version, section).revision
    if section.is_narrative:
        content = section_document(version, section, body=stored_body(version, section), revision=revision)
    else:
        content = rows_document(version, section, revision=revision)
    response = HttpResponse(content, content_type=KINDS[".docx"][0])
    response["Content-Disposition"] = f'attachment; filename="{section.key}-{version.plan_id}.docx"'
    return response


@require_http_methods(["GET", "POST"])
def bring(request, pk, key):
    """Choose the document; what it would change is shown on the next page."""
    version, section = get_draft_section(request, pk, key)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            upload = keep_document(version, section, form.cleaned_data["file"], by=request.user)
        except Refused as reason:
            form.add_error("file", str(reason))
        else:
            return redirect("plans:section_preview", pk, key, upload.uid)
    context = {"plan": version.plan, "version": version, "section": section, "form": form}
    return render(request, "plans/section_bring.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def preview(request, pk, key, uid):
    """The differences, and the button that saves; where somebody saved meanwhile, both texts are shown."""
    version, section = get_draft_section(request, pk, key)
    kind = PlanUpload.Kind.SECTION
    upload = get_object_or_404(version.uploads.select_related("stored"), uid=uid, kind=kind, section=key)
    upload.version = version
    if not section.is_narrative:
        return preview_rows(request, section, upload)
    brought = read_document(upload.stored.file.path)
    if request.method == "POST":
        return save(request, upload, section, brought)
    context = {"section": section, "upload": upload} | differing(version, section, brought)
    return render(request, "plans/section_preview.html", context)


def preview_rows(request, section, upload):
    """What the tables of the document would change: as for a spreadsheet."""
    version = upload.version
    where = [version.plan_id, section.key]
    try:
        brought = read_rows_document(upload.stored.file.path)
    except Refused as reason:
        # It could be read when it was uploaded: the rows of the form have changed since.
        messages.error(request, str(reason))
        return redirect("plans:section_bring", *where)
    state = state_of(version, section)
    conflict = (brought.number, brought.revision) != (version.number, state.revision)
    earlier = cells_at(version, section, brought.number, brought.revision) if conflict else {}
    comparison = Matching(version, brought.sheets, section.key, earlier).compare()
    comparison.notes += brought.notes
    context = {
        "section": section,
        "unknown": brought.unknown,
        "state": state,
        "conflict": conflict,
        "keeps_newer": bool(earlier),
        "again": reverse("plans:section_bring", args=where),
        "back": reverse("plans:section", args=where),
    }
    return show_or_insert(request, upload, comparison, context)


def differing(version, section, brought):
    """Return what the preview shows of the stored text beside the document's."""
    state, before = state_of(version, section), stored_body(version, section)
    same = written(before) == brought.body
    return {
        "plan": version.plan,
        "version": version,
        "brought": brought,
        "state": state,
        "before": before,
        "pieces": [] if same else pieces(written(before), brought.body),
        "conflict": (brought.number, brought.revision) != (version.number, state.revision),
        "is_open": section.key in open_keys(version),
    }


def save(request, upload, section, brought):
    """Save the text on the revision that the preview showed; what was not saved waits in the section."""
    revision = posted_revision(request.POST)
    answer = insert_document(upload, section, brought.body, revision=revision, by=request.user)
    where = redirect("plans:section", upload.version.plan_id, section.key)
    if answer.outcome == Outcome.SAVED:
        messages.success(request, _("Saved."))
        return where
    messages.warning(request, _("Not saved. The text of the document is kept beside what is stored."))
    where["Location"] += "?moje"
    return where
