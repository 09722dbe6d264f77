"""The way of an invited person: the link of the letter, a page with a button, the team.

Mail scanners open links. So the link changes nothing but the session of whoever opened it, and every
reason why an invitation cannot be used leads to one and the same page.
"""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jst import invitations
from jst.forms.teams import JoinForm
from jst.models.dated import today
from jst.views.teams import posted
from portal import clauses
from portal.models import User
from portal.workflow import TransitionError

SESSION_KEY = "invitation"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@require_safe
def invitation_open(request, pk, token):
    """Keep the link in the session and leave the address without it: addresses end up in logs."""
    request.session[SESSION_KEY] = [pk, token]
    response = redirect("jst:invitation_accept")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation_accept(request):
    """Show who invites to what; the button joins the team, with a new account where there is none."""
    pk, secret = request.session.get(SESSION_KEY, [0, ""])
    invitation = invitations.find(pk, secret)
    if invitation is None or stranger(request.user, invitation):
        return unusable(request)
    needs_account = not request.user.is_authenticated
    if needs_account and User.objects.filter(email=invitation.email).exists():
        return answer(request, "jst/invitation_sign_in.html", {"invitation": invitation})
    form = JoinForm(posted(request), invitation=invitation) if needs_account else None
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {"by": request.user}
        try:
            person = invitations.accept(invitation, secret=secret, **given)
        except TransitionError:
            return unusable(request)
        return enter(request, invitation, person)
    context = {"invitation": invitation, "form": form}
    return answer(request, "jst/invitation_accept.html", context, 422 if form and form.errors else 200)


def stranger(user, invitation):
    """Whether somebody else than the invited person is signed in."""
    return user.is_authenticated and user.email != invitation.email


def enter(request, invitation, person):
    """Forget the link, sign a new person in and show the team."""
    request.session.pop(SESSION_KEY, None)
    if not request.user.is_authenticated:
        login(request, person, backend=BACKEND)
    if invitation.since and invitation.since > today():
        messages.success(request, _("You will be in the team from the day that the invitation names."))
        return redirect("desk")
    messages.success(request, _("You are in the team."))
    team = invitation.participation.get_absolute_url()
    return redirect(f"{reverse('information')}?next={team}" if clauses.are_due(request) else team)


def unusable(request):
    """Answer alike whether the invitation was used, withdrawn, out of date, another's or never was."""
    return answer(request, "jst/invitation_unusable.html", {}, 404)


def answer(request, template, context, status=200):
    response = render(request, template, context, status=status)
    # Not "no-referrer": a browser then posts the form with the origin "null", which is refused.
    response["Referrer-Policy"] = "same-origin"
    return response
