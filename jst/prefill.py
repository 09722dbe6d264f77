"""What the registers and the recruitment already know, offered to whoever writes a section of the plan.

Each source takes a participation and gives a `Fact`, or None where nothing is known. Sections are named by
their keys in the form of the plan; a form without such a section is offered nothing.
"""

from collections import defaultdict

from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from jst.models import Application, ExamResult, Population, School
from portal.conventions import Fact

YEARS = 6
EXAM_YEARS = 3


def facts(key, participation, user):
    """Return what is known for the section with this key."""
    found = (find(participation) for find in SOURCES.get(key, ()))
    return [fact for fact in found if fact is not None]


def day(value):
    return date_format(value, "SHORT_DATE_FORMAT")


def number(value, digits=0):
    return number_format(value, digits, use_l10n=True, force_grouping=True)


def population(participation):
    """How many people lived in the unit, year by year."""
    rows = Population.objects.filter(jst=participation.jst_id).order_by("-year")
    rows = list(rows.values_list("year", "people", "register_import__as_of")[:YEARS])
    if not rows:
        return None
    lines = [f"- {year}: {number(people)}" for year, people, _day in reversed(rows)]
    return Fact(
        code="population",
        title=_("Population by years"),
        text="\n".join([_("Inhabitants on 31 December:"), *lines]),
        source=_("GUS, as of %s") % day(rows[0][2]),
    )


def schools_of(participation):
    """The open schools that the unit runs; a complex is told by its parts."""
    return School.objects.filter(authority=participation.jst_id, is_complex=False).open()


def as_of(days):
    """Return the last of the days on which the register listed the schools, in words."""
    seen = max((seen for seen in days if seen), default=None)
    return _("RSPO, as of %s") % day(seen) if seen else _("RSPO, day of the data not known")


def network(participation):
    """How many schools of each kind the unit runs, and how many pupils they have."""
    kinds = schools_of(participation).values_list("kind").order_by("kind")
    kinds = list(kinds.annotate(count=Count("pk"), pupils=Sum("pupils"), seen=Max("last_seen")))
    lines = []
    for kind, count, pupils, _seen in kinds:
        told = _("%s pupils") % number(pupils) if pupils else ""
        lines.append(f"- {kind}: {count}" + (f" ({told})" if told else ""))
    if not lines:
        return None
    return Fact(
        code="network",
        title=_("Schools that the unit runs"),
        text="\n".join([_("Schools and institutions that we run:"), *lines]),
        source=as_of(seen for *_kind, seen in kinds),
    )


def exams(participation):
    """The mean results of the unit's schools, by year and subject, weighted by how many took the exam."""
    results = ExamResult.objects.filter(school__authority=participation.jst_id, mean__isnull=False)
    newest = results.aggregate(year=Max("year"), as_of=Max("register_import__as_of"))
    if newest["year"] is None:
        return None
    points, takers, schools = defaultdict(int), defaultdict(int), defaultdict(int)
    wanted = results.filter(year__gt=newest["year"] - EXAM_YEARS)
    for year, subject, count, mean in wanted.values_list("year", "subject", "takers", "mean"):
        points[year, subject] += mean * count
        takers[year, subject] += count
        schools[year, subject] += 1
    lines = [
        _("- %(year)s, %(subject)s: %(mean)s%% (pupils: %(pupils)s, schools: %(schools)s)")
        % {
            "year": year,
            "subject": subject,
            "mean": number(points[year, subject] / takers[year, subject], 1),
            "pupils": number(takers[year, subject]),
            "schools": schools[year, subject],
        }
        for year, subject in sorted(points)
    ]
    return Fact(
        code="exams",
        title=_("Results of the eighth-grade exam"),
        text="\n".join([_("Mean results of our schools in the eighth-grade exam:"), *lines]),
        source=_("CKE, as of %s") % day(newest["as_of"]),
    )


def own_schools(participation):
    """The schools themselves, as rows."""
    schools = schools_of(participation).order_by("sort_key")
    found = list(schools.values_list("pk", "name", "last_seen"))
    if not found:
        return None
    source = as_of(seen for _pk, _name, seen in found)
    rows = [(pk, name) for pk, name, _seen in found]
    return rows_fact("own_schools", _("Schools that the unit runs"), rows, source)


def application_of(participation):
    return Application.objects.filter(participation=participation).first()


def origin(application):
    sent = application.sent_at or application.created_at
    return _("the application of %s") % day(timezone.localdate(sent))


def declared_schools(participation):
    """The schools that the unit declared when it applied; those of other authorities are chosen by hand."""
    application = application_of(participation)
    if application is None:
        return None
    declared = application.schools.filter(school__authority=participation.jst_id)
    found = list(declared.values_list("school", "school__name"))
    title = _("Schools declared in the application")
    return rows_fact("declared_schools", title, found, origin(application)) if found else None


def rows_fact(code, title, schools, source):
    return Fact(
        code=code,
        title=title,
        text="\n".join(f"- {name}" for _pk, name in schools),
        source=source,
        row_set="school",
        rows=tuple({"school": str(pk)} for pk, _name in schools),
    )


def reasons(participation):
    """Why the unit wanted to take part, in its own words."""
    application = application_of(participation)
    if application is None or not application.reasons.strip():
        return None
    return Fact(
        code="reasons",
        title=_("Why you applied"),
        text=application.reasons.strip(),
        source=origin(application),
    )


SOURCES = {
    "zespol": [reasons],
    "demografia": [population, network],
    "wyniki": [exams],
    "wnioski": [reasons],
    "schools": [declared_schools, own_schools],
}
# What staff who make a form are told: sections with these keys get facts.
KEYS = tuple(SOURCES)
