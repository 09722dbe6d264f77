"""Bring the register of schools to the state of an RSPO file; no school is ever deleted."""

from collections import Counter

from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from jst.imports import rspo
from jst.imports.applying import Difference, newest_day, refuse_older, run
from jst.imports.authorities import Authorities
from jst.imports.changes import SchoolChange, in_words
from jst.imports.report import Refused
from jst.models import Jst, School

SOURCE = "rspo"
Basis = School.Basis
# Schools close a few in a hundred a year. A file that lacks more of what it covers is only a part.
MOST_ABSENT, MOST_ABSENT_SHARE = 20, 0.05
MOST_ABSENT_IN_COUNTY, MOST_ABSENT_SHARE_IN_COUNTY = 5, 0.25


def import_rspo(path, *, apply=False, set_aside=False, by=None, progress=None):
    """Compare an RSPO file with the register of schools and, asked to, apply it; return the Report.

    All or nothing. What was corrected by hand stays, and what the register says is noted beside it.
    Schools that the file lacks are marked absent only in the counties it covers; a file that lacks too
    many of them is refused as filtered.
    """

    def read(path):
        places = set(Jst.objects.filter(code__regex="^.{6}$").values_list("code", flat=True))
        if not places:
            raise Refused(_("The register of units is empty: import TERC first."))
        return rspo.read(path, places)

    return run(SOURCE, path, read, compare, apply=apply, set_aside=set_aside, by=by, progress=progress)


def compare(reading, report):
    refuse_older(SOURCE, reading.as_of)
    authorities = Authorities()
    for row in reading.records.values():
        resolve(row, authorities)
    difference = Difference(School)
    difference.records_day = newest_day(SOURCE) != reading.as_of
    missing = compare_known(difference, reading, authorities)
    for row in reading.records.values():
        if row.rspo not in missing.present:
            difference.new.append(new_school(row, reading.as_of))
            name = row.values["name"]
            difference.changes.append(SchoolChange(row.rspo, name, "new", after=name, row=row.number))
    refuse_filtered(missing)
    if not reading.unreadable:
        mark_absent(difference, missing, reading.as_of)
    report.counts = counts(difference, reading)
    difference.afterwards.append(lambda: see(reading.as_of, missing.covered))
    return difference


def resolve(row, authorities):
    values = row.values
    values["authority_id"], values["authority_basis"] = authorities.resolve(
        values["body_kind"], values["body_regon"], row.seat, values["place_code"]
    )


def new_school(row, as_of):
    school = School(rspo=row.rspo, first_seen=as_of, last_seen=as_of, **row.values)
    school.spell()
    return school


def counts(difference, reading):
    """Return how many schools are new, changed, absent or back, and how their authority is known."""
    of = {what: set() for what in ["new", "gone", "back"]}
    changed = set()
    for change in difference.changes:
        of.get(change.what, changed).add(change.code)
    rows = reading.records.values()
    basis = Counter(str(row.values["authority_basis"].value) for row in rows)
    return {
        "rows": reading.rows,
        "schools": len(reading.records),
        "complexes": sum(row.values["is_complex"] for row in rows),
        "authority": {name: basis[name] for name in ["register", "place", "other", "undecided"]},
        "new": len(of["new"]),
        "changed": len(changed - of["back"]),
        "missing": len(of["gone"]),
        "back": len(of["back"]),
    }


# --- Schools that are known -------------------------------------------------------------------


class Missing:
    """Which known schools the file has and lacks; it covers the counties in which it has a row."""

    def __init__(self, reading):
        self.covered = {row.values["place_code"][:4] for row in reading.records.values()}
        self.known, self.absent, self.present = Counter(), [], set()


def compare_known(difference, reading, authorities):
    """Add to the Difference what the file changes in schools of the register; return the Missing."""
    missing = Missing(reading)
    names = [*reading.fields, "corrected", "absent_since", "authority_basis", "place_code", "name"]
    for pk, code, *stored in School.objects.order_by().values_list("pk", "rspo", *names).iterator(2000):
        *values, corrected, absent_since, basis, place, name = stored
        county = place[:4]
        if absent_since is None:
            missing.known[county] += 1
        row = reading.records.get(code)
        if row is not None:
            missing.present.add(code)
            known = Known(pk, code, dict(zip(reading.fields, values, strict=True)), corrected, basis)
            compare_school(difference, known, row, reading.as_of, authorities)
            if absent_since is not None:
                difference.changes.append(SchoolChange(code, name, "back", after=name, row=row.number))
                touch(difference, known, {"absent_since": None, "last_seen": reading.as_of})
        elif absent_since is None and county in missing.covered and code not in reading.doubtful:
            missing.absent.append((pk, code, name, county))
    return missing


class Known:
    """A school as the register has it, with the fields that were decided by hand."""

    def __init__(self, pk, code, values, corrected, basis):
        self.pk, self.code, self.values, self.corrected = pk, code, values, corrected
        self.held = set(corrected)
        if basis == Basis.STAFF:
            self.held.add("authority")


def compare_school(difference, known, row, as_of, authorities):
    name, found = row.values["name"], {}
    corrected = dict(known.corrected)
    for field, before in known.values.items():
        after = row.values[field]
        said, said_before = shown(field, after, authorities), shown(field, before, authorities)
        key = "authority" if field.startswith("authority") else field
        if key not in known.held:
            if before != after:
                found[field] = after
                change = SchoolChange(
                    known.code, name, field.removesuffix("_id"), said_before, said, row.number
                )
                difference.changes.append(change)
        elif field != "authority_basis" and corrected.get(key, said_before) != said:
            corrected[key] = said
            change = SchoolChange(known.code, name, "kept", said_before, said, row.number)
            difference.changes.append(change)
    if corrected != known.corrected:
        found["corrected"] = corrected
    if found:
        touch(difference, known, found | {"last_seen": as_of})


def shown(field, value, authorities):
    """Return a value in words; the authority by its code."""
    if field == "authority_id":
        unit = authorities.by_pk.get(value)
        return unit.code if unit else ""
    return in_words(value)


def touch(difference, known, values):
    difference.updated.setdefault(known.pk, {}).update(values)
    difference.seen[known.pk] = known.corrected


# --- Schools that are not in the file ---------------------------------------------------------


def refuse_filtered(missing):
    """Raise Refused where the file lacks so many schools of what it covers that it must be a part."""
    lacking = Counter(county for _pk, _code, _name, county in missing.absent)
    known = sum(missing.known[county] for county in missing.covered)
    too_many = lacking.total() > max(MOST_ABSENT, MOST_ABSENT_SHARE * known)
    counties = [
        county
        for county, count in lacking.items()
        if count > max(MOST_ABSENT_IN_COUNTY, MOST_ABSENT_SHARE_IN_COUNTY * missing.known[county])
    ]
    if too_many or counties:
        raise Refused(
            _("The file looks filtered: it lacks %(absent)s of the %(known)s schools of its counties.")
            % {"absent": lacking.total(), "known": known}
        )


def mark_absent(difference, missing, as_of):
    for pk, code, name, _county in missing.absent:
        difference.updated[pk] = {"absent_since": as_of}
        difference.changes.append(SchoolChange(code, name, "gone", before=name))


def see(as_of, counties):
    """Note the day on the schools that the file has: those not absent in the counties it covers."""
    # One statement for all counties: one for each would read the whole table as often.
    School.objects.annotate(county=Substr("place_code", 1, 4)).filter(
        county__in=counties, absent_since=None, last_seen__lt=as_of
    ).update(last_seen=as_of)
