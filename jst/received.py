"""The applications that a call has received, as its list and its files show them."""

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jst.models import (
    Application,
    ApplicationDecision,
    ApplicationPerson,
    ApplicationSchool,
    ApplicationScore,
    Jst,
)
from jst.naming import with_kind, with_place

HEADER = [
    _("Number"),
    _("Unit"),
    _("TERC code"),
    _("Kind of unit"),
    _("Voivodeship"),
    _("Sent"),
    _("Status"),
    _("Place on the reserve list"),
    _("Points"),
    _("Schools"),
    _("People"),
    _("Contact person"),
    _("E-mail"),
]


def of(rows, what):
    """Return what an outer application has of `rows`, as an expression."""
    mine = rows.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(mine.annotate(found=what).values("found"))


def received(call):
    """Return the applications sent to the call, most points first, then by number."""
    decisions = ApplicationDecision.objects.filter(application=OuterRef("pk"), released_at=None)
    return (
        Application.objects.filter(call=call)
        .sent()
        .select_related("jst__parent__parent", "call")
        .annotate(
            points=of(ApplicationScore.objects, Sum("points")),
            schools_count=Coalesce(of(ApplicationSchool.objects, Count("pk")), 0),
            people_count=Coalesce(of(ApplicationPerson.objects, Count("pk")), 0),
            prepared=Subquery(decisions.values("outcome")[:1]),
        )
        .order_by(F("points").desc(nulls_last=True), "number")
    )


def regions():
    return dict(Jst.objects.filter(kind=Jst.Kind.W).values_list("code", "name"))


def placed(jst):
    """Return the unit with its kind and the unit in which it lies."""
    parent = jst.parent
    return with_place(jst.kind, jst.name, parent and parent.kind, parent and parent.name)


def as_lines(applications):
    """Return the lines of the list in words."""
    names, outcomes = regions(), dict(ApplicationDecision.Outcome.choices)
    return [
        {
            "application": row,
            "unit": placed(row.jst),
            "kind": row.jst.get_kind_display(),
            "region": names.get(row.jst.voivodeship_code, ""),
            "prepared": outcomes.get(row.prepared, "") if row.status == Application.Status.SENT else "",
        }
        for row in applications
    ]


def as_table(applications):
    """Return the rows of the files, in the order of `HEADER`."""
    names = regions()
    for row in applications:
        in_place = row.status == Application.Status.RESERVE
        yield [
            row.number,
            with_kind(row.jst.kind, row.jst.name),
            row.jst.code,
            str(row.jst.get_kind_display()),
            names.get(row.jst.voivodeship_code, ""),
            date_format(timezone.localtime(row.sent_at), "Y-m-d H:i:s"),
            str(row.get_status_display()),
            row.position if in_place else None,
            row.points,
            row.schools_count,
            row.people_count,
            row.contact_name,
            row.contact_email,
        ]
