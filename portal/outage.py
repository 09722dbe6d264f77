"""When the database does not answer: a page that says so within seconds, and public pages as they last were.

A database that is gone refuses at once. One that hangs would hold every thread of a worker for ever, so a web
server waits for each answer only so long, and after one that did not come it asks nothing for a moment.
"""

import logging
import secrets
import select
import sys
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.defaults import server_error as plain_server_error

log = logging.getLogger(__name__)

HANGS_AFTER = 3
PAUSE = 1
RETRY_AFTER = 10
MOST_PAGES = 50
# A copy is good for a short outage; a plan that was withdrawn must not live on in it.
KEPT_FOR = 15 * 60

pages = {}
quiet_until = 0.0


# --- Noticing ---------------------------------------------------------------------------------


def watch_for_hangs():
    """Let this process wait for PostgreSQL no longer than HANGS_AFTER seconds; a web server calls it once."""
    if connection.vendor == "postgresql":
        from psycopg2.extensions import set_wait_callback

        set_wait_callback(wait_for_answer)


def wait_for_answer(link):
    """Wait until a connection of psycopg2 has its answer; raises when it hangs, and it is dropped then."""
    from psycopg2 import OperationalError as Unanswered
    from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

    global quiet_until
    if time.monotonic() < quiet_until:
        raise Unanswered("the database did not answer a moment ago")
    deadline = time.monotonic() + HANGS_AFTER
    while (state := link.poll()) != POLL_OK:
        reads = [link.fileno()] if state == POLL_READ else []
        writes = [link.fileno()] if state == POLL_WRITE else []
        if not any(select.select(reads, writes, [], max(0, deadline - time.monotonic()))):
            quiet_until = time.monotonic() + PAUSE
            raise Unanswered("the database does not answer")


# --- Answering --------------------------------------------------------------------------------


def server_error(request):
    """Answer an exception: 503 where the database is away, or a copy of the public page asked for."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return plain_server_error(request)
    number = secrets.token_hex(4)
    log.error("the database is away: %s (request %s)", error, number)
    if is_anybody(request) and (copy := kept_page(request)):
        return HttpResponse(copy)
    context = {"number": number, "time": timezone.localtime()}
    # No language is chosen yet where the session could not be read.
    with translation.override(settings.LANGUAGE_CODE):
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def kept_page(request):
    """Return the copy of a public page made within the last minutes, or nothing."""
    kept_at, copy = pages.get(request.get_full_path(), (0, b""))
    return copy if time.monotonic() - kept_at < KEPT_FOR else b""


def is_anybody(request):
    """Whether the request comes from nobody in particular: its answer is everybody's."""
    return request.method == "GET" and settings.SESSION_COOKIE_NAME not in request.COOKIES


def keep_public_pages(get_response):
    """Middleware: remember the newest public pages of this process, for when the database is away."""

    def middleware(request):
        response = get_response(request)
        if is_anybody(request) and is_page(response) and not request.htmx:
            if len(pages) >= MOST_PAGES:
                pages.clear()
            pages[request.get_full_path()] = (time.monotonic(), response.content)
        return response

    return middleware


def is_page(response):
    """Whether the answer is a page that holds nothing of one visitor, such as a form's secret."""
    kind = response.get("Content-Type", "")
    return (
        response.status_code == 200
        and not response.streaming
        and kind.startswith("text/html")
        and not response.cookies
        and b"csrfmiddlewaretoken" not in response.content
    )
