"""What the tests of invitations share: an invitation, the link in its letter, a browser that opened it."""

import re

from django.core import mail
from django.test import Client

from jst import invitations
from jst.models import TeamMembership
from portal import outbox

NEW = "nowa.osoba@urzad.example.org"
FIELDS = {"email": NEW, "first_name": "Ewa", "last_name": "Nowa-Kowalska", "rights": ["is_author"]}
JOIN = {"first_name": "Ewa", "last_name": "Nowa", "password": "cztery konie na strychu"}


def invited(cast, **fields):
    """An invitation from the lead, as the form makes it."""
    rights = {"is_author": True}
    person = {"email": NEW, "first_name": "Ewa", "last_name": "Nowa"} | rights | fields
    return invitations.invite(cast.participation, by=cast.lead, **person)


def link_in_letter():
    """Send what is due and return the path of the link in the last letter."""
    outbox.send_due()
    return re.search(r"http://testserver(/zaproszenie/\S+)", mail.outbox[-1].body)[1]


def opened(link, client=None):
    """A browser that has followed the link to the page with the button."""
    client = client or Client()
    response = client.get(link)
    assert response.url == "/zaproszenie/"
    return client


def members_of(cast, email=NEW):
    return TeamMembership.objects.filter(participation=cast.participation, person__email=email)
