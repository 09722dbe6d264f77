"""Writes the reminders due on a day, once each."""

from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal import conventions


class Command(BaseCommand):
    help = "Write the reminders due today, or on the day given; a second run on the same day writes none."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")

    def handle(self, *, on, **options):
        day = on or timezone.localdate()
        moved = sum(remind(day) for remind in conventions.offered("reminders", "remind"))
        self.stdout.write(f"{moved}")
