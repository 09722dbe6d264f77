"""What every request passes: text that no database stores is refused, private pages stay private."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import resolve_url
from django.utils.cache import patch_cache_control, patch_vary_headers


def refuse_unstorable_text(get_response):
    """Answer 400 to NUL characters in addresses and queries: PostgreSQL refuses them, SQLite keeps them."""

    def middleware(request):
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("400")
        return get_response(request)

    return middleware


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
    """Private by default. A page leads to the sign-in page; a fragment answers 401 and says where to go."""

    def handle_no_permission(self, request, view_func):
        if request.htmx:
            response = HttpResponse(status=401)
            response["HX-Redirect"] = resolve_url(self.get_login_url(view_func))
            return response
        return super().handle_no_permission(request, view_func)
