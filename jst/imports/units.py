"""Bring the register of units to the state of a TERC file, keeping the history of names and kinds."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from jst.imports import terc
from jst.imports.applying import newest_day, record, unusable_rows
from jst.imports.reading import sha256
from jst.imports.report import Refused, Rejected, Report
from jst.models import Jst, JstPeriod
from portal.models import ChainHead

SOURCE = "terc"
# Units rarely go: one or two in a year. A file that lacks more than both of these is only a part.
MOST_ABSENT = 20
MOST_ABSENT_SHARE = 0.05
REGISTER_FIELDS = ["name", "kind", "county_code", "parent", "abolished_on", "search", "sort_key"]


@dataclass(frozen=True)
class Change:
    """One difference between the file and the register.

    `what` is new, gone, back, renamed, kind, moved, county or period; `row` is the file's, where it has one.
    """

    code: str
    name: str
    what: str
    before: str = ""
    after: str = ""
    row: int | None = None

    def __str__(self):
        words = asdict(self)
        if self.what == "kind":
            words |= {"before": Jst.Kind(self.before).label, "after": Jst.Kind(self.after).label}
        sentences = {
            "new": _("%(code)s %(name)s: new"),
            "gone": _("%(code)s %(name)s: no longer in the file"),
            "back": _("%(code)s %(name)s: in the file again"),
            "renamed": _("%(code)s %(name)s: was called “%(before)s”"),
            "kind": _("%(code)s %(name)s: was “%(before)s”, is “%(after)s”"),
            "moved": _("%(code)s %(name)s: lay in %(before)s, lies in %(after)s"),
            "county": _("%(code)s %(name)s: the county code was “%(before)s”, is “%(after)s”"),
            "period": _("%(code)s %(name)s: entered in the history"),
        }
        return sentences[self.what] % words


@dataclass
class Difference:
    """What a file changes in the register; computed without writing, written by `write`."""

    as_of: date
    changes: list[Change] = field(default_factory=list)
    new: list[terc.Unit] = field(default_factory=list)
    updated: list[tuple[Jst, terc.Unit]] = field(default_factory=list)
    gone: list[Jst] = field(default_factory=list)
    to_close: list[JstPeriod] = field(default_factory=list)
    to_correct: list[JstPeriod] = field(default_factory=list)
    to_open: list[terc.Unit] = field(default_factory=list)

    def counts(self):
        """Return how many units are new, changed, missing or back."""
        of = {what: set() for what in ["new", "gone", "back"]}
        changed = set()
        for change in self.changes:
            of.get(change.what, changed).add(change.code)
        return {
            "new": len(of["new"]),
            "changed": len(changed - of["back"]),
            "missing": len(of["gone"]),
            "back": len(of["back"]),
        }


def import_terc(path, *, apply=False, set_aside=False, by=None, progress=None):
    """Compare a TERC file with the register and, asked to, apply it; return the Report.

    All or nothing: where the report is `refused`, nothing was written. Rows that cannot be used refuse
    the file unless they are `set_aside`. A file that changes nothing writes nothing.
    """
    report = Report(SOURCE, Path(path).name)
    say = progress or (lambda percent, sentence: None)
    try:
        say(0, _("Reading the file."))
        report.sha256 = sha256(path)
        reading = terc.read(path)
        report.as_of, report.rejected = reading.as_of, reading.rejected
        say(50, _("Comparing with the register."))
        if apply:
            with transaction.atomic():
                # One import at a time: the second waits here and then finds nothing left to change.
                ChainHead.hold()
                difference = compare(reading, report, set_aside)
                write(difference, report, by)
            report.applied = True
        else:
            compare(reading, report, set_aside)
        say(100, _("Done."))
    except Refused as refusal:
        report.refused = str(refusal)
    return report


# --- Comparing --------------------------------------------------------------------------------


def compare(reading, report, set_aside):
    """Return the Difference and fill the report; raises Refused where the file must not be applied."""
    known = {jst.code: jst for jst in Jst.objects.all()}
    refuse_older(reading)
    if set_aside:
        report.rejected = reading.rejected + put_aside_orphans(reading, known)
    difference = find_difference(reading, known)
    report.counts = {
        "rows": reading.rows,
        "units": len(reading.units),
        "kinds": {
            kind: sum(unit.kind == kind for unit in reading.units.values()) for kind in Jst.Kind.values
        },
        **difference.counts(),
        "rejected": len({rejected.row for rejected in report.rejected}),
    }
    report.changes = difference.changes
    if report.rejected and not set_aside:
        raise Refused(unusable_rows(report.counts["rejected"]))
    if not reading.units:
        raise Refused(_("No row of the file can be used."))
    refuse_partial(reading, known)
    return difference


def put_aside_orphans(reading, known):
    """Take out the units whose place was itself set aside and is not in the register either."""
    orphans = []
    for unit in sorted(reading.units.values(), key=lambda unit: len(unit.code)):
        if unit.parent and unit.parent not in reading.units and unit.parent not in known:
            reason = _("The unit in which it lies, %(code)s, was set aside.") % {"code": unit.parent}
            orphans.append(Rejected(unit.row, "NAZWA", unit.name, reason))
            del reading.units[unit.code]
    return orphans


def refuse_older(reading):
    """Raise Refused for a file older than what the register holds: history cannot run backwards."""
    newest = register_as_of()
    if newest and reading.as_of and reading.as_of < newest:
        days = {"file": reading.as_of, "register": newest}
        raise Refused(_("The file is as of %(file)s, the register already as of %(register)s.") % days)


def refuse_partial(reading, known):
    """Raise Refused for a file that lacks so many units that it must have been filtered."""
    current = [jst for jst in known.values() if jst.abolished_on is None]
    absent = [jst for jst in current if is_absent(jst, reading)]
    if len(absent) > max(MOST_ABSENT, MOST_ABSENT_SHARE * len(current)):
        raise Refused(
            _("The file looks filtered: it lacks %(absent)s of the %(current)s units in the register.")
            % {"absent": len(absent), "current": len(current)}
        )


def register_as_of():
    """Return the day of the newest state in the register, or None while it is empty."""
    begun = JstPeriod.objects.aggregate(day=Max("valid_from"))["day"]
    return max(filter(None, [newest_day(SOURCE), begun]), default=None)


def is_absent(jst, reading):
    return jst.code not in reading.units and jst.code not in reading.doubtful


def find_difference(reading, known):
    difference = Difference(reading.as_of)
    periods = {period.jst_id: period for period in JstPeriod.objects.filter(valid_to=None)}
    codes = {jst.pk: code for code, jst in known.items()}
    for unit in sorted(reading.units.values(), key=lambda unit: (len(unit.code), unit.code)):
        jst = known.get(unit.code)
        if jst is None:
            difference.new.append(unit)
            difference.to_open.append(unit)
            difference.changes.append(Change(unit.code, unit.name, "new", after=unit.name, row=unit.row))
        else:
            compare_unit(difference, unit, jst, codes.get(jst.parent_id, ""), periods.get(jst.pk))
    for jst in known.values():
        # A row whose code cannot be read may be any unit's: then none is taken for gone.
        if jst.abolished_on is None and is_absent(jst, reading) and not reading.unreadable:
            difference.gone.append(jst)
            difference.to_close += filter(None, [periods.get(jst.pk)])
            difference.changes.append(Change(jst.code, jst.name, "gone", before=jst.name))
    return difference


def compare_unit(difference, unit, jst, parent, period):
    """Add to the Difference what the file changes in a unit that is in the register."""
    pairs = {
        "renamed": (jst.name, unit.name),
        "kind": (jst.kind, unit.kind),
        "moved": (parent, unit.parent),
        "county": (jst.county_code or "", unit.county_code or ""),
    }
    found = [
        Change(unit.code, unit.name, what, before, after, unit.row)
        for what, (before, after) in pairs.items()
        if before != after
    ]
    if jst.abolished_on:
        found.insert(0, Change(unit.code, unit.name, "back", after=unit.name, row=unit.row))
    if found:
        difference.updated.append((jst, unit))
    if period is None:
        difference.to_open.append(unit)
    elif (period.teryt, period.kind, period.name) != (unit.teryt, unit.kind, unit.name):
        roll(difference, unit, period)
    elif not found:
        return
    difference.changes += found or [Change(unit.code, unit.name, "period", after=unit.name, row=unit.row)]


def roll(difference, unit, period):
    """Close the open period and open the next; a state of the same day is corrected in place."""
    if period.valid_from == difference.as_of:
        period.teryt, period.kind, period.name = unit.teryt, unit.kind, unit.name
        difference.to_correct.append(period)
    else:
        difference.to_close.append(period)
        difference.to_open.append(unit)


# --- Writing ----------------------------------------------------------------------------------


def write(difference, report, by):
    """Write the Difference with its RegisterImport and event; where there is nothing to tell, nothing."""
    if not difference.changes and newest_day(SOURCE) == difference.as_of:
        return
    write_units(difference)
    write_periods(difference)
    record(report, by)


def write_units(difference):
    ids = dict(Jst.objects.values_list("code", "pk"))
    for length in [2, 4, 6]:
        level = [new_unit(unit, ids) for unit in difference.new if len(unit.code) == length]
        ids |= {jst.code: jst.pk for jst in Jst.objects.bulk_create(level)}
    for jst, unit in difference.updated:
        jst.name, jst.kind, jst.county_code = unit.name, unit.kind, unit.county_code
        jst.parent_id, jst.abolished_on = ids.get(unit.parent), None
        jst.spell()
    for jst in difference.gone:
        jst.abolished_on = difference.as_of
    updated = [jst for jst, _unit in difference.updated]
    Jst.objects.bulk_update(updated + difference.gone, REGISTER_FIELDS, batch_size=100)


def new_unit(unit, ids):
    jst = Jst(
        code=unit.code,
        county_code=unit.county_code,
        kind=unit.kind,
        name=unit.name,
        parent_id=ids.get(unit.parent),
    )
    jst.spell()
    return jst


def write_periods(difference):
    day_before = difference.as_of - timedelta(days=1)
    # A period that began on this very day held for no day at all.
    dropped = [period.pk for period in difference.to_close if period.valid_from > day_before]
    JstPeriod.objects.filter(pk__in=dropped).delete()
    for period in difference.to_close:
        period.valid_to = day_before
    closed = [period for period in difference.to_close if period.pk not in dropped]
    JstPeriod.objects.bulk_update(closed, ["valid_to"], batch_size=500)
    JstPeriod.objects.bulk_update(difference.to_correct, ["teryt", "kind", "name"], batch_size=100)
    ids = dict(Jst.objects.values_list("code", "pk"))
    JstPeriod.objects.bulk_create(
        JstPeriod(
            jst_id=ids[unit.code],
            teryt=unit.teryt,
            kind=unit.kind,
            name=unit.name,
            valid_from=difference.as_of,
        )
        for unit in difference.to_open
    )
