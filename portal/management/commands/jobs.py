"""Runs queued work: documents, exports, imports."""

import os
import time

from django.core.management.base import BaseCommand

from portal import jobs
from portal.supervisor import repeat


class Command(BaseCommand):
    help = "Run queued work until stopped; with --once what is queued now."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run what is queued and end")

    def handle(self, *, once, **options):
        if once:
            jobs.offer_again()
            jobs.run_queued()
            return
        # Somebody waits for a page, nobody for a document that second.
        os.nice(10)
        looked = float("-inf")

        def step():
            nonlocal looked
            if time.monotonic() - looked > 60:
                looked = time.monotonic()
                jobs.offer_again()
            return jobs.run_next()

        repeat(step, every=1)
