"""The long figures: what takes minutes, needs a server of its own, or kills it.

`start.py soak` runs this folder and every race of the suite, with PORTAL_SOAK set, so that `figures`
gives the full counts. The ordinary suite never collects it.
"""

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.processes import (
    MANAGE,
    ROOT,
    children,
    environment,
    free_port,
    fresh_database,
    processor_time,
    wait_until,
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.soak)


@pytest.fixture
def database(tmp_path):
    """The address of an empty database of the kind under test."""
    return fresh_database(tmp_path, f"soak_{free_port()}")


@pytest.fixture
def demo(tmp_path, database):
    """The environment of commands on a small demo in a database of its own."""
    port = free_port()
    env = environment(
        DATABASE_URL=database,
        MEDIA_ROOT=str(tmp_path / "media"),
        EMAIL_URL=f"filemail:///{tmp_path}/mail",
        PORTAL_ORIGIN=f"http://localhost:{port}",
        PORTAL_DEMO="1",
    )
    build = [*MANAGE, "demo", "--scale", "small", "--no-serve"]
    subprocess.run(build, env=env, check=True, stdout=subprocess.DEVNULL)
    return env


@pytest.fixture
def serve(demo, tmp_path):
    """Return what starts granian on the demo, as production runs it, until the test ends.

    Gives `url`, `environment` for commands on the same database, `workers()` to choose a victim from,
    `processor_time()` that they took in seconds, and `wait()` for the next answer.
    """
    processes = []

    def start(application="portal.wsgi:application", workers=2):
        url = demo["PORTAL_ORIGIN"]
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers)]
        granian += ["--blocking-threads", "4", "--port", url.rpartition(":")[2], "--log-level", "critical"]
        granian += ["--respawn-failed-workers", "--respawn-interval", "0.1"]
        with open(tmp_path / "server.log", "w") as log:
            process = subprocess.Popen([*granian, application], cwd=ROOT, env=demo, stderr=log)
        processes.append(process)
        wait_until(lambda: answers(url), 60)

        def workers():
            # Python's own tracker of resources is a child too, and no worker.
            return [pid for pid, line in children(process.pid).items() if "tracker" not in line]

        return SimpleNamespace(
            url=url,
            environment=demo,
            workers=workers,
            processor_time=lambda: sum(map(processor_time, workers())),
            wait=lambda: wait_until(lambda: answers(url), 60),
        )

    yield start
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def answers(url):
    try:
        return urllib.request.urlopen(f"{url}/zdrowie/zyje", timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture
def server(serve):
    """The two workers that production runs."""
    return serve()
