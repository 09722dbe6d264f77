"""Data of participants: each person's own page, and the pages of those who run the project.

Others see values only as the answer to a POST with a reason, and each such answer is an `AccessRecord`.
"""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jst import participants
from jst.forms.participants import ParticipantDataForm, ParticipantFilter, ReadForm
from jst.models import ParticipantDataSetup
from jst.participant_fields import FIELDS, PESEL
from jst.permissions import is_auditor, is_coordinator
from jst.views.teams import posted
from portal.models import AccessRecord
from portal.models.user import normal_email
from portal.workflow import NotAllowed, TransitionError

PER_PAGE = 50


# --- One's own ----------------------------------------------------------------------------------


@require_safe
def my_data(request):
    """Which projects ask what about me, what is still missing, and who has read my data."""
    setups = ParticipantDataSetup.objects.asking(request.user).select_related("project")
    rows = [
        {"setup": setup, "missing": missing(setup, participants.answers_of(request.user, setup.project))}
        for setup in setups
        if setup.switched_on()
    ]
    readings = AccessRecord.objects.filter(
        Q(person=request.user) | Q(person__merged_into__kept=request.user)
    ).select_related("event__actor", "event__words")[:PER_PAGE]
    context = {"rows": rows, "readings": [as_reading(record) for record in readings]}
    return render(request, "jst/my_data.html", context)


def missing(setup, answered):
    return [field.label for field in setup.needed() if field.name not in answered]


def as_reading(record):
    """Return one reading in words."""
    return {
        "at": record.event.at,
        "reader": record.event.actor,
        "reason": record.event.comment,
        "matter": record.matter,
        "fields": [str(field.label) for field in FIELDS if field.name in record.fields],
    }


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def my_data_edit(request, pk):
    """Give one's own data for a project; what is left empty may be given later."""
    setups = ParticipantDataSetup.objects.asking(request.user).select_related("project")
    setup = get_object_or_404(setups, project=pk)
    answers = participants.answers_of(request.user, setup.project)
    form = ParticipantDataForm(
        posted(request), asked=setup.switched_on(), options=participants.options_of(setup), answers=answers
    )
    if form.is_valid():
        try:
            participants.save_answers(request.user, setup.project, form.given(), by=request.user)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Your data are saved."))
            return redirect("jst:my_data")
    context = {"setup": setup, "form": form}
    return render(request, "jst/my_data_edit.html", context, status=422 if form.errors else 200)


# --- Others' ------------------------------------------------------------------------------------


def refuse_auditors(request):
    if is_auditor(request.user) and not is_coordinator(request.user):
        raise PermissionDenied(
            _("Auditors see who read data of participants, in the administration; not the data.")
        )


def get_setup(request, pk):
    """Return what a project collects, for those who may read it; auditors are told why not, others 404."""
    refuse_auditors(request)
    rows = ParticipantDataSetup.objects.read_by(request.user).select_related("project")
    return get_object_or_404(rows, project=pk)


@require_safe
def projects(request):
    """The projects whose participants' data this person may read."""
    refuse_auditors(request)
    setups = list(ParticipantDataSetup.objects.read_by(request.user).select_related("project"))
    if not setups and not request.user.is_staff:
        raise PermissionDenied(_("Only ORE and the operator of an edition see data of participants."))
    return render(request, "jst/participant_projects.html", {"setups": setups})


@require_safe
def people(request, pk):
    """Whose data are missing what: names and counts, no values."""
    setup = get_setup(request, pk)
    everybody = participants.participants(setup.project, request.user)
    gaps = participants.with_gaps(everybody, setup)
    form = ParticipantFilter(request.GET)
    shown = gaps if form.is_valid() and form.cleaned_data["braki"] else everybody
    for word in form.cleaned_data.get("szukaj", "").split():
        named = Q(last_name__icontains=word) | Q(first_name__icontains=word)
        shown = shown.filter(named | Q(email__startswith=normal_email(word)))
    page = Paginator(shown.order_by("last_name", "first_name", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    there = participants.answered(list(page.object_list), setup.project)
    context = {
        "setup": setup,
        "filter": form,
        "page": page,
        "rows": [(person, missing(setup, there.get(person.pk, set()))) for person in page.object_list],
        "count": everybody.count(),
        "incomplete": gaps.count(),
        "all_missing": len(setup.needed()),
    }
    return render(request, "jst/participant_list.html", context)


@require_http_methods(["GET", "POST"])
def person(request, pk, person):
    """One person's data: what is there by name; the values after a reason, and the reading is recorded."""
    setup = get_setup(request, pk)
    other = get_object_or_404(participants.participants(setup.project, request.user), pk=person)
    form = ReadForm(posted(request), pesel=setup.pesel)
    values, fields = {}, setup.switched_on()
    if form.is_valid():
        with_pesel = form.cleaned_data.get("with_pesel", False)
        if with_pesel:
            raise_if_reauthentication_required(request, app="account")
        names = [field.name for field in fields if field.name != PESEL or with_pesel]
        try:
            values = participants.read(
                other, setup.project, names, reason=form.cleaned_data["reason"], by=request.user
            )
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
    there = participants.stated(other, setup.project)
    context = {
        "setup": setup,
        "person": other,
        "form": form,
        "shown": bool(form.is_bound and not form.errors),
        "rows": [as_row(field, there.get(field.name), values.get(field.name)) for field in fields],
    }
    return render(request, "jst/participant_detail.html", context, status=422 if form.errors else 200)


def as_row(field, answer, read):
    """Return one line: the label, the kind of answer, and the value where it was read just now."""
    return {"label": field.label, "answer": answer, "value": read[1] if read else ""}
