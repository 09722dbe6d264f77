"""A person's own account: signing in by the real form, the second factor, a passkey, signing out."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from portal.models import User
from tests.factories import PASSWORD
from tests.journeys.acting import address, focus_is_told, open_page, press, write

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_IN = f'form[action="{address("account_login")}"] button'


def code_for(secret):
    """Return what the app on the telephone shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture(autouse=True)
def proven_addresses(cast):
    """As after an invitation: whoever has an account has used a link sent to its address."""
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in (cast.lead, cast.author)
    )


def sign_in(page, person):
    open_page(page, "account_login")
    write(page, login=person.email, password=PASSWORD)
    press(page, SIGN_IN)


def confirm_by_password(page):
    write(page, password=PASSWORD)
    press(page, "form button")


def sign_out(page):
    with page.expect_navigation():
        page.locator("[data-sign-out]").press("Enter")


def test_a_person_signs_in_and_switches_the_second_factor_on(cast, page_of, check):
    page = page_of(None)
    sign_in(page, cast.lead)
    assert page.url.endswith(address("desk"))
    for name in ("mfa_index", "account_email", "account_change_password", "usersessions_list"):
        open_page(page, name)
        check(page, name)

    open_page(page, "mfa_activate_totp")
    check(page, "asked-again")
    confirm_by_password(page)
    check(page, "second-factor")
    write(page, code="000000")
    press(page)
    focus_is_told(page)
    check(page, "second-factor-mistake")
    secret = page.locator(".secret").text_content()
    write(page, code=code_for(secret))
    press(page)
    check(page, "second-factor-on")

    sign_out(page)
    sign_in(page, cast.lead)
    check(page, "second-factor-asked")
    write(page, code=code_for(secret))
    press(page)
    assert page.url.endswith(address("desk"))


def test_a_passkey_opens_the_account_without_a_password(cast, page_of, check):
    page = page_of(None)
    sign_in(page, cast.author)
    with_a_fingerprint(page)
    open_page(page, "mfa_add_webauthn")
    confirm_by_password(page)
    check(page, "passkey")
    page.locator('main input[name="passwordless"]').check()
    press(page, "form button")
    check(page, "passkey-added")

    sign_out(page)
    open_page(page, "account_login")
    with page.expect_navigation():
        page.locator("#passkey_login").press("Enter")
    assert page.url.endswith(address("desk"))
    expect(page.locator("header.top")).to_contain_text(str(User.objects.get(pk=cast.author.pk)))


def with_a_fingerprint(page):
    """Give the browser a device that knows its owner at once."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
