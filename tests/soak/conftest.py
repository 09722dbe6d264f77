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

from tests.processes import MANAGE, ROOT, children, environment, free_port, fresh_database, wait_until


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
def server(demo):
    """The two workers that production runs, on the demo.

    Gives `url`, `environment` for commands on the same database, `workers()` to choose a victim from,
    and `wait()` for the next answer.
    """
    url = demo["PORTAL_ORIGIN"]
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    granian += ["--blocking-threads", "4", "--port", url.rpartition(":")[2], "--log-level", "critical"]
    granian += ["--respawn-failed-workers", "--respawn-interval", "0.1"]
    process = subprocess.Popen([*granian, "portal.wsgi:application"], cwd=ROOT, env=demo)

    def answers():
        try:
            return urllib.request.urlopen(f"{url}/zdrowie/zyje", timeout=5).status == 200
        except OSError:
            return False

    wait_until(answers, 60)
    yield SimpleNamespace(
        url=url,
        environment=demo,
        # Python's own tracker of resources is a child too, and no worker.
        workers=lambda: [pid for pid, line in children(process.pid).items() if "tracker" not in line],
        wait=lambda: wait_until(answers, 60),
    )
    process.send_signal(signal.SIGTERM)
    process.wait(30)
