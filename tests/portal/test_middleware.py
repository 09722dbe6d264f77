"""What every request passes."""

from urllib.parse import urlencode

import pytest
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from plans.models import SectionRevision, Text
from tests.factories import UserFactory
from tests.situations import complete_draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/plany/?q=a%00b", "/zdrowie/zyje%00"])
def test_a_nul_character_is_refused_alike_on_both_databases(client, address):
    assert client.get(address).status_code == 400


def test_a_nul_character_in_a_cookie_is_refused(client):
    assert client.get("/moje/", headers={"Cookie": 'sessionid="abcdefgh\\000"'}).status_code == 400


@pytest.mark.parametrize("content_type", [MULTIPART_CONTENT, "application/x-www-form-urlencoded"])
def test_a_nul_character_in_a_form_is_refused_and_nothing_is_stored(cast, browse, content_type):
    version = complete_draft(cast)
    data = {"body": "Wizja\x00gminy", "revision": "0", "request_key": "a"}
    posted = urlencode(data) if "urlencoded" in content_type else data

    answer = browse(cast.author).post(
        f"/plany/{version.plan_id}/sekcje/wizja/", posted, content_type=content_type
    )

    assert answer.status_code == 400
    assert SectionRevision.objects.count() == 0
    assert Text.objects.get(version=version, key="wizja").body == "Tekst o naszej gminie."


def test_a_name_of_a_field_with_a_nul_character_is_refused(client):
    assert client.post("/konto/login/", {"lo\x00gin": "a"}).status_code == 400


def test_what_a_parser_cannot_take_is_the_senders_mistake(client):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": "[" * 100_000})

    assert answer.status_code == 400


def test_a_page_of_a_signed_in_person_is_kept_out_of_every_cache(client):
    client.force_login(UserFactory(), "allauth.account.auth_backends.AuthenticationBackend")

    response = client.get(reverse("alive"))

    assert response["Cache-Control"] == "no-store, private"
    assert "Cookie" in response["Vary"]


def test_a_page_leads_a_stranger_to_the_sign_in(client):
    response = client.get(reverse("desk"))

    assert (response.status_code, response["Location"]) == (302, "/konto/login/?next=/moje/")


def test_a_fragment_tells_a_stranger_where_to_sign_in(client):
    response = client.get(reverse("desk"), headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Redirect"]) == (401, "/konto/login/")


def test_every_answer_carries_the_strict_policy(client):
    policy = client.get(reverse("alive"))["Content-Security-Policy"]

    directives = dict(directive.strip().split(" ", 1) for directive in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in policy


def test_another_host_is_refused(client):
    assert client.get("/zdrowie/zyje", headers={"Host": "elsewhere.example"}).status_code == 400
