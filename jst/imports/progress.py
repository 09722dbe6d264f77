"""How far an import is, told beside its file.

A row of the database would not do: what an import writes is seen by others only when all of it is done.
"""

import json
import os
import time
from pathlib import Path

SECONDS = 0.5


def place(path):
    return Path(f"{path}.progress")


class Progress:
    """Called with (percent, sentence) as the work goes on; writes a few times a second at most."""

    def __init__(self, path):
        self.place, self.written = place(path), 0.0
        self(0)

    def __call__(self, percent, sentence=""):
        now = time.monotonic()
        if self.written and now - self.written < SECONDS:
            return
        self.written = now
        new = self.place.with_suffix(".new")
        new.write_text(json.dumps(percent))
        os.replace(new, self.place)


def percent(path):
    """Return how many hundredths of the work are done; 0 where nothing is known yet."""
    try:
        return min(99, int(json.loads(place(path).read_text())))
    except (OSError, TypeError, ValueError):
        return 0


def forget_progress(path):
    place(path).unlink(missing_ok=True)
