"""What every request passes."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/plany/?q=a%00b", "/zdrowie/zyje%00"])
def test_a_nul_character_is_refused_alike_on_both_databases(client, address):
    assert client.get(address).status_code == 400


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
