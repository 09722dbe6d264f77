"""`manage.py report EDITION`: every indicator of an edition as of a day."""

import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.figures import figures, targets_of
from jst.models import Edition
from jst.models.dated import today


class Command(BaseCommand):
    help = gettext_lazy("Prints every indicator of an edition as of a day, from the dated rows.")

    def add_arguments(self, parser):
        parser.add_argument("edition", help=_("The short name of the edition."))
        parser.add_argument("--on", metavar="DATE", help=_("The day, as 2017-04-01; today unless given."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document only."))

    def handle(self, *, edition, **options):
        day = day_of(options["on"])
        found = Edition.objects.filter(slug=edition)
        if not found:
            raise CommandError(_("There is no edition “%s”.") % edition, returncode=2)
        counted = figures(found, day, targets_of(found[0]))
        if options["json"]:
            report = {"edition": edition, "on": day.isoformat(), "indicators": [as_json(f) for f in counted]}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{found[0].name}, {date_format(day)}")
            for figure in counted:
                self.stdout.write(as_text(figure))


def day_of(written):
    """Return the day that was asked for; another form of a date ends with status 2."""
    try:
        return date.fromisoformat(written) if written else today()
    except ValueError:
        raise CommandError(_("Write the day as 2017-04-01."), returncode=2) from None


def as_json(figure):
    return {
        "code": figure.indicator.code,
        "name": str(figure.indicator.name),
        "value": figure.value,
        "target": figure.target.value if figure.target else None,
        "breakdown": {str(kind): number for kind, number in figure.breakdown.items()},
    }


def as_text(figure):
    parts = ", ".join(f"{name} {number}" for _kind, name, number in figure.by_kind)
    target = f" / {figure.target.value}" if figure.target else ""
    return f"{figure.indicator.name}: {figure.value}{target} ({parts})"
