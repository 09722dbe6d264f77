"""No secret of a letter's link is left in a log, nor in the outbox once the letter has left (T15)."""

import logging
import re

import pytest
from django.conf import settings
from django.core import mail

from jst import invitations
from jst.models import Invitation
from portal import outbox
from portal.models import Message
from tests.jst.invited import invited, link_in_letter, opened

pytestmark = pytest.mark.django_db


def test_a_secret_has_at_least_128_bits(cast):
    secret = invitations.token(invited(cast))

    assert re.fullmatch(r"[\w-]{43}", secret)
    assert 43 * 6 - 2 >= 128


def test_the_link_works_seven_days(cast):
    invitation = invited(cast)

    assert (invitation.expires_at - invitation.participation.events.get().event.at).days in (6, 7)


def test_errors_on_the_way_of_a_link_name_no_secret(cast, caplog):
    caplog.set_level(logging.DEBUG)
    invited(cast)
    link = link_in_letter()
    secret = link.split("/")[-2]
    client = opened(link)
    client.post("/zaproszenie/", {"first_name": "\x00"})
    Invitation.objects.update(status="revoked")
    client.get("/zaproszenie/")
    client.get("/nie/ma/takiej/strony/")

    assert caplog.text != ""
    assert secret not in caplog.text


def test_the_server_of_the_portal_writes_no_access_log():
    for path in ["start.py", "portal/management/commands/demo.py"]:
        assert "--access-log" not in (settings.BASE_DIR / path).read_text()


def test_the_outbox_holds_no_secret_before_or_after_sending(cast):
    secret = invitations.token(invited(cast))
    before = [str(row) for row in Message.objects.values()]
    outbox.send_due()
    after = [str(row) for row in Message.objects.values()]

    assert secret in mail.outbox[-1].body
    assert [row for row in [*before, *after] if secret in row] == []
