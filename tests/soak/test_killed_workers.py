"""R01: workers are killed while people write. Every acknowledged save is there, once, in order."""

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.soak.writers import Writer, asked_stored, lost_or_doubled, open_plan

SAVES, WRITERS, FEWEST_CUT = 10_000, 8, 60
# A worker that dies soon after it began ends the whole server, which is not meant here.
GROWN = 7


def kill_workers(server, writers, over):
    """Kill a worker now and then, until it is `over`; return how many died."""
    chance, killed, seen = random.Random(1), 0, {}
    while not over.is_set():
        wait_for_answer(writers, over, chance)
        now = time.monotonic()
        grown = [pid for pid in server.workers() if now - seen.setdefault(pid, now) > GROWN]
        if grown:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(grown), signal.SIGKILL)
                killed += 1
    return killed


def wait_for_answer(writers, over, chance):
    """Wait until somebody is answered: with no worker up, a kill would hit nothing."""
    before = sum(len(writer.acknowledged) for writer in writers)
    while not over.wait(chance.uniform(0, 0.3)):
        if sum(len(writer.acknowledged) for writer in writers) > before:
            return


def test_saves_survive_workers_that_are_killed(server):
    opened = open_plan(server.environment)
    writers = [Writer(server.url, opened, key, within=120) for key in sorted(opened["revisions"])[:WRITERS]]
    over, begun = threading.Event(), time.monotonic()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        killer = threads.submit(kill_workers, server, writers, over)
        try:
            list(threads.map(lambda writer: writer.save_all(SAVES // WRITERS), writers))
        finally:
            over.set()
    server.wait()

    cut = sum(writer.cut for writer in writers)
    lost, doubled, gaps = lost_or_doubled(asked_stored(server.environment, opened), opened, writers)
    print(f"{SAVES} saves, {killer.result()} kills, {cut} cut off, {time.monotonic() - begun:.0f} s")
    print(f"{lost} lost, {doubled} doubled, {gaps} out of order")
    assert (lost, doubled, gaps) == (0, 0, 0)
    # Fewer would say nothing: the kills have to hit requests on their way.
    assert cut >= FEWEST_CUT
