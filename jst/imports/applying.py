"""The course of every import: read, compare, and write all of it or nothing.

Reading and comparing hold no lock. The write takes the head of the chain, and where another import
was applied or a correction was made meanwhile, it lets go and compares again: the second of two
imports waits, and then finds only what is left to change.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.imports.reading import sha256
from jst.imports.report import Refused, Report
from jst.models import JstEvent, RegisterChange, RegisterImport, RejectedRow
from portal.models import ChainHead, User
from portal.workflow import note

BATCH = 2000
# Comparing again helps against one import that came between, not against a stream of them.
MOST_ATTEMPTS = 5


class Overtaken(Exception):
    """The register changed between comparing and writing."""


@dataclass
class Reading:
    """What a file says: records by key, and what could not be used.

    `doubtful` are keys named by rejected rows; `unreadable` says that some row's key is not known, so
    that nothing may be taken for absent.
    """

    as_of: date
    rows: int = 0
    records: dict = field(default_factory=dict)
    rejected: list = field(default_factory=list)
    doubtful: set = field(default_factory=set)
    unreadable: bool = False
    fields: list = field(default_factory=list)


@dataclass
class Difference:
    """What a file changes: objects to add, fields to set by primary key, as the register was seen.

    `seen` are the corrections by hand that were looked at; `records_day` says that the day of the file
    is worth a record of its own although nothing changed.
    """

    model: type
    changes: list = field(default_factory=list)
    new: list = field(default_factory=list)
    updated: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)
    records_day: bool = False
    afterwards: list = field(default_factory=list)


def run(source, path, read, compare, *, apply, set_aside, by, progress):
    """Import the file at `path`; returns the Report. `read(path)` and `compare(reading, report)`."""
    report = Report(source, Path(path).name)
    say = progress or (lambda percent, sentence: None)
    try:
        say(0, _("Reading the file."))
        report.sha256 = sha256(path)
        reading = read(path)
        report.as_of, report.rejected = reading.as_of, reading.rejected
        for _attempt in range(MOST_ATTEMPTS):
            newest = newest_import()
            say(50, _("Comparing with the register."))
            difference = compare(reading, report)
            report.counts["rejected"] = len({rejected.row for rejected in report.rejected})
            report.changes = difference.changes
            refuse_rejected(report, set_aside)
            if not apply:
                break
            say(80, _("Writing the changes."))
            if written(difference, report, by, newest):
                report.applied = True
                break
        else:
            raise Refused(_("Another import is running: try again in a moment."))
        say(100, _("Done."))
    except Refused as refusal:
        report.refused = str(refusal)
    return report


def refuse_rejected(report, set_aside):
    count = report.counts["rejected"]
    if count and not set_aside:
        raise Refused(unusable_rows(count))


def unusable_rows(count):
    sentence = ngettext(
        "%(count)s row cannot be used; nothing was written.",
        "%(count)s rows cannot be used; nothing was written.",
        count,
    )
    return sentence % {"count": count}


def newest_import():
    return RegisterImport.objects.aggregate(pk=Max("pk"))["pk"]


def newest_day(source):
    """Return the day of the newest applied file of a register, or None."""
    return RegisterImport.objects.filter(source=source).aggregate(day=Max("as_of"))["day"]


def refuse_older(source, as_of):
    """Raise Refused for a file older than what the register holds: history cannot run backwards."""
    newest = newest_day(source)
    if newest and as_of < newest:
        days = {"file": as_of, "register": newest}
        raise Refused(_("The file is as of %(file)s, the register already as of %(register)s.") % days)


def day_of_file(path):
    """Return the day a file without a date is of: the one in its name, else when it was written."""
    for year, month, day in re.findall(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)", Path(path).name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    try:
        written_at = timezone.datetime.fromtimestamp(os.path.getmtime(path), timezone.get_default_timezone())
    except OSError:
        return timezone.localdate()
    return written_at.date()


# --- Writing ----------------------------------------------------------------------------------


def written(difference, report, by, newest):
    """Write the Difference; False where the register changed since it was made, and nothing was written."""
    try:
        with transaction.atomic():
            ChainHead.hold()
            if newest_import() != newest:
                raise Overtaken
            if difference.changes or difference.records_day:
                write(difference, report, by)
    except Overtaken:
        return False
    return True


def write(difference, report, by):
    row = record(report, by)
    for thing in difference.new:
        if hasattr(thing, "register_import_id"):
            thing.register_import = row
    difference.model.objects.bulk_create(difference.new, batch_size=BATCH)
    keys = list(difference.updated)
    for start in range(0, len(keys), BATCH):
        update(difference, keys[start : start + BATCH], row)
    for step in difference.afterwards:
        step()


def update(difference, keys, row):
    """Set the changed fields in the rows as they are now; all rows of a batch in one statement."""
    model, fields = difference.model, set()
    things = model.objects.in_bulk(keys)
    if len(things) != len(keys):
        raise Overtaken
    for key, thing in things.items():
        if key in difference.seen and thing.corrected != difference.seen[key]:
            raise Overtaken
        values = difference.updated[key]
        for name, value in values.items():
            setattr(thing, name, value)
        fields |= {model._meta.get_field(name).name for name in values}
        if hasattr(thing, "spell"):
            thing.spell()
            fields |= {"search", "sort_key"}
        if hasattr(thing, "register_import_id"):
            thing.register_import = row
            fields.add("register_import")
    model.objects.bulk_create(
        things.values(), update_conflicts=True, unique_fields=["pk"], update_fields=sorted(fields)
    )


def record(report, by):
    """Write the RegisterImport with its changes, the rows set aside and the event; returns it."""
    by = by or User.objects.system()
    row = RegisterImport.objects.create(
        source=report.register,
        file_name=report.file[:200],
        sha256=report.sha256,
        as_of=report.as_of,
        applied_by=by,
        counts=report.counts,
    )
    RegisterChange.objects.bulk_create(
        (RegisterChange(register_import=row, **shortened(change)) for change in report.changes),
        batch_size=BATCH,
    )
    RejectedRow.objects.bulk_create(
        (RejectedRow(register_import=row, **shortened(rejected)) for rejected in report.rejected),
        batch_size=BATCH,
    )
    data = {"register": report.register, "as_of": report.as_of.isoformat(), "counts": report.counts}
    note("jst.register.import", by=by, about=JstEvent(register_import=row), data=data)
    return row


def shortened(thing):
    """Return the cells of a change or of a rejected row as they fit the table."""
    return {name: text[:300] if isinstance(text, str) else text for name, text in vars(thing).items()}
