"""Asking to join a team: a letter to the address, its button, an answer by whoever's turn it is.

Nothing reaches the team before the address has answered, and nothing on these pages depends on who is in
the team or who has an account. A lead answers first; who was silent too long is not waited for.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from jst import invitations, letter_links
from jst.models import JoinRequest
from jst.models.dated import today
from jst.models.joining import DAYS_UNTIL_LAPSE
from jst.moves import OPEN_PARTICIPATIONS, new_nonce
from jst.permissions import may_answer
from jst.teams import RIGHTS
from jst.workflow import JOINING, about_request
from portal.models import ChainHead, Message, User
from portal.models.user import normal_email
from portal.workflow import NotAllowed, note

PURPOSE = "jst.joining"
S, T = JoinRequest.Status, JoinRequest.Turn


def begin(participation, *, email, **fields):
    """Keep what somebody typed and send a letter with a link to the address; return the request.

    The same is done for every address: whether it may ask at all is said behind the link.
    """
    with transaction.atomic():
        request = JoinRequest.objects.create(
            participation=participation, email=normal_email(email), nonce=new_nonce(), **fields
        )
        words = {
            "request": request,
            "link": letter_links.address("jst:join_open", PURPOSE, request),
            "origin": settings.PORTAL_ORIGIN,
        }
        subject, _line, body = render_to_string("jst/join_letter.txt", words).partition("\n")
        Message.objects.create(address=request.email, subject=subject[:300], body=body.strip() + "\n")
    return request


def find(pk, secret):
    """Return the request that the link of the letter leads to, or None."""
    rows = JoinRequest.objects.select_related("participation__jst", "participation__edition")
    request = rows.filter(pk=pk).first()
    if request is None or not letter_links.matches(PURPOSE, request, secret):
        return None
    stale = request.status == S.UNPROVEN and request.expires_at <= timezone.now()
    return None if stale or request.participation.status not in OPEN_PARTICIPATIONS else request


def ask(request):
    """Put a request to the team: its sender has used the link, or is signed in with the address."""
    with transaction.atomic():
        ChainHead.hold()
        day = today()
        mine = JoinRequest.objects.filter(pk=request.pk, status=S.UNPROVEN)
        mine.update(asked_on=day)
        request.refresh_from_db()
        mine.update(turn=turn(request, day))
        JOINING.perform(request, "ask", by=sender(request))
    return request


def sender(request):
    """Return the account of the person who asks; the portal's own where there is none."""
    return User.objects.filter(email=request.email, is_active=True).first() or User.objects.system()


def turn(request, day):
    """Return whose turn it is on `day`: the lead's, the caretaker's, or that of whoever runs the edition."""
    row = JoinRequest.objects.filter(pk=request.pk)
    if row.turn_of_runners(day).exists():
        return T.RUNNER
    return T.CARETAKER if row.turn_of_caretakers(day).exists() else T.LEAD


def approve(request, *, by, rights, comment=""):
    """Invite the person with the rights that whoever answers has chosen; return the invitation."""
    with transaction.atomic():
        ChainHead.hold()
        if not may_answer(by, request):
            raise NotAllowed(_("You may not do this."))
        given = {right: right in rights for right in RIGHTS}
        JOINING.perform(request, "approve", by=by, comment=comment, data={"rights": sorted(rights)})
        names = {name: getattr(request, name) for name in ("first_name", "last_name", "function")}
        return invitations.write_invitation(
            request.participation, email=request.email, by=by, **names, **given
        )


def decline(request, *, by, comment):
    return JOINING.perform(request, "decline", by=by, comment=comment)


def withdraw(request):
    return JOINING.perform(request, "withdraw", by=sender(request))


def remind(day):
    """Write to the next person about every request that the last one has not answered; close the oldest.

    Return how many letters' reasons there were. A second run on the same day finds nothing.
    """
    system, done = User.objects.system(), 0
    for request in JoinRequest.objects.waiting().order_by("pk"):
        with transaction.atomic():
            ChainHead.hold()
            request.refresh_from_db()
            if request.status == S.ASKED:
                done += move_on(request, day, system)
    return done


def move_on(request, day, system):
    """Close the request or pass it on, where the day for it has come; return whether anything was done."""
    if request.asked_on <= day - timedelta(days=DAYS_UNTIL_LAPSE):
        JOINING.perform(request, "lapse", by=system)
        return True
    order = list(T)
    whose = turn(request, day)
    if order.index(whose) <= order.index(request.turn):
        return False
    request.turn = whose
    request.save(update_fields=["turn"])
    note("jst.joining.escalate", by=system, about=about_request(request), data={"turn": str(whose)})
    return True


def refused(request):
    """Return the sentences that stop a request from being put to the team."""
    return list(JOINING.transitions["ask"].obstacles(request))
