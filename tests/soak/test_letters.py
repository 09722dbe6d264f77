"""R14: senders that are killed lose no letter and repeat hardly any."""

import random
import re
import signal
import subprocess
import time
from collections import Counter

from tests.processes import MANAGE, wait_until

LETTERS, KILLS = 3000, 30

WRITE = f"""
from portal.models import Message
Message.objects.bulk_create(
    Message(address=f"osoba{{n}}@example.org", subject="Temat", body="Treść") for n in range({LETTERS})
)
"""
TEN_MINUTES_LATER = """
from datetime import timedelta
from django.db.models import F
from portal.models import Message
taken = Message.objects.filter(status="ready").exclude(claimed_at=None)
taken.update(claimed_at=F("claimed_at") - timedelta(minutes=11))
"""
COUNT = """
from portal.models import Message
print(Message.objects.exclude(status__in=["sent", "cancelled"]).count())
print(Message.objects.filter(attempts__gt=1).count())
"""


def test_no_letter_is_lost_when_senders_are_killed(demo, tmp_path):
    def manage(*arguments):
        command = [*MANAGE, *arguments]
        done = subprocess.run(command, env=demo, check=True, capture_output=True, text=True)
        return done.stdout.split()

    def sent():
        return len(list((tmp_path / "mail").glob("*")))

    manage("shell", "--no-imports", "-c", WRITE)
    chance = random.Random(14)
    for _ in range(KILLS):
        senders = [subprocess.Popen([*MANAGE, "outbox"], env=demo) for _ in range(2)]
        before = sent()
        wait_until(lambda before=before: sent() > before or sent() >= LETTERS)
        time.sleep(chance.uniform(0, 0.1))
        for sender in senders:
            sender.send_signal(signal.SIGKILL)
            sender.wait()
        manage("shell", "--no-imports", "-c", TEN_MINUTES_LATER)
    manage("outbox", "--once")

    left, interrupted = map(int, manage("shell", "--no-imports", "-c", COUNT))
    copies = Counter()
    for path in (tmp_path / "mail").iterdir():
        copies.update(re.findall(r"^Message-ID: (.*)$", path.read_text(), re.MULTILINE))
    repeated = copies.total() - len(copies)
    print(f"{len(copies)} letters, {2 * KILLS} kills, {interrupted} letters interrupted, {repeated} repeated")
    assert (left, len(copies)) == (0, LETTERS)
    # Fewer would say nothing: the kills have to hit senders at work.
    assert interrupted >= KILLS / 3
    assert repeated <= interrupted
