"""What stops the moves of this app's processes, and what belongs to them."""

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import Participation, RegisterImport, RegisterUpload, TeamMembership
from jst.models.team import in_seven_days
from jst.permissions import works_for_operator_of
from portal.models import Message, User

# A person who has not answered five letters will not answer the sixth.
LETTERS_PER_INVITATION = 5
OPEN_PARTICIPATIONS = Participation.OPEN
# A job is offered again twice, each time a quarter of an hour after its worker died (`portal.jobs`).
WORKERS_GONE = timedelta(hours=1)


def new_nonce():
    return secrets.token_urlsafe(32)


# --- Participation ------------------------------------------------------------------------------


def end_on(participation, event):
    """Close the participation on the day that came with the move, else on the day of the event."""
    given = event.data.get("on")
    participation.until = date.fromisoformat(given) if given else localdate(event.at)
    participation.save(update_fields=["until"])


# --- Invitation ---------------------------------------------------------------------------------


def team_is_closed(invitation):
    if invitation.participation.status not in OPEN_PARTICIPATIONS:
        yield _("This unit no longer takes part.")


def letters_used_up(invitation):
    if invitation.letters >= LETTERS_PER_INVITATION:
        yield (
            ngettext(
                "%d letter has gone to this address. Withdraw the invitation and check the address.",
                "%d letters have gone to this address. Withdraw the invitation and check the address.",
                invitation.letters,
            )
            % invitation.letters
        )


def not_acceptable(invitation):
    """Say why an invitation that nobody has used cannot be used any more."""
    yield from team_is_closed(invitation)
    if invitation.is_expired:
        yield _("This invitation has expired.")
    if User.objects.filter(email=invitation.email, is_staff=True).exists():
        yield _("People who work at ORE decide about plans: they cannot be in a team or an expert.")
    if works_for_operator_of(invitation.email, invitation.participation.edition):
        yield _("This person works for the operator of the edition and cannot be in a team in it.")
    if invitation.until and invitation.until <= localdate():
        yield _("The time for which the person was invited is over.")
    members = TeamMembership.objects.lasting().filter(participation=invitation.participation)
    if members.filter(person__email=invitation.email).exists():
        yield _("This person is already in the team.")


def renew(invitation, event):
    """A new letter with a new link; the link of the letter before is worth nothing from now on."""
    cancel_letters(invitation, event)
    invitation.nonce, invitation.expires_at = new_nonce(), in_seven_days()
    invitation.letters += 1
    invitation.save(update_fields=["nonce", "expires_at", "letters"])


def cancel_letters(invitation, event):
    """Letters not sent yet stay unsent: their link would lead nowhere."""
    waiting = Message.objects.filter(
        event__jstevent__invitation=invitation,
        event__kind__in=["jst.invitation.invite", "jst.invitation.resend"],
        status=Message.Status.READY,
        claimed_at=None,
    )
    waiting.update(status=Message.Status.CANCELLED)


def join(invitation, event):
    """The person becomes a member with the rights that the invitation promised."""
    TeamMembership.objects.create(
        participation=invitation.participation,
        person=event.actor,
        since=max(localdate(event.at), invitation.since or localdate(event.at)),
        until=invitation.until,
        function=invitation.function,
        role_kind=invitation.role_kind,
        is_lead=invitation.is_lead,
        is_author=invitation.is_author,
        is_signatory=invitation.is_signatory,
    )


# --- A file of a register -----------------------------------------------------------------------


def not_applicable(upload):
    """Say why a checked file cannot be applied now: another is at work, or the check is out of date."""
    busy = RegisterUpload.objects.filter(status=RegisterUpload.Status.APPLYING).exclude(pk=upload.pk).first()
    if busy:
        yield _("Another import is running: %s. Wait until it ends.") % busy
    if RegisterImport.objects.filter(applied_at__gt=upload.checked_at).exists():
        yield _("The registers have changed since this file was checked. Check it again.")


def still_applying(upload):
    """A file at work is not dropped under the worker's hands, only once no worker can be alive any more."""
    asked = upload.events.filter(event__kind="jst.upload.apply", event__at__gt=timezone.now() - WORKERS_GONE)
    if upload.status == RegisterUpload.Status.APPLYING and asked.exists():
        yield _("The file is being applied. Wait until it is done.")


def check_soon(upload, event):
    from jst.tasks import check_upload

    check_upload.enqueue(upload.pk)


def apply_soon(upload, event):
    """Queue the work; whether rows are set aside was chosen with the move and is kept with its event."""
    from jst.tasks import apply_upload

    upload.set_aside = bool(event.data.get("set_aside"))
    upload.save(update_fields=["set_aside"])
    apply_upload.enqueue(upload.pk)


def forget_lines(upload, event):
    """What the check found stands in the import now, where there was anything to write."""
    if upload.register_import_id:
        upload.lines.all().delete()


def forget_file(upload, event):
    """A file that nobody wants is not kept; its digest stays. The disk follows the database."""
    from jst.imports.progress import forget_progress

    upload.lines.all().delete()
    stored = upload.file

    def forget():
        forget_progress(stored.path)
        stored.storage.delete(stored.name)

    transaction.on_commit(forget)


# --- Request to join ----------------------------------------------------------------------------


def cannot_ask(request):
    """Say why a request whose sender has proved the address cannot be put to the team."""
    yield from team_is_closed(request)
    members = TeamMembership.objects.lasting().filter(participation=request.participation)
    if members.filter(person__email=request.email).exists():
        yield _("You are in this team already. Sign in: the team is on your desk.")
    others = type(request).objects.waiting().filter(participation=request.participation, email=request.email)
    if others.exists():
        yield _("Your request to this team waits for an answer already.")
