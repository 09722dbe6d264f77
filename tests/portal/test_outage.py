"""R03, R04: the database is away or hangs. People read a page that says so, after seconds at most."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.test import Client

from portal import outage, public_pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.KEEP_PUBLIC_PAGES = True
    public_pages.kept.clear()
    yield
    public_pages.kept.clear()


@pytest.fixture
def away(monkeypatch):
    """Call it, and from then on every question to the database fails."""

    def fail(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    wrappers = []

    def begin():
        wrapper = connection.execute_wrapper(fail)
        wrapper.__enter__()
        wrappers.append(wrapper)

    yield begin
    for wrapper in wrappers:
        wrapper.__exit__(None, None, None)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_a_page_says_that_the_database_is_away_and_that_what_was_saved_is_safe(cast, visitor, away):
    visitor.force_login(cast.lead, "allauth.account.auth_backends.AuthenticationBackend")
    away()
    response = visitor.get("/pulpit/")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "is safe" in response.content.decode()


def test_a_public_page_stays_open_as_it_last_was(visitor, away):
    before = visitor.get("/").content
    away()
    response = Client(raise_request_exception=False).get("/")

    assert (response.status_code, response.content) == (200, before)


def test_a_public_page_that_nobody_opened_before_is_not_made_up(visitor, away):
    away()

    assert visitor.get("/zaakceptowane-plany/").status_code in {404, 503}
    assert visitor.get("/").status_code == 503


def test_an_old_copy_is_not_shown(visitor, away, monkeypatch):
    visitor.get("/")
    late = public_pages.now() + public_pages.MINUTES_AWAY + 1
    monkeypatch.setattr(public_pages, "now", lambda: late)
    away()

    assert visitor.get("/").status_code == 503


def test_nobodys_page_is_not_shown_to_whoever_is_signed_in(cast, visitor, away):
    visitor.get("/")
    visitor.force_login(cast.lead, "allauth.account.auth_backends.AuthenticationBackend")
    away()

    assert visitor.get("/").status_code == 503


def test_pages_of_the_signed_in_and_forms_are_not_kept(cast):
    member = Client()
    member.force_login(cast.lead, "allauth.account.auth_backends.AuthenticationBackend")
    member.get("/")
    Client().get("/konto/login/")

    assert not public_pages.kept


def test_another_mistake_is_still_a_mistake(visitor, monkeypatch):
    monkeypatch.setattr("plans.views.public.shelves.newest", lambda count: 1 / 0)
    public_pages.kept.clear()

    assert visitor.get("/").status_code == 500


@pytest.mark.skipif(os.environ.get("TEST_DB") != "postgres", reason="SQLite runs inside the process")
def test_a_database_that_hangs_is_waited_for_only_so_long(monkeypatch):
    import psycopg2

    monkeypatch.setattr(outage, "HANGS_AFTER", 0.5)
    stored = connection.settings_dict
    psycopg2.extensions.set_wait_callback(outage.wait_for_answer)
    link = psycopg2.connect(host=stored["HOST"], user=stored["USER"], dbname=stored["NAME"])
    backend = link.info.backend_pid
    try:
        os.kill(backend, signal.SIGSTOP)
        begun = time.monotonic()
        with pytest.raises(psycopg2.OperationalError), link.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert 0.4 < time.monotonic() - begun < 2
        # For a moment nothing is asked at all.
        begun = time.monotonic()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(host=stored["HOST"], user=stored["USER"], dbname=stored["NAME"])
        assert time.monotonic() - begun < 0.3
    finally:
        os.kill(backend, signal.SIGCONT)
        psycopg2.extensions.set_wait_callback(None)
        monkeypatch.setattr(outage, "quiet_until", 0.0)


@pytest.mark.skipif(os.environ.get("TEST_DB") != "postgres", reason="SQLite has no such wait")
@pytest.mark.parametrize("knows_locks", [True, False])
def test_a_lock_held_too_long_stops_who_waits_for_it_and_nobody_else(monkeypatch, knows_locks):
    """Without the time for locks, the control, everybody is turned away for a moment."""
    import psycopg2

    monkeypatch.setattr(outage, "HANGS_AFTER", 1)
    monkeypatch.setattr(outage, "LOCKED_AFTER", 0.3)
    monkeypatch.setattr(outage, "quiet_until", 0)
    stored = connection.settings_dict
    known = {"host": stored["HOST"], "user": stored["USER"], "dbname": stored["NAME"]}
    options = outage.with_lock_timeout("") if knows_locks else ""
    psycopg2.extensions.set_wait_callback(outage.wait_for_answer)
    holder, waiter, other = (psycopg2.connect(**known, options=options) for _number in range(3))
    try:
        holder.cursor().execute("LOCK TABLE django_migrations")
        with pytest.raises(psycopg2.OperationalError):
            waiter.cursor().execute("SELECT count(*) FROM django_migrations")
        is_quiet = time.monotonic() < outage.quiet_until
        if knows_locks:
            other.cursor().execute("SELECT 1")
    finally:
        psycopg2.extensions.set_wait_callback(None)
        for link in (holder, waiter, other):
            link.close()

    assert is_quiet != knows_locks


@pytest.mark.skipif(os.environ.get("TEST_DB") != "postgres", reason="SQLite has no such wait")
def test_every_connection_of_a_web_server_gives_up_waiting_for_a_lock(monkeypatch):
    import psycopg2

    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})

    def asked():
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            found = cursor.fetchone()[0]
        connection.close()
        return found

    outage.watch_for_hangs()
    try:
        with ThreadPoolExecutor(1) as pool:
            found = pool.submit(asked).result()
    finally:
        psycopg2.extensions.set_wait_callback(None)

    assert found == "2500ms"


def test_a_lock_held_too_long_is_not_logged_as_an_outage(visitor, monkeypatch, caplog):
    cause = OperationalError("canceling statement due to lock timeout")
    cause.pgcode = outage.LOCKED

    def locked(count):
        raise OperationalError("canceling statement due to lock timeout") from cause

    monkeypatch.setattr("plans.views.public.shelves.newest", locked)

    response = visitor.get("/")

    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert "a lock was held too long" in caplog.text
    assert "the database is away" not in caplog.text
