"""How fast the portal's pages are, beside two yardsticks measured in the same minute.

F1 is an empty page of a signed-in person, F2 a page with 50 rows of three joined tables in a plain
template, both without the portal's own middleware. Machines differ and are noisy: only ratios count.
The yardsticks never change without a decision record.

An app offers its pages as `benchmark.PAGES`, a list of `Page`.
"""

import io
import secrets
import time
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from urllib.parse import urlencode, urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test.utils import override_settings
from django.urls import path, reverse

from portal import conventions
from portal.frames import with_room
from portal.models import ChainHead, Event, Message, User

ROUNDS, BLOCK = 5, 10


@dataclass(frozen=True)
class Page:
    """One measured page: `goal` is its bound ÷ F2.

    find() returns (person, address) for a page, (person, address, fields) for a POST, or nothing where
    the data at hand have no such page. Nobody is signed in for the person None. What a POST writes is
    rolled back, and the time of one commit is added.
    """

    name: str
    goal: float
    find: Callable


@dataclass
class Tally:
    """What a page cost the database."""

    queries: int = 0
    rows: int = 0


class CountingCursor(CursorWrapper):
    """A cursor that counts statements and the rows that were fetched."""

    def __init__(self, cursor, db, tally):
        super().__init__(cursor, db)
        self.tally = tally

    def execute(self, sql, params=None):
        # BEGIN, SAVEPOINT and COMMIT are not what a page asks.
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.tally.queries += 1
        return super().execute(sql, params)

    def executemany(self, sql, param_list):
        self.tally.queries += 1
        return super().executemany(sql, param_list)

    def fetchone(self):
        row = self.cursor.fetchone()
        self.tally.rows += row is not None
        return row

    def fetchmany(self, *args):
        return self.counted(self.cursor.fetchmany(*args))

    def fetchall(self):
        return self.counted(self.cursor.fetchall())

    def counted(self, rows):
        self.tally.rows += len(rows)
        return rows

    def __iter__(self):
        for row in super().__iter__():
            self.tally.rows += 1
            yield row


@contextmanager
def tallied():
    """Count what is asked of the database inside the block; gives the `Tally`."""
    tally = Tally()
    plain = {name: getattr(connection, name) for name in ("make_cursor", "make_debug_cursor")}
    for name in plain:
        setattr(connection, name, lambda cursor: CountingCursor(cursor, connection, tally))
    try:
        yield tally
    finally:
        for name, make in plain.items():
            setattr(connection, name, make)


# --- The yardsticks ---------------------------------------------------------------------------

# Those of a new Django project, nothing of the portal's.
DJANGO_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def own_addresses(get_response):
    """Middleware: the yardsticks have addresses here and nowhere else."""

    def middleware(request):
        request.urlconf = __name__
        return get_response(request)

    return middleware


@login_not_required
def empty_page(request):
    """F1: session and user are read, forty bytes are answered."""
    return HttpResponse(f"{request.user.pk:<40}")


@login_not_required
def plain_list(request):
    """F2: F1 and fifty rows of three joined tables, eight columns, one template."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    rows = Message.objects.select_related("event__actor").exclude(event=None).order_by("address", "pk")[:50]
    return HttpResponse(render_to_string("portal/benchmark.html", {"rows": rows}))


urlpatterns = [path("f1", empty_page), path("f2", plain_list)]


@contextmanager
def enough_rows():
    """See to it that F2 has its fifty rows; made-up ones are gone afterwards."""
    missing = 50 - Message.objects.exclude(event=None).count()
    if missing <= 0:
        yield
        return
    with transaction.atomic():
        actor = User.objects.system()
        start = 1 + max(Event.objects.values_list("sequence", flat=True), default=0)
        events = [
            Event(kind="portal.benchmark.row", actor=actor, sequence=start + n, digest="0" * 64)
            for n in range(missing)
        ]
        Event.objects.bulk_create(events)
        letters = [
            Message(event=event, address=f"{n:02}@portal.invalid", status=Message.Status.CANCELLED)
            for n, event in enumerate(events)
        ]
        Message.objects.bulk_create(letters)
        yield
        transaction.set_rollback(True)


@contextmanager
def one_connection():
    """Keep the connection over all requests, as a server does between two; some run inside a transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


# --- Measuring --------------------------------------------------------------------------------


def handler(middleware):
    """Return the door a web server would call, with other middleware."""
    with override_settings(MIDDLEWARE=middleware):
        return with_room(WSGIHandler())


@contextmanager
def signed_in(person):
    """Give the session key of `person`, or nothing for nobody; the session goes at the end.

    Who has no second factor has one for as long: a role that asks for it would be led elsewhere.
    """
    if person is None:
        yield ""
        return
    factor, was_made = Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    try:
        yield session.session_key
    finally:
        session.delete()
        if was_made:
            factor.delete()


