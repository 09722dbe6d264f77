"""R01: workers are killed while people write. Every acknowledged save is there, once, in order."""

import os
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.soak.writers import OPEN, Writer, asked, lost_or_doubled

SAVES, WRITERS, FEWEST_CUT = 10_000, 8, 60
BEGUN = float("inf")


def test_saves_survive_workers_that_are_killed(server):
    opened = asked(server.environment, OPEN)
    writers = [Writer(server.url, opened, key, within=120) for key in sorted(opened["revisions"])[:WRITERS]]
    over, chance, kills = threading.Event(), random.Random(1), 0

    def write(writer):
        for number in range(SAVES // len(writers)):
            writer.save(f"{writer.key} numer {number}. " + "Zdanie dla wagi. " * 40)

    def kill():
        killed, seen = 0, {}
        while not over.is_set():
            # Somebody was answered since the last one: otherwise no worker would ever be up.
            before = sum(len(writer.acknowledged) for writer in writers)
            while not over.wait(chance.uniform(0, 0.3)):
                if sum(len(writer.acknowledged) for writer in writers) > before:
                    break
            for pid in server.workers():
                seen.setdefault(pid, time.monotonic())
            # The server ends when a worker dies at once: who has just begun is spared.
            if grown := [pid for pid in server.workers() if time.monotonic() - seen.get(pid, BEGUN) > 1]:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(grown), signal.SIGKILL)
                    killed += 1
        return killed

    begun = time.monotonic()
    with ThreadPoolExecutor(len(writers) + 1) as threads:
        killer = threads.submit(kill)
        try:
            list(threads.map(write, writers))
        finally:
            over.set()
        kills = killer.result()
    server.wait()

    cut = sum(writer.cut for writer in writers)
    lost, doubled, gaps = lost_or_doubled(server.environment, opened, writers)
    seconds = time.monotonic() - begun
    print(f"{SAVES} saves, {kills} kills, {cut} replies cut off, {seconds:.0f} s")
    print(f"{lost} lost, {doubled} doubled")
    assert (lost, doubled, gaps) == (0, 0, 0)
    # Fewer would say nothing: the kills have to hit requests on their way.
    assert cut >= FEWEST_CUT
