"""What this app keeps about a person besides teams: applications, data for projects, files and the like."""

from django.utils.translation import gettext as _

from jst.models import (
    Application,
    ApplicationDecision,
    ApplicationPerson,
    DistinctPeople,
    LikelyDuplicate,
    MergedPerson,
    ParticipantData,
    RegisterUpload,
)
from jst.participant_fields import BY_NAME, PESEL
from jst.participants import answers_of
from portal.encryption import masked
from portal.extract import Section
from portal.models import AccessRecord

COVERED = {
    "jst.Application.applicant",
    "jst.Application.offered_by",
    "jst.ApplicationDecision.prepared_by",
    "jst.DistinctPeople.first",
    "jst.DistinctPeople.second",
    "jst.LikelyDuplicate.first",
    "jst.LikelyDuplicate.second",
    "jst.MergedPerson.dropped",
    "jst.MergedPerson.kept",
    "jst.ParticipantData.person",
    "jst.RegisterUpload.uploaded_by",
    "portal.AccessRecord.person",
}


def sections(person):
    return [
        applications(person),
        declared(person),
        decisions(person),
        participant_data(person),
        readings(person),
        uploads(person),
        accounts_alike(person),
    ]


def applications(person):
    found = Application.objects.filter(applicant=person).select_related("call", "jst").order_by("pk")
    rows = [
        (row.call.title, row.jst.full_name if row.jst else "", row.get_status_display(), row.sent_at)
        for row in found
    ]
    heads = [_("Call"), _("Unit"), _("Status"), _("Sent")]
    return Section(_("Applications that you filled in"), _("To know who applied for a unit."), heads, rows)


def declared(person):
    found = ApplicationPerson.objects.filter(email__iexact=person.email).select_related("application__call")
    rows = [
        (row.application.call.title, f"{row.first_name} {row.last_name}", row.function)
        for row in found.order_by("pk")
    ]
    heads = [_("Call"), _("Name of the person"), _("Function in the office")]
    return Section(
        _("Applications that name you"), _("To invite you where the unit is accepted."), heads, rows
    )


def decisions(person):
    offered = Application.objects.filter(offered_by=person).select_related("call")
    prepared = ApplicationDecision.objects.filter(prepared_by=person).select_related("application__call")
    rows = [(row.call.title, _("You offered a place.")) for row in offered.order_by("pk")]
    rows += [(row.application.call.title, _("You prepared a decision.")) for row in prepared.order_by("pk")]
    return Section(
        _("Work with applications"), _("To know who decided."), [_("Call"), _("What you did")], rows
    )


def participant_data(person):
    """The answers as the person gave them; a PESEL number only as its last digits."""
    rows = []
    for data in ParticipantData.objects.filter(person=person).select_related("project").order_by("pk"):
        for name, (answer, value) in answers_of(person, data.project).items():
            shown = masked(value) if name == PESEL else value
            rows.append((data.project.number, BY_NAME[name].label, shown or _(answer)))
    heads = [_("Project"), _("What was asked"), _("Your answer")]
    return Section(
        _("Data for projects"), _("To report who took part to whoever pays for the project."), heads, rows
    )


def readings(person):
    found = AccessRecord.objects.filter(person=person).select_related("event").order_by("event__sequence")
    rows = [
        (
            row.event.at,
            row.matter,
            ", ".join(str(BY_NAME[name].label) for name in row.fields if name in BY_NAME),
        )
        for row in found
    ]
    heads = [_("Time"), _("Project"), _("What was read")]
    return Section(_("Readings of your data"), _("So that nobody reads them unseen."), heads, rows)


def uploads(person):
    found = RegisterUpload.objects.filter(uploaded_by=person).order_by("pk")
    rows = [(row.uploaded_at, row.file_name) for row in found]
    return Section(_("Files of registers"), _("To know who brought them."), [_("Time"), _("File")], rows)


def accounts_alike(person):
    """That another account was compared with this one, or closed for it; whose it is stands nowhere here."""
    closed = MergedPerson.objects.filter(kept=person) | MergedPerson.objects.filter(dropped=person)
    apart = DistinctPeople.objects.filter(first=person) | DistinctPeople.objects.filter(second=person)
    alike = LikelyDuplicate.objects.filter(first=person) | LikelyDuplicate.objects.filter(second=person)
    rows = [(row.event.at, _("Two accounts of yours became one.")) for row in closed.select_related("event")]
    rows += [
        (row.event.at, _("Another account was found to be somebody else's."))
        for row in apart.select_related("event")
    ]
    rows += [("", _("Another account may be yours too; nobody has decided yet.")) for _row in alike]
    return Section(
        _("Accounts alike"), _("So that one person is counted once."), [_("Time"), _("What happened")], rows
    )
