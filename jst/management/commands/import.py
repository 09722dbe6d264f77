"""`manage.py import REGISTER FILE`: compare an official register with the portal's, or apply it."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jst.imports.registry import IMPORTS
from jst.models import Jst, School
from portal.models import User
from portal.models.user import normal_email

# A first import would fill the screen with the whole country; --json always lists everything.
MOST_LINES = 50


class Command(BaseCommand):
    help = gettext_lazy(
        "Compares an official register with the portal’s; with --apply brings the portal’s to its state."
    )

    def add_arguments(self, parser):
        parser.add_argument("register", choices=list(IMPORTS))
        parser.add_argument("file", help=_("The official file as downloaded: ZIP, CSV, XML or XLSX."))
        parser.add_argument("--apply", action="store_true", help=_("Write the changes."))
        parser.add_argument(
            "--set-aside", action="store_true", help=_("Leave out rows that cannot be used, and record them.")
        )
        parser.add_argument(
            "--year", type=int, help=_("The year of exam results, where the file’s name has none.")
        )
        parser.add_argument("--by", metavar="EMAIL", help=_("In whose name the import is recorded."))
        parser.add_argument("--json", action="store_true", help=_("Print one JSON document only."))

    def handle(self, *, register, file, **options):
        year = {"year": options["year"]} if options["year"] else {}
        if year and register != "exams":
            raise CommandError(_("Only exam results take a year."), returncode=2)
        report = IMPORTS[register](
            file, apply=options["apply"], set_aside=options["set_aside"], by=person(options["by"]), **year
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
    if report.counts:
        yield _("%(file)s, as of %(day)s") % {"file": report.file, "day": report.as_of}
        yield from counted(report)
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


def counted(report):
    """Return the counts in sentences, those of the register in hand."""
    counts = report.counts
    if "kinds" in counts:
        yield _("Units in the file: %(units)s, by kind:") % counts
        for kind, count in counts["kinds"].items():
            yield f"    {Jst.Kind(kind).label}: {count}"
    elif "units" in counts:
        yield _("Units in the file: %(units)s") % counts
    if "complexes" in counts:
        yield _("Schools in the file: %(schools)s, complexes among them: %(complexes)s") % counts
        for basis, count in counts["authority"].items():
            yield f"    {School.Basis(basis).label}: {count}"
    elif "schools" in counts:
        yield _("Schools in the file: %(schools)s") % counts
    if "mailboxes" in counts:
        yield _("Official mailboxes: %(mailboxes)s") % counts
    if "missing" in counts:
        yield _("New: %(new)s, changed: %(changed)s, back: %(back)s, missing: %(missing)s") % counts
    elif "new" in counts:
        yield _("New: %(new)s, changed: %(changed)s") % counts
    else:
        yield _("Changed: %(changed)s") % counts
    yield _("Rows: %(rows)s, rejected: %(rejected)s") % counts


def outcome(report):
    if not report.changes:
        return _("0 changes: the register is already in this state.")
    return _("The changes were written.") if report.applied else _("Dry run: nothing was written.")
