"""R11: saves over a line that shuffles, doubles and delays them. What was acknowledged last is what stays.

The control knows neither a request that it has had before nor the revision from which it started.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from plans import saving
from tests import unguarded
from tests.bad_line import BadLine
from tests.situations import started_plan
from tests.soak.writers import Writer, lost_or_doubled, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]

KEYS = ["zespol", "demografia", "wizja", "monitorowanie"]


def written(cast, browse, live_server, saves):
    """Let four windows save over a bad line, so many times each; return what they opened and the writers."""
    version = started_plan(cast).latest()
    opened = {
        "plan": version.plan_id,
        "version": version.pk,
        "sessions": [browse(cast.author).cookies["sessionid"].value],
        "revisions": dict.fromkeys(KEYS, 0),
    }
    with BadLine(live_server.url) as line, ThreadPoolExecutor(len(KEYS)) as threads:
        writers = [Writer(line.url, opened, key) for key in KEYS]
        list(threads.map(lambda writer: writer.save_all(saves), writers))
    return opened, writers


def test_saves_over_a_bad_line_leave_the_newest_text_and_no_gap(cast, browse, live_server):
    opened, writers = written(cast, browse, live_server, 15)

    assert lost_or_doubled(stored(opened["version"]), opened, writers) == (0, 0, 0)


def test_the_control_that_writes_what_comes_last_ends_with_an_old_text(
    cast, browse, live_server, monkeypatch
):
    monkeypatch.setattr(saving, "write", unguarded.write)
    monkeypatch.setattr(saving, "_save", unguarded.save)

    opened, writers = written(cast, browse, live_server, 5)

    texts = stored(opened["version"])["texts"]
    assert any(texts[writer.key] != writer.acknowledged[-1][1] for writer in writers)
