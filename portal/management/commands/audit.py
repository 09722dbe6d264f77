"""Checks the chain of events."""

import json

from django.core.management.base import BaseCommand, CommandError

from portal import audit


class Command(BaseCommand):
    help = "Name the first entry of the history that was altered, removed or reordered."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, action, **options):
        number, finding = audit.verify()
        if options["json"]:
            found = {"entries": number, "whole": finding is None}
            self.stdout.write(json.dumps(found | {"finding": finding.as_dict() if finding else None}))
        elif not finding:
            self.stdout.write(f"The history is whole: {number} entries.")
        if finding:
            raise CommandError(finding.sentence)
