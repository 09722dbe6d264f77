"""Lists for staff: units, schools, people; and the same as files."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jst.forms.registers import PersonFilter, SchoolFilter, UnitFilter
from jst.models import Expert, Jst, OperatorStaff, School, TeamMembership
from jst.naming import named, place_columns
from jst.navigation import data_entries
from jst.permissions import is_ore_staff, may_read_registers
from portal.exports import table_file
from portal.models import User
from portal.models.user import SYSTEM_EMAIL
from portal.paging import page_by_key

BASES = dict(School.Basis.choices)
UNIT_COLUMNS = ("code", "office_name", "town", "abolished_on", *place_columns())
SCHOOL_COLUMNS = (
    *("rspo", "name", "kind", "town", "is_complex", "authority_basis", "closed_on", "absent_since"),
    *place_columns("authority"),
)


def staff_page(allowed):
    """Decorate a view that only those for whom `allowed(user)` holds may open; the others are told."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            if not allowed(request.user):
                raise PermissionDenied(_("This page is for the staff of ORE and of the operators."))
            return view(request, *args, **kwargs)

        return checked

    return decorate


@require_safe
@staff_page(may_read_registers)
def unit_list(request):
    """Every unit of the register."""
    wanted = UnitFilter(request.GET)
    page = page_of(wanted, Jst.objects.all(), UNIT_COLUMNS)
    for row in page.rows:
        row["unit"] = named(row)
    return render(request, "jst/unit_list.html", context_of(request, page, wanted))


@require_safe
@staff_page(may_read_registers)
def school_list(request):
    """Every school of the register, with the unit that runs it."""
    wanted = SchoolFilter(request.GET)
    page = page_of(wanted, School.objects.all(), SCHOOL_COLUMNS)
    for row in page.rows:
        row["unit"] = named(row, "authority")
        row["basis"] = BASES[row["authority_basis"]]
    return render(request, "jst/school_list.html", context_of(request, page, wanted))


@require_safe
@staff_page(is_ore_staff)
def person_list(request):
    """Everybody who has an account, with what the person is today."""
    wanted = PersonFilter(request.GET)
    people = wanted.apply(User.objects.exclude(email=SYSTEM_EMAIL))
    page = page_by_key(people, ("first_name", "last_name", "email", "is_active"), request.GET)
    roles = roles_today([row["pk"] for row in page.rows])
    for row in page.rows:
        row["roles"] = roles.get(row["pk"], [])
    context = context_of(request, page, wanted) | {"ways": data_entries(request.user)}
    return render(request, "jst/person_list.html", context)


def page_of(wanted, rows, columns):
    """Return the page that the filter's own query names; only words are looked for without an index."""
    rows = wanted.apply(rows)
    return page_by_key(rows, columns, wanted.data, is_searched="szukaj" in wanted.asked())


def context_of(request, page, wanted):
    query = request.GET.urlencode()
    return {
        "page": page,
        "filter": wanted,
        "asked": bool(wanted.asked()),
        "query": f"?{query}" if query else "",
        "for_ore": is_ore_staff(request.user),
    }


# --- What a person is today ---------------------------------------------------------------------


def roles_today(pks):
    """Return person → what the person is today in words, of these people, in one query."""
    team = place_columns("participation__jst")
    none = [Value("", output_field=Jst._meta.get_field("name").__class__()) for _column in team]
    members = TeamMembership.objects.today().filter(person__in=pks)
    experts = Expert.objects.today().filter(person__in=pks)
    operators = OperatorStaff.objects.today().filter(person__in=pks)
    groups = User.groups.through.objects.filter(user__in=pks)
    rows = (
        members.order_by()
        .values_list("person", Value("team"), Value(""), *team)
        .union(
            experts.order_by().values_list("person", Value("expert"), Value(""), *none),
            operators.order_by().values_list("person", Value("operator"), "operator__name", *none),
            groups.order_by().values_list("user", Value("ore"), "group__name", *none),
        )
    )
    found = {}
    for person, what, name, *place in rows:
        found.setdefault(person, []).append(in_words(what, name, dict(zip(team, place, strict=True))))
    return found


def in_words(what, name, place):
    if what == "team":
        return _("team: %s") % named(place, "participation__jst")
    if what == "operator":
        return _("operator: %s") % name
    return _("expert") if what == "expert" else name


# --- Files --------------------------------------------------------------------------------------


def about(wanted):
    """Return what a file says about itself: when it was made and what was asked."""
    made = date_format(timezone.localtime(), "DATETIME_FORMAT")
    return [(_("Made on"), made), *(wanted.in_words() or [(_("Filters"), _("none, all rows"))])]


@require_safe
@staff_page(may_read_registers)
def unit_file(request, kind):
    """The units of the list as a file."""
    wanted = UnitFilter(request.GET)
    rows = wanted.apply(Jst.objects.all()).order_by("sort_key", "pk")
    columns = ("code", "county_code", "kind", "name", "office_name", "town", "mailbox", "abolished_on")
    around = ("parent__name", "parent__parent__name")
    header = [
        *(_("TERC code"), _("county code"), _("kind"), _("name"), _("office"), _("town of the office")),
        *(_("official mailbox"), _("absent from the register since"), _("Lies in"), _("and in")),
    ]
    kinds = dict(Jst.Kind.choices)
    table = (
        (code, county, kinds[kind_], *rest)
        for code, county, kind_, *rest in rows.values_list(*columns, *around).iterator(chunk_size=2000)
    )
    return table_file(kind, "samorzady", header, table, about=about(wanted))


@require_safe
@staff_page(may_read_registers)
def school_file(request, kind):
    """The schools of the list as a file."""
    wanted = SchoolFilter(request.GET)
    rows = wanted.apply(School.objects.all()).order_by("sort_key", "pk")
    columns = ("rspo", "name", "kind", "is_complex", "parent_rspo", "town", "street", "postal_code")
    columns += ("pupils", "closed_on", "absent_since", "authority_basis", "body_kind", "authority__code")
    header = [
        *(_("RSPO number"), _("name"), _("kind"), _("complex of schools"), _("RSPO number of the complex")),
        *(_("town"), _("street and number"), _("postal code"), _("pupils"), _("closed on")),
        *(_("absent from the register since"), _("how the authority is known")),
        *(_("kind of the running body"), _("TERC code of the running authority"), _("running authority")),
    ]
    yes, no = _("yes"), _("no")
    place = place_columns("authority")
    table = (
        (*row[:3], yes if row[3] else no, *row[4:11], BASES[row[11]], *row[12:14], named_cells(row[14:]))
        for row in rows.values_list(*columns, *place).iterator(chunk_size=2000)
    )
    return table_file(kind, "szkoly", header, table, about=about(wanted))


def named_cells(cells):
    """Return the name of a unit of the cells of `place_columns()`."""
    return named(dict(zip(place_columns(), cells, strict=True)))
