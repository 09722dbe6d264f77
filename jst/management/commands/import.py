"""`manage.py import terc FILE`: compare an official register with the portal's, or apply it."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jst.imports.registry import IMPORTS
from jst.models import Jst
from portal.models import User
from portal.models.user import normal_email

REGISTERS = ["terc", "jst", "rspo", "population", "exams"]
# A first import would fill the screen with the whole country; --json always lists everything.
MOST_LINES = 50


class Command(BaseCommand):
    help = gettext_lazy(
        "Compares an official register with the portal’s; with --apply brings the portal’s to its state."
    )

    def add_arguments(self, parser):
        parser.add_argument("register", choices=REGISTERS)
        parser.add_argument("file", help=_("The official file as downloaded: ZIP, CSV or XML."))
        parser.add_argument("--apply", action="store_true", help=_("Write the changes."))
        parser.add_argument(
            "--set-aside", action="store_true", help=_("Leave out rows that cannot be used, and record them.")
        )
        parser.add_argument("--by", metavar="EMAIL", help=_("In whose name the import is recorded."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document only."))

    def handle(self, *, register, file, **options):
        if register not in IMPORTS:
            sentence = _("The import of “%(register)s” is not available yet.")
            raise CommandError(sentence % {"register": register}, returncode=2)
        report = IMPORTS[register](
            file, apply=options["apply"], set_aside=options["set_aside"], by=person(options["by"])
        )
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        else:
            for line in lines(report):
                self.stdout.write(line)
        if report.refused:
            raise CommandError(report.refused)


def person(email):
    """Return the account with this address, or None where no address was given."""
    if not email:
        return None
    try:
        return User.objects.get(email=normal_email(email))
    except User.DoesNotExist:
        sentence = _("Nobody has an account with the address %(email)s.")
        raise CommandError(sentence % {"email": email}, returncode=2) from None


def lines(report):
    """Return the report for a terminal, one sentence a line."""
    if counts := report.counts:
        yield _("%(file)s, as of %(day)s") % {"file": report.file, "day": report.as_of}
        yield _("Units in the file: %(units)s, by kind:") % counts
        for kind, count in counts["kinds"].items():
            yield f"    {Jst.Kind(kind).label}: {count}"
        yield _("New: %(new)s, changed: %(changed)s, back: %(back)s, missing: %(missing)s") % counts
        yield _("Rows: %(rows)s, rejected: %(rejected)s") % counts
    yield from map(str, report.rejected)
    yield from map(str, report.changes[:MOST_LINES])
    if (more := len(report.changes) - MOST_LINES) > 0:
        yield (
            ngettext(
                "and %(count)s more change; --json lists all",
                "and %(count)s more changes; --json lists all",
                more,
            )
            % {"count": more}
        )
    if not report.refused:
        yield outcome(report)


def outcome(report):
    if not report.changes:
        return _("0 changes: the register is already in this state.")
    return _("The changes were written.") if report.applied else _("Dry run: nothing was written.")
