"""How somebody without an account begins an application: an address, a letter, a page with a button.

The answer to an address is the same whether or not it has an account. Opening the link changes nothing; its
button opens an account for an address that has none, and an owner of an account signs in instead. Only the
digest of the link's secret is kept.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.applications import begin
from jst.models import ApplicantLink
from jst.recruitment_times import not_open
from portal.accounts import open_account
from portal.models import ChainHead, Message, User
from portal.models.user import normal_email
from portal.workflow import NotAllowed, TransitionError

LETTERS_PER_DAY = 5


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def send_link(call, email):
    """Send a letter with a link to the address, unless it got many today: the page answers alike."""
    email = normal_email(email)
    with transaction.atomic():
        ChainHead.hold()
        if sentences := list(not_open(call)):
            raise TransitionError(*sentences)
        recent = ApplicantLink.objects.filter(email=email, created_at__gt=timezone.now() - timedelta(days=1))
        if recent.count() >= LETTERS_PER_DAY:
            return
        secret = secrets.token_urlsafe(32)
        link = ApplicantLink.objects.create(call=call, email=email, digest=digest(secret))
        path = reverse("jst:apply_open", args=[secret])
        words = {"call": call, "link": settings.PORTAL_ORIGIN + path, "until": link.expires_at}
        text = render_to_string("jst/letters/applicant_link.txt", words)
        subject, _separator, body = text.partition("\n")
        # Ready-made, as letters about signing in: it loses its words, and so the link, once it is sent.
        Message.objects.create(address=email, subject=" ".join(subject.split()), body=body.strip() + "\n")


def find(secret):
    """Return the link that still opens something, or None."""
    rows = ApplicantLink.objects.select_related("call__edition")
    return rows.filter(digest=digest(secret), used_at=None, expires_at__gt=timezone.now()).first()


def enter(link, *, by=None, password="", first_name="", last_name=""):
    """Use the link: begin, or go on with, the application of its address; return (person, application).

    `by` is the signed-in person, whose address must be the link's. Without `by` an account is opened, unless
    the address has one: then its owner signs in first. Of parallel requests one uses the link.
    """
    # Before the transaction: hashing is slow on purpose, and everybody waits for the head of the chain.
    hashed = make_password(password) if by is None else ""
    with transaction.atomic():
        ChainHead.hold()
        fresh = ApplicantLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=timezone.now())
        if not fresh.update(used_at=timezone.now()):
            raise NotAllowed(_("This link cannot be used any more."))
        if by is None:
            if User.objects.filter(email=link.email).exists():
                raise NotAllowed(_("This address has an account. Sign in first."))
            by = open_account(link.email, first_name, last_name, password=hashed, proven=True)
        elif by.email != link.email:
            raise NotAllowed(_("This link was sent to another address."))
        return by, begin(link.call, by=by)
