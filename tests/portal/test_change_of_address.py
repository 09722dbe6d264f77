"""Two changes of address at once: an account never holds an address whose own link was not used (T16)."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal import outbox
from portal.accounts import open_account
from tests.factories import PASSWORD
from tests.jst.test_joining import at_once
from tests.portal.test_sign_in import link_in, sign_in

pytestmark = pytest.mark.django_db


def changing(browsers, person):
    """Ask for two new addresses at once; return address → the link in its letter."""
    addresses = [f"nowy{number}.{person.pk}@example.org" for number in range(len(browsers))]
    asked = list(zip(browsers, addresses, strict=True))
    at_once(asked, lambda pair: pair[0].post("/konto/email/", {"email": pair[1], "action_add": ""}))
    outbox.send_due()
    letters = {sent.to[0]: sent.body for sent in mail.outbox if sent.to[0] in addresses}
    return {address: link_in(body) for address, body in letters.items() if "confirm-email" in body}


@pytest.mark.django_db(transaction=True)
@pytest.mark.races
def test_two_changes_of_address_at_once_confirm_only_the_address_whose_link_was_used(figures):
    for number in range(figures(small=3, full=200)):
        cache.clear()
        mail.outbox.clear()
        person = open_account(f"stary{number}@example.org", "Anna", "Nowak", proven=True)
        person.set_password(PASSWORD)
        person.save()
        browsers = [Client(REMOTE_ADDR=f"203.0.113.{place}") for place in (1, 2)]
        for browser in browsers:
            sign_in(browser, person)
        used = {person.email}
        links = changing(browsers, person)
        assert links
        for address, link in links.items():
            Client().post(link)
            used.add(address)
            person.refresh_from_db()
            assert person.email in used
            confirmed = EmailAddress.objects.filter(user=person, verified=True)
            assert set(confirmed.values_list("email", flat=True)) <= used


@pytest.mark.races
def test_the_control_that_confirms_whatever_waits_holds_an_address_nobody_proved():
    waiting = {"address": ""}
    for address in ["pierwszy@example.org", "drugi@example.org"]:
        waiting["address"] = address
    used, confirmed = "pierwszy@example.org", waiting["address"]

    assert confirmed != used
