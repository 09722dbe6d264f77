"""When the database does not answer: a page that says so within seconds.

A database that is gone refuses at once. One that hangs would hold every thread of a worker for ever, so a web
server waits for each answer only so long, and after one that did not come it asks nothing for a moment.
Public pages stay open as they last were: `public_pages.py` keeps them.
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
# A lock that somebody holds is no hung database: PostgreSQL says so itself, sooner, to the one who waits.
# The time counts for each lock anew.
LOCKED_AFTER = 2.5
LOCKED = "55P03"
PAUSE = 1
RETRY_AFTER = 10

AWAY = (OperationalError, InterfaceError)

quiet_until = 0.0


# --- Noticing ---------------------------------------------------------------------------------


def watch_for_hangs():
    """Let this process wait for PostgreSQL no longer than HANGS_AFTER seconds; a web server calls it once."""
    if connection.vendor == "postgresql":
        from psycopg2.extensions import set_wait_callback

        set_wait_callback(wait_for_answer)
        options = connection.settings_dict["OPTIONS"]
        options["options"] = with_lock_timeout(options.get("options", ""))


def with_lock_timeout(options):
    """Return the options of a connection with the time after which a wait for a lock is given up."""
    return f"{options} -c lock_timeout={int(LOCKED_AFTER * 1000)}".strip()


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
    """Answer an exception: 503 where the database is away, or a lock was held too long."""
    error = sys.exc_info()[1]
    if not isinstance(error, AWAY):
        return plain_server_error(request)
    number = secrets.token_hex(4)
    is_locked = getattr(error.__cause__, "pgcode", "") == LOCKED
    what = "a lock was held too long" if is_locked else "the database is away"
    log.error("%s: %s (request %s)", what, error, number)
    context = {"number": number, "time": timezone.localtime()}
    # No language is chosen yet where the session could not be read.
    with translation.override(settings.LANGUAGE_CODE):
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(1 if is_locked else RETRY_AFTER)
    return response
