"""The demo as an operator runs it: a process that serves, mends itself and ends when asked."""

import json
import os
import signal
import socket
import subprocess
import urllib.request

import pytest

from tests.processes import MANAGE, children, environment, free_port, fresh_database, is_running, wait_until


def named(pid):
    """Return the processes of the demo by what they do: server, outbox, jobs."""
    names = {"granian": "server", "outbox": "outbox", "jobs": "jobs"}
    return {
        names[word]: child for child, line in children(pid).items() for word in names if f" {word}" in line
    }


@pytest.fixture
def served(tmp_path):
    """A small demo of its own; gives (process, what it printed, its port)."""
    port = free_port()
    env = environment(
        DATABASE_URL=fresh_database(tmp_path, f"demo_{port}"),
        MEDIA_ROOT=str(tmp_path / "media"),
        EMAIL_URL=f"filemail:///{tmp_path}/mail",
    )
    del env["PORTAL_ORIGIN"]
    process = subprocess.Popen(
        [*MANAGE, "demo", "--scale", "small", "--json", "--port", str(port)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, json.loads(process.stdout.readline()), port
    finally:
        process.kill()
        process.communicate()


def answers(url):
    try:
        with urllib.request.urlopen(url) as page:
            return page.status == 200
    except OSError:
        return False


def test_the_demo_serves_starts_again_what_died_and_ends_in_order(served):
    process, printed, port = served
    assert printed["url"] == f"http://localhost:{port}/"
    assert answers(printed["url"])

    before = wait_until(lambda: len(found := named(process.pid)) == 3 and found)
    workers = children(before["server"])
    os.kill(before["outbox"], signal.SIGKILL)
    os.kill(before["server"], signal.SIGKILL)
    after = wait_until(lambda: len(found := named(process.pid)) == 3 and found)
    assert after["jobs"] == before["jobs"]
    assert set(after.values()) & {before["outbox"], before["server"]} == set()
    # The workers of the dead server are gone; else they would answer in its place.
    assert [pid for pid in workers if is_running(pid)] == []
    assert wait_until(lambda: answers(printed["url"]))

    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert [pid for pid in after.values() if is_running(pid)] == []


def test_a_taken_port_is_named_before_anything_is_built(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*MANAGE, "demo", "--port", str(port)],
            env=environment(DATABASE_URL=f"sqlite:///{tmp_path}/demo.sqlite3"),
            capture_output=True,
            text=True,
        )

    assert (done.returncode, done.stderr) == (
        1,
        f"CommandError: Port {port} is taken: choose another with --port.\n",
    )
    assert not (tmp_path / "demo.sqlite3").exists()
