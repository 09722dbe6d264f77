"""Sends the letters whose time has come."""

from functools import partial

from django.core.management.base import BaseCommand

from portal import outbox
from portal.supervisor import repeat


class Command(BaseCommand):
    help = "Send what is ready until stopped; with --once what is ready now. Safe to run twice at once."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="send what is ready and end")

    def handle(self, *, once, **options):
        if once:
            while outbox.send_due():
                pass
        else:
            # A few at a time: a request to stop waits for them.
            repeat(partial(outbox.send_due, limit=20), every=2)
