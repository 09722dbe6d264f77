"""The admin panel: who gets in, who makes whom what, and what nobody can do there."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core import mail

from portal import outbox
from portal.groups import ADMINISTRATOR, COORDINATOR
from portal.models import Event, Message, User
from portal.models.event import record
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/portal/user/"
NEW = {"email": "Nowy.Ekspert@Uczelnia.example.org", "first_name": "Jan", "last_name": "Ekspert"}


def change(person):
    return f"{PEOPLE}{person.pk}/change/"


def group(name):
    return Group.objects.get(name=name)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("anonymous", 302),
        ("lead", 403),
        ("reviewer", 403),
        ("caretaker", 403),
        ("coordinator", 200),
        ("administrator", 200),
        ("auditor", 200),
    ],
)
def test_only_ores_staff_get_into_the_panel(cast, browse, role, status):
    client = browse(getattr(cast, role, None))
    response = client.get("/admin/", follow=status == 403)

    assert response.status_code == status


def test_the_panel_has_no_sign_in_of_its_own(cast, browse):
    response = browse(None).post(
        "/admin/login/?next=/admin/", {"username": cast.coordinator.email, "password": PASSWORD}
    )

    assert response.url == "/konto/login/?next=%2Fadmin%2F"
    assert browse(cast.coordinator).get("/admin/password_change/").url == "/konto/password/change/"


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_staff_create_a_person_without_a_password(cast, browse, role):
    extra = {"is_superuser": "on", "is_staff": "on", "password": "x" * 20, "is_active": ""}
    response = browse(getattr(cast, role)).post(f"{PEOPLE}add/", NEW | extra)

    person = User.objects.get(email="nowy.ekspert@uczelnia.example.org")
    assert response.status_code == 302
    assert (person.is_active, person.is_staff, person.is_superuser) == (True, False, False)
    assert not person.has_usable_password()
    assert person.emailaddress_set.get().email == person.email


def test_one_address_has_one_account(cast, browse):
    response = browse(cast.coordinator).post(f"{PEOPLE}add/", NEW | {"email": cast.lead.email.upper()})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"email"}


def test_a_person_made_by_staff_sets_the_password_by_letter(cast, browse):
    browse(cast.coordinator).post(f"{PEOPLE}add/", NEW)
    person = User.objects.latest("pk")

    response = browse(cast.coordinator).post(f"{PEOPLE}{person.pk}/password-letter/")

    assert response.url == change(person)
    outbox.send_due()
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert "http://testserver/konto/password/reset/key/" in mail.outbox[0].body


def test_the_letter_is_no_link_and_no_auditors_matter(cast, browse):
    address = f"{PEOPLE}{cast.lead.pk}/password-letter/"

    assert browse(cast.coordinator).get(address).status_code == 405
    assert browse(cast.auditor).post(address).status_code == 403
    assert browse(cast.lead).post(address).status_code != 200
    assert Message.objects.count() == 0


def test_a_coordinator_gives_nobody_a_group(cast, browse):
    groups = {"groups": [group(ADMINISTRATOR).pk]}
    client = browse(cast.coordinator)
    client.post(f"{PEOPLE}add/", NEW | groups)
    answers = [
        client.post(change(person), {"first_name": "A", "last_name": "B", "is_active": "on"} | groups)
        for person in (cast.coordinator, cast.lead)
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert list(group(ADMINISTRATOR).user_set.all()) == [cast.administrator]
    assert list(User.objects.filter(is_superuser=True)) == []


def test_an_administrator_says_who_works_at_ore(cast, browse):
    person = UserFactory()
    client = browse(cast.administrator)
    fields = {"first_name": "Ewa", "last_name": "Nowa", "is_active": "on"}

    client.post(change(person), fields | {"groups": [group(COORDINATOR).pk]})
    person.refresh_from_db()
    assert (person.is_staff, list(person.groups.all())) == (True, [group(COORDINATOR)])

    client.post(change(person), fields)
    person.refresh_from_db()
    assert (person.is_staff, list(person.groups.all())) == (False, [])


def test_an_administrator_types_no_password_no_address_and_makes_no_superuser(cast, browse):
    before = cast.lead
    extra = {
        "password": "x" * 20,
        "email": "inny@example.org",
        "is_superuser": "on",
        "date_joined": "2020-01-01",
    }
    browse(cast.administrator).post(
        change(cast.lead), {"first_name": "Ewa", "last_name": "Nowa", "is_active": "on"} | extra
    )

    after = User.objects.get(pk=cast.lead.pk)
    assert after.first_name == "Ewa"
    for name in ("password", "email", "is_superuser", "date_joined", "is_staff"):
        assert getattr(after, name) == getattr(before, name)


def test_an_administrator_does_not_reach_a_technical_account(cast, browse):
    technical = UserFactory(is_staff=True, is_superuser=True)
    response = browse(cast.administrator).post(change(technical), {"first_name": "A", "last_name": "B"})

    technical.refresh_from_db()
    assert (response.status_code, technical.is_active) == (403, True)


def test_a_person_deactivated_in_the_panel_is_out_at_the_next_request(cast, browse):
    lead = browse(cast.lead)
    assert lead.get("/moje/").status_code == 200

    browse(cast.administrator).post(change(cast.lead), {"first_name": "Ewa", "last_name": "Nowa"})

    assert lead.get("/moje/").status_code == 302


def test_nothing_is_deleted_in_the_panel(cast):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = cast.administrator
    ours = [
        site
        for model, site in admin.site._registry.items()
        if model._meta.app_label in {"portal", "jst", "plans"}
    ]

    assert len(ours) > 10
    assert [site for site in ours if site.has_delete_permission(request)] == []
    assert [site for site in ours if "delete_selected" in site.get_actions(request)] == []


@pytest.mark.parametrize("name", ["event", "message"])
def test_what_the_portal_wrote_is_only_read(cast, browse, name):
    Message.objects.create(address="a@example.org", subject="Temat", body="tajny odnośnik")
    note(cast)
    (pk,) = {"event": Event, "message": Message}[name].objects.values_list("pk", flat=True)
    client = browse(cast.auditor)

    shown = client.get(f"/admin/portal/{name}/{pk}/change/")
    assert shown.status_code == 200
    assert (
        "tajny odnośnik" not in shown.content.decode() + client.get(f"/admin/portal/{name}/").content.decode()
    )
    assert client.post(f"/admin/portal/{name}/{pk}/change/", {}).status_code == 403
    assert browse(cast.administrator).get(f"/admin/portal/{name}/add/").status_code == 403


def note(cast):
    from jst.models import JstEvent

    record("jst.participation.begin", by=cast.coordinator, about=JstEvent(participation=cast.participation))


@pytest.mark.parametrize("role", ["coordinator", "administrator", "auditor"])
def test_every_list_and_form_of_the_panel_opens(cast, browse, role):
    note(cast)
    client = browse(getattr(cast, role))
    index = client.get("/admin/")
    models = [model for app in index.context["app_list"] for model in app["models"]]

    for model in models:
        listed = client.get(model["admin_url"], {"q": "Łódź"})
        assert (model["admin_url"], listed.status_code) == (model["admin_url"], 200)
        if model["add_url"]:
            assert client.get(model["add_url"]).status_code == 200
        for row in model["model"]._default_manager.all()[:1]:
            shown = client.get(f"{model['admin_url']}{row.pk}/change/")
            assert (model["admin_url"], shown.status_code) in {
                (model["admin_url"], 200),
                (model["admin_url"], 302),
            }


def test_auditors_are_offered_no_move(cast, browse):
    client = browse(cast.auditor)
    address = f"/admin/jst/participation/{cast.participation.pk}"

    assert client.get(f"{address}/change/").context["buttons"] == []
    assert client.get("/admin/jst/participation/").context["action_form"] is None
    assert client.get(f"{address}/move/exclude/").status_code == 403


@pytest.mark.parametrize(
    ("address", "column"),
    [
        (PEOPLE, "password__startswith=pbkdf2"),
        (PEOPLE, "emailaddress__isnull=0"),
        ("/admin/plans/planversion/", "decision__isnull=0"),
        ("/admin/plans/remark/", "answer__icontains=a"),
        ("/admin/portal/message/", "subject__startswith=P"),
    ],
)
def test_a_list_is_narrowed_by_its_filters_alone(cast, browse, address, column):
    client = browse(cast.administrator)

    assert client.get(f"{address}?{column}").status_code == 400


def test_the_filters_of_a_list_narrow_it(cast, browse):
    client = browse(cast.administrator)
    coordinators = group(COORDINATOR).pk

    shown = client.get(f"{PEOPLE}?is_staff__exact=1&groups__id__exact={coordinators}").context["cl"]
    assert list(shown.result_list) == [cast.coordinator]
