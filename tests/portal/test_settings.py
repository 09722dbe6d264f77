"""Production refuses to start with something missing; a laptop needs nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_PRODUCTION": "1",
    "SECRET_KEY": "a long secret",
    "DATA_KEY": "a2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGVzLWxvbmc=",
    "PORTAL_ORIGIN": "https://portal.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "DATABASE_URL": "postgres://user:password@db.example/portal?sslmode=verify-full",
    "MEDIA_ROOT": "/srv/media",
}


def start(show="", **environment):
    """Import the settings in a process of their own; return (status, last line it wrote)."""
    code = "from portal import settings as s\n" + (f"print({show})" if show else "")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )
    lines = (done.stdout + done.stderr).strip().splitlines() or [""]
    return done.returncode, lines[-1]


def refused(sentence):
    return (1, f"django.core.exceptions.ImproperlyConfigured: {sentence}")


def test_production_starts_where_everything_is_given():
    shown = start("s.DEBUG, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS, s.EMAIL_USE_TLS", **PRODUCTION)

    assert shown == (0, "False True ['portal.example'] True")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATA_KEY", "PORTAL_ORIGIN", "EMAIL_URL"])
def test_production_refuses_to_start_without(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    assert start(**environment) == refused(f"Set {missing}: production does not start without it.")


def test_production_refuses_the_demo():
    assert start(**PRODUCTION, PORTAL_DEMO="1") == refused(
        "PORTAL_DEMO opens every account with one click: unset it in production."
    )


def test_production_refuses_mail_in_clear():
    assert start(**PRODUCTION | {"EMAIL_URL": "smtp://mail.example:25"}) == refused(
        "EMAIL_URL sends mail in clear: use smtp+tls:// or smtp+ssl://."
    )


def test_production_refuses_a_plain_connection_to_a_database_elsewhere():
    plain = PRODUCTION | {"DATABASE_URL": "postgres://user:password@db.example/portal"}
    local = PRODUCTION | {"DATABASE_URL": "postgres://user:password@localhost/portal"}

    assert start(**plain) == refused(
        "The database is on another host: add ?sslmode=verify-full to DATABASE_URL."
    )
    assert start(**local) == (0, "")


def test_a_laptop_needs_no_environment_and_never_debugs():
    shown = start("s.DEBUG, s.DEMO, s.PRODUCTION, s.PORTAL_ORIGIN", SECRET_KEY="any")

    assert shown == (0, "False False False http://localhost:8000")


@pytest.mark.parametrize("key", ["short", "a2V5", f"{PRODUCTION['DATA_KEY']},short"])
def test_a_data_key_that_could_not_encrypt_is_refused(key):
    assert start(**PRODUCTION | {"DATA_KEY": key}) == refused(
        "DATA_KEY holds a key that is not 32 bytes in URL-safe Base64."
    )


def test_the_data_key_of_a_laptop_is_made_once():
    first, second = (start("s.DATA_KEYS", SECRET_KEY="any") for _time in range(2))

    assert first == second
    assert first[0] == 0
