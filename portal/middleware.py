"""What every request passes: text that no database stores is refused, private pages stay private."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers

from portal.views.stale import holds_words, stale_form


def refuse_unstorable_text(get_response):
    """Answer 400 to NUL characters in addresses, queries and cookies: PostgreSQL refuses them, SQLite not."""

    def middleware(request):
        texts = [request.path, *request.COOKIES.values()]
        if any("\x00" in text for text in texts) or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("400")
        return get_response(request)

    return middleware


class UnstorableForms:
    """The same for what is posted, once the request has passed the checks of origin and sign-in.

    What only the database or a parser recognises (a number too large, brackets nested too deep) answers 400
    as well, with the reason in the log.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        for name, values in request.POST.lists():
            if any("\x00" in text for text in (name, *values)):
                raise BadRequest("a NUL character was posted")

    def process_exception(self, request, exception):
        if isinstance(exception, DataError | RecursionError):
            raise BadRequest(type(exception).__name__) from exception


def private_by_default(get_response):
    """Keep pages of signed-in people out of every cache."""

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


class SignInRequired(LoginRequiredMiddleware):
    """Private by default. A page leads to the sign-in page; a fragment answers 401 and says where to go.

    A form sent after the session has ended comes back with all its words, to be sent again after signing in.
    """

    def handle_no_permission(self, request, view_func):
        if request.htmx:
            response = HttpResponse(status=401)
            response["HX-Redirect"] = resolve_url(self.get_login_url(view_func))
            return response
        if request.method == "POST" and holds_words(request):
            return stale_form(request)
        return super().handle_no_permission(request, view_func)


def or_sign_in(view):
    """Let a page be read without signing in; where a visitor would get 404, lead to the sign-in page.

    It does so whether there is such a thing or not, so the answer tells a visitor nothing.
    """

    @wraps(view)
    def shown(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if request.user.is_authenticated:
                raise
            return SignInRequired(shown).handle_no_permission(request, shown)

    return login_not_required(shown)
