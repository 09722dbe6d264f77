"""`manage.py rotate-data-key`: encrypt every restricted value with the first key of DATA_KEY."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.rotation import rotate_all


class Command(BaseCommand):
    help = gettext_lazy("Encrypts every restricted value with the first key of DATA_KEY, while people work.")

    def handle(self, **options):
        done = rotate_all()
        self.stdout.write(_("Encrypted with the first key: %(rotated)d. Unreadable: %(unreadable)d.") % done)
        if done["unreadable"]:
            raise CommandError(_("Some values cannot be read with any key of DATA_KEY: keep the old key."))
