"""`manage.py duplicates`: find the pairs of accounts that may be one person's."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.duplicates import find_duplicates


class Command(BaseCommand):
    help = gettext_lazy("Finds the pairs of accounts that may belong to one person.")

    def handle(self, **options):
        self.stdout.write(_("Pairs found: %d.") % find_duplicates())
