"""Pages that are the same for everybody who is not signed in, kept as they were answered.

A kept page is shown for as long as no event has been written, anywhere in the portal, and for a minute at
the most. Whatever is withdrawn writes an event in the same transaction, so a page that was made before can no
longer be found: one look at the head of the chain, the only query, tells. Nothing of a signed-in person is
kept, and nothing for whoever carries a session or a message.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from portal.models import ChainHead
from portal.outage import AWAY

# Of every page with its numbers; the oldest go first.
MOST_BYTES = 8 * 1024 * 1024
LONGEST_ADDRESS = 200
SECONDS = 60
# So many minutes a page outlives the database.
MINUTES_AWAY = 15

kept = OrderedDict()


def public_page(view):
    """Keep what the view answers to people who are not signed in; only a whole page, only a 200."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not may_be_kept(request):
            return view(request, *args, **kwargs)
        address = request.get_full_path()
        page = kept.get(address)
        try:
            stamp = (now(), ChainHead.objects.values_list("sequence", flat=True).first())
        except AWAY:
            if page is None or now() - page[0][0] > MINUTES_AWAY:
                raise
            return answer(request, *page[1:])
        if page is None or page[0] != stamp:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming or response.cookies or is_personal(request):
                return response
            page = keep(address, stamp, response)
        return answer(request, *page[1:])

    return wrapper


def may_be_kept(request):
    """Whether the answer to this request is the same for everybody."""
    own = (settings.SESSION_COOKIE_NAME, "messages")
    return (
        settings.KEEP_PUBLIC_PAGES
        and request.method in {"GET", "HEAD"}
        and not any(request.COOKIES.get(name) for name in own)
        and not request.headers.get("HX-Request")
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def is_personal(request):
    """Whether the page holds a secret of this answer: the token of a form, or a nonce of the policy."""
    return bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or getattr(request, "_csp_nonce", None))


def now():
    return int(time.time()) // SECONDS


def keep(address, stamp, response):
    """Keep the body, plain and compressed, and return it."""
    body = response.content
    page = (stamp, body, gzip.compress(body, 6, mtime=0), response["Content-Type"])
    kept.pop(address, None)
    kept[address] = page
    size = sum(len(plain) + len(packed) for _stamp, plain, packed, _kind in list(kept.values()))
    while size > MOST_BYTES and kept:
        _address, (_stamp, plain, packed, _kind) = kept.popitem(last=False)
        size -= len(plain) + len(packed)
    return page


def answer(request, body, packed, kind):
    """Answer with a kept page, or that the browser has it already."""
    etag = f'W/"{hashlib.blake2b(packed, digest_size=12).hexdigest()}"'
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if is_packed else body, content_type=kind)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    response["ETag"] = etag
    # Anybody may keep it, nobody may show it without asking whether it still holds.
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return get_conditional_response(request, etag=etag, response=response)
