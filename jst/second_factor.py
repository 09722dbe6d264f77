"""Who must sign in with a second factor, and what they see before they have one.

Staff, experts, leads and operators of today see and decide more than others, so a stolen password alone must
not open their account. Until they have an app or a key, every page that needs an account leads to the one
where it is switched on; the public pages and those of the account itself stay open.
"""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url

from jst.navigation import ROLES, second_factors, standing
from portal.prepared import prepared_for_all

ENROLMENT = "mfa_index"
# The pages of one's own account: a second factor is switched on, a password changed, one signs out.
OF_THE_ACCOUNT = ("account_", "mfa_", "usersessions_")


def must_have(user):
    """Whether this person signs in with a second factor, by what the person is today."""
    if user.is_staff:
        return True
    who = standing(user)
    return any(who[role] for role in ROLES)


def has_one(user):
    """Whether the person has an app or a key; `standing`, which the menu asks too, tells it but of staff."""
    if not user.is_staff:
        return standing(user)["has_second_factor"]
    return bool(prepared_for_all("jst.second_factors", second_factors_of, user.pk))


def second_factors_of(person):
    return second_factors().filter(user=person).values_list("pk")[:1]


class SecondFactorFirst:
    """Lead whoever lacks the second factor that the role asks for to the page where it is switched on."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
            return None
        own = (request.resolver_match.url_name or "").startswith(OF_THE_ACCOUNT)
        public = not getattr(view_func, "login_required", True)
        if public and not own or not must_have(user) or has_one(user):
            return None
        request.second_factor_first = True
        if own:
            return None
        if request.htmx:
            response = HttpResponse(status=401)
            response["HX-Redirect"] = resolve_url(ENROLMENT)
            return response
        return redirect(ENROLMENT)
