"""A form that came too late: somebody signed in again or out since, the session ended, cookies are gone."""

import re
from itertools import count

from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

SECRET = re.compile("password|credential|token|^code$")


def stale_form(request, reason=""):
    """Do nothing, and give back what was sent, ready to be sent again. For checks of token and sign-in."""
    context = {"fields": sent_fields(request), "has_files": bool(request.FILES)}
    response = render(request, "403_csrf.html", context, status=403)
    # It holds the words of one person, who may not be signed in.
    patch_cache_control(response, no_store=True, private=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def holds_words(request):
    """Whether somebody wrote what was sent, and it may be given back; a button alone is pressed again."""
    return any(number for _name, _value, number in sent_fields(request) or [])


def sent_fields(request):
    """Return (name, value, the number of what a person reads) of all that was sent; None if it stays away.

    A page of somebody else's may have sent it in the name of a person here, who would only have to press
    the button: so it is given back to our own pages alone. Secrets are never written into a page.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") != ours or any(SECRET.search(name) for name in sent(request)):
        return None
    number = count(1)
    return [
        (name, value, next(number) if re.search(r"\S\s+\S", value) else None)
        for name, values in sent(request).items()
        for value in values
    ]


def sent(request):
    return {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
