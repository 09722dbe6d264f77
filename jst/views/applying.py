"""The way into an application: a button for those with an account, a letter with a link for all others.

Mail scanners open links. So the link changes nothing but the session of whoever opened it, and every reason
why it cannot be used leads to one and the same page.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jst import applicants
from jst.applications import begin
from jst.forms.applications import AccountForm, EmailForm
from jst.views.calls import get_call
from jst.views.invitations import BACKEND, answer
from jst.views.teams import posted
from portal.accounts import too_many_requests
from portal.models import User
from portal.workflow import TransitionError

SESSION_KEY = "applicant_link"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def apply(request, slug):
    """Begin: a button for who is signed in, else an address to which a letter goes."""
    call = get_call(request, slug)
    if request.user.is_authenticated:
        return begin_signed_in(request, call)
    form = EmailForm(posted(request))
    if form.is_valid():
        if not ratelimit.consume(request, action="apply"):
            return too_many_requests(request)
        try:
            applicants.send_link(call, form.cleaned_data["email"])
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            return render(request, "jst/apply_sent.html", {"call": call, "email": form.cleaned_data["email"]})
    context = {"call": call, "form": form, "phase": call.phase()}
    return render(request, "jst/apply.html", context, status=422 if form.errors else 200)


def begin_signed_in(request, call):
    refusal = []
    if request.method == "POST":
        try:
            return redirect(begin(call, by=request.user))
        except TransitionError as error:
            refusal = error.sentences
    context = {"call": call, "refusal": refusal, "phase": call.phase()}
    return render(request, "jst/apply.html", context, status=409 if refusal else 200)


@login_not_required
@never_cache
@require_safe
def apply_open(request, token):
    """Keep the link in the session and leave the address without it: addresses end up in logs."""
    request.session[SESSION_KEY] = token
    response = redirect("jst:apply_enter")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def apply_enter(request):
    """Show what the link begins; its button begins it, with a new account where there is none."""
    link = applicants.find(request.session.get(SESSION_KEY, ""))
    if link is None or (request.user.is_authenticated and request.user.email != link.email):
        return unusable(request)
    needs_account = not request.user.is_authenticated
    if needs_account and User.objects.filter(email=link.email).exists():
        return answer(request, "jst/apply_sign_in.html", {"link": link})
    form = AccountForm(posted(request), link=link) if needs_account else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            return entered(request, link, form.cleaned_data if form else {"by": request.user})
        except TransitionError:
            return unusable(request)
    return answer(
        request, "jst/apply_enter.html", {"link": link, "form": form}, 422 if form and form.errors else 200
    )


def entered(request, link, given):
    """Use the link, forget it, sign a new person in and show the draft."""
    person, application = applicants.enter(link, **given)
    request.session.pop(SESSION_KEY, None)
    if not request.user.is_authenticated:
        login(request, person, backend=BACKEND)
    messages.success(request, _("The application is begun. It is kept until you send it."))
    return redirect(application)


def unusable(request):
    """Answer alike whether the link was used, out of date, another's, its call closed, or never was."""
    return answer(request, "jst/apply_unusable.html", {}, 404)
