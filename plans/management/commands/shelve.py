"""Writes the words by which the public library is searched."""

from django.core.management.base import BaseCommand

from plans.shelving import fill_shelf


class Command(BaseCommand):
    help = (
        "Put on the shelf the words of published plans that are not there; with --anew of all, from scratch."
    )

    def add_arguments(self, parser):
        parser.add_argument("--anew", action="store_true", help="forget the shelf and write it from scratch")

    def handle(self, *, anew, **options):
        count = fill_shelf(anew=anew)
        self.stdout.write(f"Plans put on the shelf: {count}.")
