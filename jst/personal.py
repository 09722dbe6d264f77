"""What this app keeps about a person: teams, ways into them, work as an expert or for an operator."""

from django.utils.translation import gettext as _

from jst import personal_records
from jst.models import (
    ConflictDeclaration,
    Expert,
    ExpertAssignment,
    Invitation,
    JoinRequest,
    Nomination,
    OperatorStaff,
    RegisterImport,
    TeamMembership,
)
from portal.extract import Section

COVERED = personal_records.COVERED | {
    "jst.Expert.person",
    "jst.Invitation.invited_by",
    "jst.OperatorStaff.person",
    "jst.RegisterImport.applied_by",
    "jst.TeamMembership.person",
}


def sections(person):
    return [
        memberships(person),
        invitations(person),
        requests(person),
        nominations(person),
        expert(person),
        assignments(person),
        conflicts(person),
        operators(person),
        imports(person),
        *personal_records.sections(person),
    ]


def unit(participation):
    return f"{participation.jst.full_name}, {participation.edition.name}"


def memberships(person):
    found = TeamMembership.objects.filter(person=person)
    rows = [
        (
            unit(row.participation),
            ", ".join(row.rights),
            row.function,
            row.get_role_kind_display(),
            row.since,
            row.until,
            row.reason,
        )
        for row in found.select_related("participation__jst", "participation__edition").order_by(
            "since", "pk"
        )
    ]
    heads = [_("Team"), _("Rights"), _("Function in the office"), _("Kind of role")]
    heads += [_("From"), _("To"), _("Reason")]
    return Section(_("Teams"), _("To know who may do what in a team and since when."), heads, rows)


def invitations(person):
    mine = Invitation.objects.filter(email=person.email) | Invitation.objects.filter(invited_by=person)
    rows = [
        (
            unit(row.participation),
            row.email == person.email,
            f"{row.first_name} {row.last_name}" if row.email == person.email else "",
            row.function if row.email == person.email else "",
            ", ".join(row.rights),
            row.get_status_display(),
            row.expires_at,
        )
        for row in mine.select_related("participation__jst", "participation__edition").order_by("pk")
    ]
    heads = [_("Team"), _("To you"), _("Name of the person"), _("Function in the office")]
    heads += [_("Rights"), _("Status"), _("The link works until")]
    return Section(
        _("Invitations"), _("To let a person into a team; whom you invited is left out."), heads, rows
    )


def requests(person):
    rows = [
        (
            unit(row.participation),
            row.person,
            row.function,
            row.words,
            row.created_at,
            row.get_status_display(),
        )
        for row in JoinRequest.objects.filter(email=person.email)
        .select_related("participation__jst", "participation__edition")
        .order_by("pk")
    ]
    heads = [
        _("Team"),
        _("Name of the person"),
        _("Function in the office"),
        _("Your words"),
        _("Created"),
        _("Status"),
    ]
    return Section(_("Requests to join"), _("So that the lead of a team can answer."), heads, rows)


def nominations(person):
    found = Nomination.objects.filter(membership__person=person) | Nomination.objects.filter(
        invitation__email=person.email
    )
    rows = [
        (unit(row.participation), row.created_at, row.get_status_display())
        for row in found.select_related("participation__jst", "participation__edition").order_by("pk")
    ]
    heads = [_("Team"), _("Created"), _("Status")]
    return Section(_("Named by the office"), _("To know who named the lead of a team."), heads, rows)


def expert(person):
    rows = [
        (str(row.region or ""), row.since, row.until, row.reason)
        for row in Expert.objects.filter(person=person)
    ]
    heads = [_("Voivodeship"), _("From"), _("To"), _("Reason")]
    return Section(_("Expert of the programme"), _("To assign units and reviews."), heads, rows)


def assignments(person):
    found = ExpertAssignment.objects.filter(expert__person=person)
    rows = [
        (unit(row.participation), row.get_role_display(), row.since, row.until, row.reason)
        for row in found.select_related("participation__jst", "participation__edition").order_by(
            "since", "pk"
        )
    ]
    heads = [_("Unit"), _("Role"), _("From"), _("To"), _("Reason")]
    return Section(_("Work with units"), _("To know who cares for a unit and since when."), heads, rows)


def conflicts(person):
    found = ConflictDeclaration.objects.filter(expert__person=person).select_related("jst")
    rows = [(row.jst.full_name, row.reason, row.declared_at) for row in found]
    heads = [_("Unit"), _("Reason"), _("Declared")]
    return Section(_("Declarations of conflict"), _("So that nobody judges their own office."), heads, rows)


def operators(person):
    found = OperatorStaff.objects.filter(person=person).select_related("operator")
    rows = [(row.operator.name, row.since, row.until, row.reason) for row in found]
    heads = [_("Operator"), _("From"), _("To"), _("Reason")]
    return Section(_("Work for operators"), _("To know who runs an edition."), heads, rows)


def imports(person):
    rows = RegisterImport.objects.filter(applied_by=person).values_list("applied_at", "source", "file_name")
    heads = [_("Time"), _("Register"), _("File")]
    return Section(_("Official files brought in"), _("To know who changed a register."), heads, list(rows))
