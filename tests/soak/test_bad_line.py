"""R11: ten thousand saves to a real server over a line that shuffles, doubles and delays them."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.bad_line import BadLine
from tests.soak.writers import Writer, asked_stored, lost_or_doubled, open_plan

SAVES = 10_000


def test_ten_thousand_saves_over_a_bad_line_leave_the_newest_texts_and_no_gap(server):
    opened, begun = open_plan(server.environment), time.monotonic()
    keys = sorted(opened["revisions"])[:10]
    with BadLine(server.url) as line, ThreadPoolExecutor(len(keys)) as threads:
        writers = [Writer(line.url, opened, key) for key in keys]
        list(threads.map(lambda writer: writer.save_all(SAVES // len(keys)), writers))

    lost, doubled, gaps = lost_or_doubled(asked_stored(server.environment, opened), opened, writers)
    print(f"{SAVES} saves over a bad line in {time.monotonic() - begun:.0f} s: {dict(line.met)}")
    print(f"{lost} lost or old, {doubled} doubled, {gaps} out of order")
    assert (lost, doubled, gaps) == (0, 0, 0)