def environ(address, session_key, fields):
    """Return a request as a web server hands it over."""
    origin = urlsplit(settings.PORTAL_ORIGIN)
    where, _mark, query = address.partition("?")
    token = secrets.token_hex(16)
    body = urlencode(fields or {}, doseq=True).encode()
    return {
        "REQUEST_METHOD": "GET" if fields is None else "POST",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "SERVER_NAME": origin.hostname,
        "SERVER_PORT": str(origin.port or (443 if origin.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": origin.netloc,
        "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_X_FORWARDED_PROTO": origin.scheme,
        "HTTP_ORIGIN": settings.PORTAL_ORIGIN,
        "HTTP_X_CSRFTOKEN": token,
        "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={session_key}; {settings.CSRF_COOKIE_NAME}={token}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": origin.scheme,
        "wsgi.input": io.BytesIO(body),
    }


@dataclass
class Target:
    """One address to ask again and again, by one door, in one session."""

    ask: Callable
    address: str
    session_key: str
    fields: dict | None = None

    def once(self):
        """Ask once; return (seconds, status, bytes). What a POST writes is undone, outside the time."""
        with self.undone() if self.fields is not None else nullcontext():
            request = environ(self.address, self.session_key, self.fields)
            started = time.perf_counter()
            response = self.ask(request, lambda status, headers: None)
            size = sum(len(part) for part in response)
            seconds = time.perf_counter() - started
            response.close()
        return seconds, response.status_code, size

    @contextmanager
    def undone(self):
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def block(self):
        """Return the median time of some requests in a row."""
        return median(self.once()[0] for _ in range(BLOCK))


def commit_seconds():
    """Return the time of one small commit: a row is written as it was."""

    def once():
        started = time.perf_counter()
        with transaction.atomic():
            ChainHead.objects.filter(pk=1).update(sequence=F("sequence"))
        return time.perf_counter() - started

    return median(once() for _ in range(BLOCK))


def measure(target, floor):
    """Return what one page costs, beside `floor`, in turn."""
    _seconds, status, size = target.once()
    # A page that leads elsewhere, say to a sign-in, is quick and says nothing.
    if status not in ({200} if target.fields is None else {200, 302, 303}):
        return {"status": status}
    with tallied() as tally:
        target.once()
    extra = commit_seconds() if target.fields is not None else 0
    ratios, seconds = [], []
    for _round in range(ROUNDS):
        base = floor.block()
        seconds.append(target.block() + extra)
        ratios.append(seconds[-1] / base)
    return {
        "status": status,
        "ratio": round(median(ratios), 2),
        "ms": round(1000 * median(seconds), 2),
        "queries": tally.queries,
        "rows": tally.rows,
        "bytes": size,
    }


def contact_page():
    return None, reverse("contact")


PAGES = [Page("public page, not signed in: contact", 0.4, contact_page)]


def found_pages():
    """Return (page, what it asks) for every page that the apps offer."""
    return [(page, page.find()) for pages in conventions.offered("benchmark", "PAGES") for page in pages]


def measure_page(page, found, ask, floor):
    """Return the row of one page; a page without data has no figures."""
    row = {"page": page.name, "goal": page.goal}
    if not found:
        return row
    person, address, *fields = found
    with signed_in(person) as session_key:
        target = Target(ask, address, session_key, fields[0] if fields else None)
        return row | measure(target, floor)


def run():
    """Measure everything; return {"f1_ms", "f2_ms", "f2_over_f1", "pages": rows}."""
    person = User.objects.filter(is_active=True).order_by("pk").first() or User.objects.system()
    portal = handler(settings.MIDDLEWARE)
    ours = f"{__name__}.own_addresses"
    bare, empty = handler([*DJANGO_MIDDLEWARE, ours]), handler([*settings.MIDDLEWARE, ours])
    with one_connection(), enough_rows(), signed_in(person) as session_key:
        f1, f2 = Target(bare, "/f1", session_key), Target(bare, "/f2", session_key)
        ours_empty = Target(empty, "/f1", session_key)
        yardstick = measure(f2, f1)
        rows = [{"page": "empty page with all our middleware", "goal": 0.5} | measure(ours_empty, f2)]
        rows += [measure_page(page, found, portal, f2) for page, found in found_pages()]
    return {
        "f1_ms": round(yardstick["ms"] / yardstick["ratio"], 2),
        "f2_ms": yardstick["ms"],
        "f2_over_f1": yardstick["ratio"],
        "pages": rows,
    }
