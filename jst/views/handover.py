"""Handing the lead over: by the lead, by the office through its official mailbox; and the handover pack."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jst import handover, nominations
from jst.forms.joining import HandOverForm, NomineeForm, UndoForm
from jst.models import Invitation, JstEvent, Nomination, TeamMembership
from jst.models.joining import masked
from jst.permissions import can_run_edition
from jst.views.invitations import answer, unusable
from jst.views.joining import get_open_team
from jst.views.teams import experts_of, get_managed_team, get_team, posted
from portal import conventions
from portal.accounts import is_too_much, too_many_requests
from portal.history import told
from portal.workflow import AlreadyMoved, TransitionError

SESSION_KEY = "nomination"


@require_http_methods(["GET", "POST"])
def hand_over(request, pk):
    """Hand the lead over to a member at once, or to an invited person on the day they join."""
    participation = get_managed_team(request, pk)
    rows = list(TeamMembership.objects.today().filter(participation=participation).select_related("person"))
    leads = [row for row in rows if row.is_lead]
    # Oneself first: a lead hands over the own lead.
    leads.sort(key=lambda row: row.person_id != request.user.pk)
    if not leads:
        messages.info(request, _("The team has no lead today: invite one."))
        return redirect("jst:invite", participation.pk)
    form = HandOverForm(posted(request), leads=leads, members=[row for row in rows if not row.is_lead])
    if form.is_valid():
        try:
            said = do_hand_over(form.cleaned_data, leads, rows, request.user)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, said)
            left = participation not in type(participation).objects.visible_to(request.user)
            return redirect("desk") if left else redirect(participation)
    context = {"form": form, "participation": participation, "lead": leads[0] if len(leads) == 1 else None}
    return render(request, "jst/hand_over.html", context, status=422 if form.errors else 200)


def do_hand_over(given, leads, members, by):
    """Hand over as the form says; return what to tell the person."""
    by_pk = {str(row.pk): row for row in members}
    old = by_pk.get(given["old"]) or leads[0]
    if given["to"] == HandOverForm.SOMEBODY_ELSE:
        names = {name: given[name] for name in ("email", "first_name", "last_name")}
        handover.invite_successor(old, becomes=given["becomes"], by=by, **names)
        return _("The invitation is on its way. Until the person joins, nothing changes.")
    new = handover.hand_over(old, to=by_pk[given["to"]], becomes=given["becomes"], by=by)
    return _("%s leads the team now.") % new.person


@require_safe
def handover_pack(request, pk):
    """What a new lead needs on one page, made to be printed: people, dates, what is open, what happened."""
    participation = get_team(request, pk)
    members = TeamMembership.objects.lasting().filter(participation=participation).select_related("person")
    offered = conventions.offered("handover_facts", "handover_facts")
    waiting = conventions.offered("waiting", "waiting_for")
    about = JstEvent.objects.filter(participation=participation).with_words()
    context = {
        "participation": participation,
        "members": members,
        "invitations": participation.invitations.filter(status=Invitation.Status.INVITED),
        "experts": experts_of(participation),
        "facts": [fact for facts in offered for fact in facts(participation, request.user)],
        "tasks": [row for waiting_for in waiting for row in waiting_for(request.user)],
        "history": told(about, 10),
    }
    return render(request, "jst/handover_pack.html", context)


# --- The office names the lead ------------------------------------------------------------------


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nominate(request, pk):
    """Ask that a letter goes to the official mailbox of the office, shown masked."""
    participation = get_open_team(pk)
    possible = nominations.can_send(participation)
    if request.method == "POST" and possible:
        if is_too_much(request, "nomination", str(participation.pk)):
            return too_many_requests(request)
        nominations.send(participation)
        # The same words where a letter went out today already: it still works.
        messages.success(request, _("The letter to the office is on its way. Tell somebody there about it."))
        return redirect("jst:nominate", participation.pk)
    mailbox = masked(participation.jst.mailbox) if possible else ""
    return render(request, "jst/nominate.html", {"participation": participation, "mailbox": mailbox})


@login_not_required
@never_cache
@require_safe
def nominate_open(request, pk, token):
    """Keep the link in the session and leave the address without it."""
    request.session[SESSION_KEY] = [pk, token]
    response = redirect("jst:nominate_name")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def nominate_name(request):
    """The office names the new lead; opening the page changes nothing, its button does."""
    pk, secret = request.session.get(SESSION_KEY, [0, ""])
    nomination = nominations.find(pk, secret)
    if nomination is None:
        return unusable(request)
    form = NomineeForm(posted(request))
    if form.is_valid():
        try:
            nominations.name_lead(nomination, secret=secret, **form.cleaned_data)
        except AlreadyMoved:
            return unusable(request)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            request.session.pop(SESSION_KEY, None)
            context = {"participation": nomination.participation, "email": form.cleaned_data["email"]}
            return answer(request, "jst/nominate_done.html", context)
    context = {"form": form, "nomination": nomination}
    return answer(request, "jst/nominate_name.html", context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def nomination_undo(request, pk):
    """Whoever runs the edition undoes what was named through the mailbox."""
    rows = Nomination.objects.filter(status=Nomination.Status.NAMED)
    nomination = get_object_or_404(rows.select_related("participation", "invitation", "membership"), pk=pk)
    participation = get_team(request, nomination.participation_id)
    if not can_run_edition(request.user, participation.edition):
        raise PermissionDenied(_("Whoever runs the edition undoes this. Write to them."))
    form = UndoForm(posted(request))
    if form.is_valid():
        try:
            nominations.undo(nomination, by=request.user, comment=form.cleaned_data["comment"])
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("The nomination is undone."))
            return redirect(participation)
    context = {"form": form, "participation": participation, "nomination": nomination}
    return render(request, "jst/nomination_undo.html", context, status=422 if form.errors else 200)
