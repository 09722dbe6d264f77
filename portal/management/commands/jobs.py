"""Runs queued work: documents, exports, imports."""

import os
import time

from django.core.management.base import BaseCommand

from portal import conventions, jobs
from portal.supervisor import repeat


class Command(BaseCommand):
    help = "Run queued work until stopped; with --once what is queued now."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is queued and end")

    def handle(self, *, once, **options):
        if once:
            look_after()
            jobs.run_queued()
            return
        # Somebody waits for a page, nobody for a document that second.
        os.nice(10)
        looked = float("-inf")

        def step():
            nonlocal looked
            if time.monotonic() - looked > 60:
                looked = time.monotonic()
                look_after()
            return jobs.run_next()

        repeat(step, every=1)


def look_after():
    """Offer again the jobs whose worker died, and let every app do its chores."""
    jobs.offer_again()
    for every_minute in conventions.offered("chores", "every_minute"):
        every_minute()
