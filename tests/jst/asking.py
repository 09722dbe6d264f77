"""What the tests of asking to join share: a request, its letter, a browser that followed the link."""

import re

from django.core import mail
from django.test import Client

from jst.models import JoinRequest
from portal import outbox

ADDRESS = "prosi@urzad.example.org"
FIELDS = {"email": ADDRESS, "first_name": "Jan", "last_name": "Prosty", "words": "Pracuję w oświacie."}


def written(cast, client=None, **fields):
    """Write a request as anybody may; return the answer."""
    return (client or Client()).post(f"/dolacz/{cast.participation.pk}/", FIELDS | fields)


def link_in_letter(to=None):
    """Send what is due and return the path of the link in the last letter, or the last one to an address."""
    outbox.send_due()
    letters = [letter for letter in mail.outbox if to in (None, letter.to[0])]
    return re.search(r"http://testserver(/\S+/\d+/[\w-]{43}/)", letters[-1].body)[1]


def opened(link, client=None):
    client = client or Client()
    assert client.get(link).status_code == 302
    return client


def asked(cast, **fields):
    """Write a request, use its link and its button; return it."""
    written(cast, **fields)
    opened(link_in_letter()).post("/dolacz/potwierdz/")
    return JoinRequest.objects.latest("pk")
