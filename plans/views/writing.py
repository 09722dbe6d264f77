"""Writing: starting a plan, one section at a time, attaching files."""

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jst.models import Participation
from plans import permissions
from plans.commenting import comments_on
from plans.content import Content
from plans.continuing import earlier_version
from plans.copying import start_plan
from plans.forms import EvidenceForm, StartForm
from plans.ledger import remarks_for
from plans.models import PlanVersion, SectionState
from plans.outline import part
from plans.places import in_editor, in_text, mark_fields
from plans.prefill import facts_beside
from plans.saving import Outcome, save_section, unsaved_by, words_of
from plans.section_forms import SectionForm
from plans.section_state import opened_by, state_of
from plans.sections import left_out, open_keys, section_of, sections_of
from plans.teamwork import others_at
from plans.transfer.tables import SECTIONS as SHEET_SECTIONS
from plans.uploads import attach, attach_again, uses_of_files
from portal.prepared import prepared


@require_http_methods(["GET", "POST"])
def start(request, pk):
    """Start the one plan of a participation, or go to it where there already is one."""
    participation = get_object_or_404(Participation.objects.visible_to(request.user).for_list(), pk=pk)
    if hasattr(participation, "plan"):
        return redirect(participation.plan)
    if not permissions.can_start_plan(request.user, participation):
        raise PermissionDenied(_("The lead of the team starts the plan."))
    if not hasattr(participation.edition, "setup"):
        raise PermissionDenied(_("ORE has not set up the form of the plan for this edition yet."))
    earlier = earlier_version(participation)
    form = StartForm(request.POST or None, participation=participation, earlier=earlier)
    if form.is_valid():
        plan = start_plan(participation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The plan has been started. Choose a section to begin with."))
        if plan.left_out:
            messages.warning(request, _("Not taken over: %s") % " · ".join(plan.left_out))
        return redirect(plan)
    return render(request, "plans/plan_start.html", {"form": form, "participation": participation})


def get_draft(request, pk):
    """Return the newest version of a plan whose text the person may read, or 404."""
    newest = prepared("plans.newest_version", newest_version, request.user, pk)
    if not newest:
        raise Http404
    return newest[0]


def newest_version(user, plan):
    versions = PlanVersion.objects.visible_to(user).for_page().with_asked_sections()
    return versions.filter(plan=plan).order_by("-number")[:1]


def refuse(request, version, sentence):
    """Answer 403 with a sentence to those who may follow the plan, and 404 to all others."""
    if not permissions.can_follow(request.user, version.plan):
        raise Http404
    raise PermissionDenied(sentence)


def must_write(request, version):
    """Refuse whoever does not write this plan."""
    if not permissions.writes(request.user, version):
        refuse(request, version, _("Only the lead and the authors of the team write the plan."))


def get_section(version, key, *, left_out_too=False):
    """Return the section, with `left_out_too` also one that a narrow plan has not, or 404."""
    section = section_of(version.plan, key)
    if section is None and left_out_too:
        section = next((other for other in left_out(version.plan) if other.key == key), None)
    if section is None:
        raise Http404
    return section


def get_written(request, pk, key, *, left_out_too=False):
    """Return the draft and its section that the person may write, or answer 404 or 403."""
    version = get_draft(request, pk)
    section = get_section(version, key, left_out_too=left_out_too)
    must_write(request, version)
    return version, section


def posted_revision(data):
    value = data.get("revision", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


@require_http_methods(["GET", "POST"])
def section(request, pk, key):
    """Write one section. The same address and form serve the button and the autosave.

    Words sent for a section that has just been left out are kept and shown, as for any closed one.
    """
    version, section = get_written(request, pk, key, left_out_too=True)
    if request.method == "GET":
        return show_section(request, version, section)
    answer = save_section(
        version,
        section,
        request.POST,
        by=request.user,
        revision=posted_revision(request.POST),
        request_key=request.POST.get("request_key", "")[:64] or uuid.uuid4().hex,
        done={"ready": True, "not_ready": False}.get(request.POST.get("done")),
    )
    return answer_save(request, version, section, answer)


def answer_save(request, version, section, answer):
    """Answer a save: a fragment to the autosave, a redirect or the page with the reason to the button."""
    if request.htmx:
        context = {"answer": answer, "state": state_after(answer, version, section), "version": version}
        return render(request, "plans/section_edit.html#state", context, status=answer.status)
    if answer.outcome == Outcome.SAVED:
        messages.success(request, _("Saved."))
        if "next" in request.POST:
            return redirect(*following(version, section))
        return redirect("plans:section", version.plan_id, section.key)
    return show_section(request, version, section, answer)


def following(version, section):
    """Return the name and arguments of the next open section's address, or of the plan's after the last."""
    keys = [other.key for other in sections_of(version.plan)]
    unlocked = open_keys(version)
    later = [key for key in keys[keys.index(section.key) + 1 :] if key in unlocked]
    return ("plans:section", version.plan_id, later[0]) if later else ("plans:plan", version.plan_id)


def state_after(answer, version, section):
    """Return the section's state: told by what was just saved, or read where it was not."""
    if answer.outcome != Outcome.SAVED:
        return state_of(version, section)
    record = answer.record
    return SectionState(key=section.key, revision=answer.revision, changed_at=record.at, changed_by=record.by)


def show_section(request, version, section, answer=None):
    """Show the form: what is stored, or what was not stored beside it."""
    state = opened_by(request.user, version, section)
    is_open = section.key in open_keys(version)
    unsaved = answer.record if answer else unsaved_text(request.user, version, section, state)
    restoring = answer is not None or (unsaved is not None and "moje" in request.GET)
    data = data_of(unsaved) if restoring and unsaved else None
    form = SectionForm(version, section, data, body=state.body)
    if data is not None:
        form.is_valid()
    context = {
        "plan": version.plan,
        "version": version,
        "section": section,
        "state": state,
        "form": form,
        "is_open": is_open,
        "is_left_out": section_of(version.plan, section.key) is None,
        "answer": answer,
        "unsaved": unsaved if not restoring else None,
        "restoring": restoring,
        "closed_words": words_of(unsaved) if unsaved and not is_open else [],
        "unsaved_conflict": restoring and unsaved and unsaved.outcome == Outcome.CONFLICT,
        "stored_part_list": [part(section, Content(version))] if restoring or not is_open else [],
        "request_key": uuid.uuid4().hex,
        "facts": [] if restoring or not is_open else facts_beside(version, section, state, request.user),
    }
    context |= beside_the_form(request.user, version, section, state, is_open=is_open)
    mark_fields(context["stored_part_list"], context["remarks"] if not is_open else [])
    return render(request, "plans/section_edit.html", context, status=answer.status if answer else 200)


def unsaved_text(user, version, section, state):
    return unsaved_by(user, version, section) if state.may_be_unsaved else None


def beside_the_form(user, version, section, state, *, is_open):
    """Return who else is here, what was said of the section, and what its attachments prove."""
    return {
        "others": others_at(version, section, user) if is_open and state.has_others else [],
        "comments": comments_on(version.plan, user, section),
        "remarks": remarks_for(version, user, leads=in_editor if is_open else in_text).get(section.key, []),
        "evidence_form": evidence_form_of(version) if section.key == "evidence" else None,
        "rows_from_sheets": section.key in SHEET_SECTIONS,
        "file_uses": uses_of_files(version) if section.key == "evidence" else [],
    }


def evidence_form_of(version):
    return EvidenceForm(plan=version.plan, initial={"uid": uuid.uuid4()})


def data_of(record):
    """Return what was posted, as a form takes it."""
    data = QueryDict(mutable=True)
    for name, values in record.payload.items():
        data.setlist(name, values)
    return data


@require_http_methods(["GET", "POST"])
def evidence_add(request, pk):
    """Attach a file to the draft."""
    version, _section = get_written(request, pk, "evidence")
    if request.method == "GET":
        return redirect("plans:section", pk, "evidence")
    form = EvidenceForm(request.POST, request.FILES, plan=version.plan)
    if not form.is_valid():
        return render(
            request,
            "plans/evidence_add.html",
            {"form": form, "plan": version.plan, "version": version},
            status=422,
        )
    words = {name: form.cleaned_data[name] for name in ("uid", "kind", "title", "proves")}
    upload, stored = form.cleaned_data["file"], form.cleaned_data["stored"]
    add = partial(attach, version, upload) if upload else partial(attach_again, version, stored)
    if add(by=request.user, **words):
        messages.success(request, _("The file has been attached."))
    else:
        messages.error(request, _("The file was not attached: this section is closed or full."))
    return redirect("plans:section", pk, "evidence")
