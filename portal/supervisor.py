"""Long-running processes: loops that stop when asked, and a parent that starts them again when they die."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections

log = logging.getLogger(__name__)
STOPPING = (signal.SIGTERM, signal.SIGINT)
PR_SET_PDEATHSIG = 1


def listen():
    """Return a list that holds something once somebody asks this process to end.

    A list rather than an exception, which could come between the start of a child and its record.
    """
    asked = []
    for signum in STOPPING:
        signal.signal(signum, lambda signum, frame: asked.append(signum))
    return asked


def repeat(step, every):
    """Call `step` until the process is asked to stop; wait `every` seconds when it had nothing to do.

    A step that has begun is finished first. A database that is away is waited for.
    """
    asked = listen()
    while not asked:
        close_old_connections()
        try:
            busy = step()
        except DatabaseError as error:
            log.warning("the database did not answer: %s", error)
            busy = False
        waited = 0
        while not busy and not asked and waited < every:
            time.sleep(0.1)
            waited += 0.1


def end_with_parent():
    """Ask the kernel to end this process when its parent dies, even of a kill that cannot be forwarded."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list
    env: dict
    process: subprocess.Popen | None = None
    started: float = 0
    deaths: int = field(default=0)

    def start(self):
        self.started = time.monotonic()
        # A group of its own: Ctrl+C reaches the parent alone, which ends the children in order.
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            process_group=0,
            preexec_fn=end_with_parent,
        )

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def sweep(self):
        """End what the dead process left of its group: a worker of the server would keep the port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def revive(self):
        """Start the process again if it died, at ever longer intervals while it keeps dying at once."""
        if self.is_alive():
            if time.monotonic() - self.started > 60:
                self.deaths = 0
            return
        if time.monotonic() - self.started >= min(2**self.deaths, 30):
            self.deaths += 1
            self.sweep()
            log.warning("%s ended with status %s and is started again", self.name, self.process.returncode)
            self.start()


def wait_for_page(port, host, server, asked, seconds=60):
    """Return whether the first page of `host` answers on this machine's port, while the server lives."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.is_alive() and not asked:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False
        except OSError:
            time.sleep(0.05)
    return False


def stop(children, seconds=15):
    """Ask every child to end, and end those that do not."""
    for child in children:
        if child.is_alive():
            child.process.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        if child.process:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            child.sweep()


def supervise(server, loops, *, port, host, when_ready):
    """Start the server, call `when_ready` at its first page, then keep it and the loops alive.

    Returns True after a request to stop, False when the first page never came.
    """
    asked = listen()
    children = [server, *loops]
    try:
        server.start()
        if not wait_for_page(port, host, server, asked):
            return bool(asked)
        when_ready()
        # The loops begin after the first page, so that they do not compete with it.
        for loop in loops:
            loop.start()
        while not asked:
            for child in children:
                child.revive()
            time.sleep(0.5)
        return True
    finally:
        stop(children)
