"""What this app keeps about a person: the account, the ways to sign in, letters, history, clauses."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.translation import gettext as _

from portal import conventions
from portal.extract import Section
from portal.models import ClauseReading, Event, Message, PersonEvent

COVERED = {
    "account.EmailAddress.user",
    "admin.LogEntry.user",
    "mfa.Authenticator.user",
    "portal.ClauseReading.person",
    "portal.Event.actor",
    "portal.Message.recipient",
    "portal.PersonEvent.person",
    "usersessions.UserSession.user",
}


class Masked(dict):
    """Words of a sentence: whoever else it names is left out."""

    def __missing__(self, key):
        return "…"


def sections(person):
    return [
        account(person),
        addresses(person),
        second_factors(person),
        sessions(person),
        readings(person),
        letters(person),
        history(person),
        extracts(person),
        administration(person),
    ]


def account(person):
    groups = ", ".join(person.groups.values_list("name", flat=True))
    rows = [
        (_("First name"), person.first_name),
        (_("Last name"), person.last_name),
        (_("E-mail"), person.email),
        (_("Joined"), person.date_joined),
        (_("Last sign-in"), person.last_login),
        (_("Works at ORE"), person.is_staff),
        (_("Groups of ORE"), groups),
        (_("Active"), person.is_active),
        (_("Password"), _("kept as a digest; nobody can read it")),
    ]
    return Section(_("Account"), _("To sign in and to be told who writes, signs and judges."), heads(), rows)


def heads():
    return [_("What"), _("Value")]


def addresses(person):
    rows = EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")
    heads = [_("Address"), _("Confirmed"), _("In use")]
    return Section(
        _("E-mail addresses"), _("A new address waits here until its letter is used."), heads, list(rows)
    )


def second_factors(person):
    found = Authenticator.objects.filter(user=person)
    rows = [(row.get_type_display(), row.created_at, row.last_used_at) for row in found]
    heads = [_("Kind"), _("Added"), _("Last used")]
    return Section(
        _("Second factor"), _("So that a stolen password opens nothing. Secrets are not shown."), heads, rows
    )


def sessions(person):
    rows = UserSession.objects.filter(user=person).values_list(
        "created_at", "last_seen_at", "ip", "user_agent"
    )
    heads = [_("Since"), _("Last seen"), _("Network address"), _("Browser")]
    return Section(_("Where you are signed in"), _("To recognise a stranger's sign-in."), heads, list(rows))


def readings(person):
    found = ClauseReading.objects.filter(person=person).select_related("clause")
    rows = [(row.clause.purpose, row.clause.version, row.at) for row in found]
    heads = [_("Purpose"), _("Version"), _("Read")]
    return Section(_("Information clauses"), _("To be able to show what was told and when."), heads, rows)


def letters(person):
    sentences = conventions.merged("workflow", "SENTENCES")
    # A held letter is nobody's yet: what it would tell has not happened.
    found = Message.objects.filter(Q(recipient=person) | Q(address=person.email))
    found = found.exclude(status=Message.Status.HELD).select_related("event")
    rows = [
        (row.created_at, row.address, occasion(row, sentences), row.get_status_display(), row.sent_at)
        for row in found
    ]
    heads = [_("Created"), _("Address"), _("What it told of"), _("Status"), _("Sent")]
    return Section(
        _("Letters to you"), _("To check whether a letter left. Their texts are not kept."), heads, rows
    )


def occasion(message, sentences):
    """Return what happened that the letter told of; its template where that is no event of ours."""
    if message.event and message.event.kind in sentences:
        return str(sentences[message.event.kind][0]).format_map(Masked())
    return message.template.rpartition("/")[2].removesuffix(".txt") or "–"


def history(person):
    sentences = conventions.merged("workflow", "SENTENCES")
    found = Event.objects.filter(actor=person).select_related("words").order_by("sequence")
    rows = [
        (event.at, str(sentences[event.kind][0]).format_map(Masked(actor=person)), event.comment)
        for event in found
        if event.kind in sentences
    ]
    heads = [_("Time"), _("What you did"), _("Your words")]
    return Section(_("History"), _("To be able to show how a decision came about."), heads, rows)


def extracts(person):
    rows = PersonEvent.objects.filter(person=person).values_list("event__at", "event__kind")
    told = [
        (at, _("An extract of the data was made.")) for at, kind in rows if kind == "portal.person.extract"
    ]
    return Section(
        _("Extracts"), _("To know when data left the portal."), [_("Time"), _("What happened")], told
    )


def administration(person):
    found = LogEntry.objects.filter(user=person).select_related("content_type").order_by("action_time")
    rows = [(row.action_time, row.content_type.name if row.content_type else "") for row in found]
    heads = [_("Time"), _("Kind of record")]
    return Section(_("Work in the administration"), _("To know who changed what."), heads, rows)
