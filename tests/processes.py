"""What tests of whole processes need: a database and a port of their own, who started whom, patience."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def environment(**own):
    """Return this run's environment for a process with the portal's own settings, not those of the tests."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | own


def fresh_database(folder, name):
    """Return the address of an empty database of the kind under test, not the one of the tests."""
    if os.environ["TEST_DB"] == "sqlite":
        return f"sqlite:///{folder}/{name}.sqlite3"
    host = settings.DATABASES["default"]["HOST"]
    connection = psycopg2.connect(host=host, user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return f"postgres://postgres@localhost/{host}/{name}"


def free_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid):
    """Return the processes that `pid` started: pid → command line."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return {int(child): arguments for child, parent, arguments in rows if int(parent) == pid}


def is_running(pid):
    """Whether the process is there; one that is dead and waits for its parent is not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")


def processor_time(pid):
    """Return the seconds of a processor that a process has taken."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wait_until(fact, seconds=60):
    """Return what `fact` gives as soon as it gives something; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := fact():
            return found
        time.sleep(0.1)
    raise AssertionError("It did not happen in time.")
