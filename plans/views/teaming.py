"""Writing together: who looks after a section, who is here, comments within the team, two texts made one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plans import permissions
from plans.commenting import (
    add_comment,
    comments_on,
    is_caretaker,
    may_comment,
    reopen,
    rows_to_comment,
    settle,
)
from plans.models import InternalComment
from plans.reconciling import both_texts, chosen
from plans.saving import Outcome, refused_text, save_section, unsaved_by
from plans.section_state import state_of
from plans.sections import open_keys, sections_of
from plans.team_forms import CareForm, CommentForm
from plans.teamwork import be_here, leave, look_after, others_at, version_written_by
from plans.views.writing import (
    data_of,
    get_draft,
    get_section,
    get_written,
    posted_revision,
    refuse,
)
from portal.prepared import prepared
from portal.workflow import NotAllowed

MOVES = {"zalatwione": settle, "wroc": reopen}


def get_own(request, pk, key):
    """As `get_written`, in one question for those who may: each open page asks three times a minute."""
    found = prepared("plans.version_written", version_written_by, request.user, pk)
    if not found or not permissions.works(found[0].plan.participation):
        return get_written(request, pk, key)
    return found[0], get_section(found[0], key)


@require_POST
def presence(request, pk, key):
    """Hear from a page that it is open, or no more; answer who else has the section open."""
    version, section = get_own(request, pk, key)
    if request.POST.get("leaving"):
        leave(version, section, by=request.user)
        return HttpResponse(status=204)
    be_here(version, section, by=request.user, is_unsaved=request.POST.get("unsaved") == "1")
    others = others_at(version, section, request.user)
    return render(request, "plans/_presence.html", {"others": others})


@require_http_methods(["GET", "POST"])
def section_care(request, pk, key):
    """Say who looks after a section and until when."""
    version, section = get_written(request, pk, key)
    state = state_of(version, section)
    initial = {"owner": state.owner_id, "due": state.due}
    form = CareForm(request.POST or None, initial=initial, version=version, user=request.user)
    if form.is_valid():
        words = form.cleaned_data
        try:
            look_after(version, section, owner=words["owner"], due=words["due"], by=request.user)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        messages.success(request, _("Saved."))
        return redirect(version.plan)
    context = {"form": form, "plan": version.plan, "section": section, "state": state}
    return render(request, "plans/section_care.html", context, status=422 if form.is_bound else 200)


# --- Comments -----------------------------------------------------------------------------------


def get_commented(request, pk):
    """Return the newest version of a plan whose comments the person may write, or answer 404 or 403."""
    version = get_draft(request, pk)
    if not may_comment(request.user, version.plan):
        refuse(request, version, _("Only the team and its caretaker write comments."))
    return version


def comments(request, pk):
    """All comments on a plan that the person may read, section by section."""
    version = get_commented(request, pk)
    found = comments_on(version.plan, request.user)
    groups = [
        (section, [comment for comment in found if comment.section == section.key])
        for section in sections_of(version.plan)
    ]
    context = {"plan": version.plan, "version": version, "groups": groups}
    return render(request, "plans/comment_list.html", context)


@require_http_methods(["GET", "POST"])
def comment_add(request, pk, key):
    """The comments on one section, and a form for one more."""
    version = get_commented(request, pk)
    section = get_section(version, key)
    form = CommentForm(
        request.POST or None,
        rows=rows_to_comment(version, section),
        by_caretaker=is_caretaker(request.user, version.plan),
    )
    if form.is_valid():
        add_comment(version.plan, section=section.key, by=request.user, **form.cleaned_data)
        messages.success(request, _("The comment has been added."))
        return redirect("plans:comment_add", pk, key)
    context = {
        "form": form,
        "plan": version.plan,
        "section": section,
        "comments": comments_on(version.plan, request.user, section),
    }
    return render(request, "plans/comment_add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def comment_move(request, pk, comment, move):
    """Settle a comment or put it back."""
    version = get_commented(request, pk)
    comments = InternalComment.objects.visible_to(request.user).filter(plan=version.plan_id)
    comment = get_object_or_404(comments, pk=comment)
    if move not in MOVES:
        raise Http404
    if request.method == "POST":
        MOVES[move](comment, by=request.user)
    return redirect("plans:comment_add", pk, comment.section)


# --- Two texts ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def section_merge(request, pk, key):
    """The stored text and one's own that was not saved, side by side, with a choice at each difference."""
    version, section = get_written(request, pk, key)
    unsaved = text_to_merge(request, version, section)
    if unsaved is None or section.key not in open_keys(version):
        return redirect("plans:section", pk, key)
    if request.method == "POST" and is_about(request, unsaved, state_of(version, section)):
        answer = save_section(
            version,
            section,
            chosen(both_texts(version, section, data_of(unsaved), unsaved), data_of(unsaved), request.POST),
            by=request.user,
            revision=posted_revision(request.POST),
            request_key=request.POST.get("request_key", "")[:64],
        )
        if answer.outcome == Outcome.SAVED:
            messages.success(request, _("Saved."))
            return redirect("plans:section", pk, key)
        unsaved = answer.record
    return show_merge(request, version, section, unsaved)


def text_to_merge(request, version, section):
    """Return the text that the window names as its own; where it names none, the person's newest unsaved."""
    named = request.GET.get("tekst", "")
    if named.isascii() and named.isdigit() and len(named) < 19:
        return refused_text(request.user, version, section, int(named))
    return unsaved_by(request.user, version, section)


def is_about(request, unsaved, state):
    """Whether what was chosen is about the two texts of now; else they are shown anew."""
    return request.POST.get("record") == str(unsaved.pk) and posted_revision(request.POST) == state.revision


def show_merge(request, version, section, unsaved):
    state = state_of(version, section)
    context = {
        "plan": version.plan,
        "section": section,
        "state": state,
        "unsaved": unsaved,
        "blocks": both_texts(version, section, data_of(unsaved), unsaved),
        "request_key": f"merge-{unsaved.pk}-{state.revision}",
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "plans/section_merge.html", context, status=status)
