"""Asking to join a team: find the unit, write, use the button of the letter; the lead answers.

Every page here is the same for every address; what an address may do is said behind the link of its letter.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jst import joining, nominations
from jst.forms.joining import AnswerForm, AskForm, FindTeamForm
from jst.models import JoinRequest, Jst, Participation
from jst.models.joining import DAYS_FOR_THE_LEAD, masked
from jst.moves import OPEN_PARTICIPATIONS
from jst.permissions import may_answer
from jst.views.invitations import answer, unusable
from jst.views.teams import posted
from portal.accounts import is_too_much, too_many_requests
from portal.workflow import NotAllowed, TransitionError

SESSION_KEY, TYPED = "join_request", "join_address"
SHOWN = 20


def get_open_team(pk):
    """Return a participation that people may ask to join, or 404."""
    rows = Participation.objects.filter(status__in=OPEN_PARTICIPATIONS)
    return get_object_or_404(rows.select_related("jst__parent", "edition"), pk=pk)


@login_not_required
@require_safe
def join_find(request):
    """Find one's unit among those that take part; that they do is public, their people are not."""
    form = FindTeamForm(request.GET)
    words = form.cleaned_data["szukaj"] if form.is_valid() else ""
    found = Participation.objects.filter(status__in=OPEN_PARTICIPATIONS, jst__in=Jst.objects.search(words))
    rows = found.select_related("jst__parent", "edition").order_by("jst__sort_key", "pk")
    teams = list(rows[: SHOWN + 1]) if words.strip() else []
    context = {
        "form": form,
        "words": words,
        "teams": teams[:SHOWN],
        "shown": SHOWN,
        "more": len(teams) > SHOWN,
    }
    return render(request, "jst/join_find.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join_ask(request, pk):
    """Write a request to join; a letter goes to the address, whoever it belongs to."""
    participation = get_open_team(pk)
    form = AskForm(posted(request), user=request.user)
    if form.is_valid():
        if is_too_much(request, "join_request", form.cleaned_data["email"]):
            return too_many_requests(request)
        joining.begin(participation, **form.cleaned_data)
        request.session[TYPED] = form.cleaned_data["email"]
        return redirect("jst:join_sent")
    context = {
        "form": form,
        "participation": participation,
        "days": DAYS_FOR_THE_LEAD,
        "mailbox": masked(participation.jst.mailbox) if nominations.can_send(participation) else "",
    }
    return render(request, "jst/join_ask.html", context, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_safe
def join_sent(request):
    """Say where the letter went, how long it takes and where to look."""
    return render(request, "jst/join_sent.html", {"email": request.session.get(TYPED, "")})


@login_not_required
@never_cache
@require_safe
def join_open(request, pk, token):
    """Keep the link in the session and leave the address without it."""
    request.session[SESSION_KEY] = [pk, token]
    response = redirect("jst:join_confirm")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join_confirm(request):
    """Show where the request stands; its button sends it to the team, or withdraws it."""
    wanted = joining.find(*request.session.get(SESSION_KEY, [0, ""]))
    if wanted is None:
        return unusable(request)
    refusal = joining.refused(wanted) if wanted.status == JoinRequest.Status.UNPROVEN else []
    if request.method == "POST" and not refusal:
        try:
            (joining.withdraw if "withdraw" in request.POST else joining.ask)(wanted)
        except TransitionError as error:
            refusal = error.sentences
        else:
            return redirect("jst:join_confirm")
    context = {"wanted": wanted, "refusal": refusal, "days": DAYS_FOR_THE_LEAD}
    return answer(request, "jst/join_confirm.html", context, 409 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def join_request(request, pk):
    """Answer a request to join: invite with chosen rights, or decline with a reason."""
    rows = JoinRequest.objects.visible_to(request.user)
    wanted = get_object_or_404(rows.select_related("participation__jst", "participation__edition"), pk=pk)
    waits = wanted.status == JoinRequest.Status.ASKED
    if not may_answer(request.user, wanted):
        raise PermissionDenied(_("The lead of the team answers; the caretaker once the lead has not."))
    form = AnswerForm(posted(request), initial={"answer": "approve"})
    if waits and form.is_valid():
        given = form.cleaned_data
        try:
            if given["answer"] == "approve":
                rights = set(given["rights"])
                joining.approve(wanted, by=request.user, rights=rights, comment=given["comment"])
            else:
                joining.decline(wanted, by=request.user, comment=given["comment"])
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("Your answer is on its way to %s.") % wanted.email)
            return redirect(wanted.participation)
    context = {"form": form if waits else None, "wanted": wanted}
    return render(request, "jst/join_request.html", context, status=422 if form.errors else 200)
