"""Register imports: where each register stands, uploading a file, looking at what it changes, applying it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from jst import uploads
from jst.forms.uploads import SetAsideForm, UploadForm
from jst.imports.progress import percent
from jst.imports.telling import change_in_words, counts_in_words
from jst.models import JstEvent, RegisterImport, RegisterUpload, Source, UploadLine
from jst.permissions import is_ore_staff, may_import
from jst.views.registers import staff_page
from jst.workflow import UPLOAD
from portal.exports import table_file
from portal.history import told
from portal.paging import page_by_key
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError

Status = RegisterUpload.Status
LISTS = {"roznice": UploadLine.Kind.CHANGE, "odrzucone": UploadLine.Kind.REJECTED}
REJECTED_COLUMNS = ("row", "column", "value", "reason")
# What follows from a move, said before the button is pressed.
CONSEQUENCES = {
    "recheck": gettext_lazy("The file is compared with the register as it is now."),
    "drop": gettext_lazy(
        "Nothing of the file is written. The file is deleted; its name and digest stay here."
    ),
}


@require_safe
@staff_page(is_ore_staff)
def registers(request):
    """Where each register stands, the files that wait, and the imports so far."""
    newest = RegisterImport.objects.order_by().values("source").annotate(pk=Max("pk")).values("pk")
    latest = {
        row.source: row for row in RegisterImport.objects.filter(pk__in=newest).select_related("applied_by")
    }
    waiting = RegisterUpload.objects.visible_to(request.user).exclude(
        status__in=[Status.APPLIED, Status.DROPPED]
    )
    history = RegisterImport.objects.select_related("applied_by").order_by("-applied_at", "-pk")
    context = {
        "states": [(source.label, latest.get(source.value)) for source in Source],
        "waiting": waiting.select_related("uploaded_by"),
        "page": Paginator(history, 50).get_page(request.GET.get("page")),
        "may_import": may_import(request.user),
        "for_ore": True,
    }
    return render(request, "jst/register_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(is_ore_staff)
def upload_new(request):
    """Bring in an official file; its check begins at once."""
    require_importer(request.user)
    form = UploadForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_valid():
        upload = uploads.upload_register(by=request.user, **form.cleaned_data)
        messages.success(request, _("The file is here and is being checked. Nothing is changed yet."))
        return redirect(upload)
    return render(request, "jst/upload_new.html", {"form": form}, status=422 if form.errors else 200)


def require_importer(user):
    if not may_import(user):
        raise PermissionDenied(_("ORE’s coordinators bring registers in. You may read their history."))


def get_upload(request, pk):
    rows = RegisterUpload.objects.visible_to(request.user).select_related("uploaded_by", "register_import")
    return get_object_or_404(rows, pk=pk)


@require_safe
@staff_page(is_ore_staff)
def upload(request, pk):
    """One file: how far its check or import is, what it changes, which rows cannot be used."""
    found = get_upload(request, pk)
    at_work = found.status in {Status.UPLOADED, Status.APPLYING}
    context = {"upload": found, "at_work": at_work, "percent": percent(found.file.path) if at_work else 0}
    if request.htmx:
        return render(request, "jst/upload_detail.html#progress", context) if at_work else look_again()
    which = request.GET.get("co", "roznice")
    kind = LISTS.get(which, UploadLine.Kind.CHANGE)
    context |= {
        "which": which if which in LISTS else "roznice",
        "page": page_by_key(
            found.lines.filter(kind=kind), ("sentence", *REJECTED_COLUMNS), request.GET, key=""
        ),
        "rejected": rows_in(found.lines.filter(kind=UploadLine.Kind.REJECTED)),
        "counts": counts_in_words(found.counts),
        "moves": UPLOAD.available(found, request.user),
        "history": told(JstEvent.objects.filter(register_upload=found).with_words()),
    }
    return render(request, "jst/upload_detail.html", context)


def rows_in(cells):
    """Return how many rows of the file the cells stand in."""
    return cells.order_by().values("row").distinct().count()


def look_again():
    """Tell the page that asks how far the work is that it has ended: the whole page is new."""
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
@staff_page(is_ore_staff)
def upload_apply(request, pk):
    """Apply a checked file: all of it, or all but the rows that are set aside by choice."""
    found = get_upload(request, pk)
    require_importer(request.user)
    form = SetAsideForm(
        request.POST if request.method == "POST" else None, label=rows_to_set_aside(found.unusable)
    )
    refusal = []
    if request.method == "POST" and form.is_valid():
        try:
            uploads.apply_register(found, by=request.user, **form.cleaned_data)
        except AlreadyMoved as error:
            messages.info(request, str(error))
            return redirect(found)
        except TransitionError as error:
            refusal = error.sentences
        else:
            messages.success(request, _("The file is being applied: all of it or nothing."))
            return redirect(found)
    context = {"upload": found, "form": form, "refusal": refusal, "counts": counts_in_words(found.counts)}
    return render(request, "jst/upload_apply.html", context, status=409 if refusal else 200)


def rows_to_set_aside(count):
    sentence = ngettext("Set this %d row aside", "Set these %d rows aside", count)
    return sentence % count


@require_http_methods(["GET", "POST"])
@staff_page(is_ore_staff)
def upload_move(request, pk, move):
    """Confirm and make one move of a file: check it again, drop it."""
    found = get_upload(request, pk)
    transition = UPLOAD.transitions.get(move)
    if transition is None or move not in CONSEQUENCES:
        raise Http404
    require_importer(request.user)
    refusal = []
    if request.method == "POST":
        try:
            UPLOAD.perform(found, move, by=request.user)
        except (AlreadyMoved, NotAllowed) as error:
            messages.info(request, str(error))
            return redirect(found)
        except TransitionError as error:
            refusal = error.sentences
        else:
            messages.success(request, _("Done: %s.") % transition.label)
            return redirect("jst:registers" if move == "drop" else found)
    context = {"upload": found, "move": transition, "consequence": CONSEQUENCES[move], "refusal": refusal}
    return render(request, "jst/upload_move.html", context, status=409 if refusal else 200)


@require_safe
@staff_page(is_ore_staff)
def upload_file(request, pk, what, kind):
    """The differences of a file, or its rows that cannot be used, as CSV or XLSX."""
    found = get_upload(request, pk)
    if what not in LISTS:
        raise Http404
    lines = found.lines.filter(kind=LISTS[what]).order_by("pk")
    columns = ("row", "sentence") if what == "roznice" else REJECTED_COLUMNS
    rows = lines.values_list(*columns).iterator(chunk_size=2000)
    return table_file(kind, f"{found.source}-{found.pk}-{what}", header_of(columns), rows, about=about(found))


def header_of(columns):
    return [UploadLine._meta.get_field(column).verbose_name for column in columns]


def about(found):
    """Return what a file of an import says about itself."""
    return [(_("File"), found.file_name), (_("Digest (SHA-256)"), found.sha256)]


# --- What was applied ---------------------------------------------------------------------------


@require_safe
@staff_page(is_ore_staff)
def register_import(request, pk):
    """One import: its file, who applied it, every change that it made, the rows that were set aside."""
    found = get_object_or_404(RegisterImport.objects.select_related("applied_by"), pk=pk)
    which = request.GET.get("co", "roznice")
    if which == "odrzucone":
        page = page_by_key(found.rejected.all(), REJECTED_COLUMNS, request.GET, key="")
    else:
        page = page_by_key(
            found.changes.all(), ("code", "name", "what", "before", "after"), request.GET, key=""
        )
        for row in page.rows:
            row["sentence"] = change_in_words(row["what"], row["before"], row["after"])
    context = {
        "imported": found,
        "which": "odrzucone" if which == "odrzucone" else "roznice",
        "page": page,
        "differences": found.changes.count(),
        "rejected": rows_in(found.rejected),
        "counts": counts_in_words(found.counts),
        "history": told(JstEvent.objects.filter(register_import=found).with_words()),
    }
    return render(request, "jst/import_detail.html", context)


@require_safe
@staff_page(is_ore_staff)
def import_file(request, pk, what, kind):
    """The changes of an import, or the rows that it set aside, as CSV or XLSX."""
    found = get_object_or_404(RegisterImport, pk=pk)
    if what not in LISTS:
        raise Http404
    name = f"{found.source}-{found.as_of}-{what}"
    if what == "odrzucone":
        rows = found.rejected.order_by("pk").values_list(*REJECTED_COLUMNS).iterator(chunk_size=2000)
        return table_file(kind, name, header_of(REJECTED_COLUMNS), rows, about=about(found))
    columns = ("code", "name", "what", "before", "after", "row")
    header = [_("code"), _("name"), _("what changed"), _("before"), _("after"), _("row"), _("in words")]
    rows = (
        (*row, change_in_words(*row[2:5]))
        for row in found.changes.order_by("pk").values_list(*columns).iterator(chunk_size=2000)
    )
    return table_file(kind, name, header, rows, about=about(found))
