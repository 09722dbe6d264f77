"""Staff, experts and leads see only the page where a second factor is switched on, until they have one."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings as the_settings
from django.test import Client

from jst.navigation import standing
from jst.participants import set_up
from portal.models import User
from tests.conftest import person_of
from tests.factories import PASSWORD
from tests.jst.participant_answers import setup_of
from tests.portal.test_sign_in import code, with_totp

pytestmark = pytest.mark.django_db

ENROLMENT = "/konto/2fa/"
MUST = ["lead", "reviewer", "caretaker", "coordinator", "administrator", "auditor", "operator", "other_team"]
MAY = ["reader", "author", "signatory", "former_member"]


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_only_the_demo_does_without():
    assert the_settings.DEMO is False
    source = (the_settings.BASE_DIR / "portal" / "settings.py").read_text()
    assert "SECOND_FACTOR_REQUIRED = not DEMO\n" in source


@pytest.mark.parametrize("role", MUST)
def test_whoever_must_have_one_is_led_to_the_enrolment_page(cast, browse, role):
    client = browse(person_of(cast, role))

    for where in ["/moje/", f"/zespoly/{cast.participation.pk}/", "/plany/", "/admin/", "/konto/moje-dane/"]:
        assert (where, client.get(where).url) == (where, ENROLMENT)
        assert (where, client.post(where).url) == (where, ENROLMENT)
    fragment = client.get("/moje/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (401, ENROLMENT)
    page = client.get(ENROLMENT)
    assert page.status_code == 200
    assert page.wsgi_request.second_factor_first is True


@pytest.mark.parametrize("role", MAY)
def test_everybody_else_may_have_one(cast, browse, role):
    assert browse(person_of(cast, role)).get("/moje/").status_code == 200


def test_a_member_of_whom_a_project_asks_data_may_do_without(cast, browse):
    set_up(setup_of(cast.participation.edition.project), by=cast.coordinator)

    assert standing(User.objects.get(pk=cast.author.pk))["gives_data"] is True
    assert browse(cast.author).get("/moje/").status_code == 200


@pytest.mark.parametrize(
    "where", ["/", "/kontakt/", "/prywatnosc/", "/konto/password/change/", "/konto/logout/"]
)
def test_public_pages_and_those_of_the_account_stay_open(cast, browse, where):
    assert browse(cast.coordinator).get(where).status_code == 200


@pytest.mark.parametrize("role", ["lead", "coordinator", "reviewer"])
def test_with_a_second_factor_everything_opens(cast, browse, role):
    with_totp(person_of(cast, role))

    assert browse(person_of(cast, role)).get("/moje/").status_code == 200


def test_spare_codes_alone_are_no_second_factor(cast, browse):
    RecoveryCodes.activate(cast.lead)

    assert browse(cast.lead).get("/moje/").url == ENROLMENT


def test_a_person_switches_it_on_from_that_page_and_goes_on(cast):
    client = Client()
    client.post("/konto/login/", {"login": cast.lead.email, "password": PASSWORD})
    asked = client.get("/konto/2fa/totp/activate/")
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    cast.lead.totp_secret = page.context["form"].secret
    client.post("/konto/2fa/totp/activate/", {"code": code(cast.lead)})

    assert Authenticator.objects.filter(user=cast.lead, type="totp").exists()
    assert client.get("/moje/").status_code == 200


def test_switching_it_off_shuts_the_portal_again(cast, browse):
    with_totp(cast.lead)
    client = browse(cast.lead)
    assert client.get("/moje/").status_code == 200
    Authenticator.objects.filter(user=cast.lead).delete()

    assert client.get("/moje/").url == ENROLMENT


def test_whoever_stops_leading_needs_none_any_more(cast, browse):
    client = browse(cast.lead)
    cast.participation.memberships.filter(person=cast.lead).update(is_lead=False)

    assert client.get("/moje/").status_code == 200
