"""What is kept about a person: told whole, of nobody else; the clauses and who read them when."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from jst import joining
from portal import clauses, conventions, extract
from portal.models import ClauseReading, Event, InformationClause, User
from tests.factories import MembershipFactory
from tests.jst.invited import JOIN, invited, link_in_letter
from tests.jst.invited import opened as followed
from tests.situations import plan_version, remark_on

pytestmark = pytest.mark.django_db

# Foreign keys to people that no section tells of, each looked at, with the reason; there are none.
REVIEWED = set()


@pytest.fixture
def busy(cast):
    """Two people who did everything the portal keeps, each with words that are nobody else's."""
    version = plan_version(cast, "in_review")
    person = User.objects.get(pk=cast.reviewer.pk)
    remark_on(version, person, body="kanarek-uwaga")
    User.objects.filter(pk=person.pk).update(first_name="Kanarekimie", last_name="Kanareknazwisko")
    MembershipFactory(
        participation=cast.other_participation,
        person=person,
        function="kanarek-funkcja",
        reason="kanarek-powód",
    )
    joining.begin(
        cast.other_participation,
        email=person.email,
        first_name="Kanarekimie",
        last_name="Kanarekdrugie",
        function="kanarek-urząd",
        words="kanarek-prośba",
    )
    User.objects.exclude(pk=person.pk).update(first_name="Obcyimie", last_name="Obcynazwisko")
    joining.begin(
        cast.other_participation,
        email="obcy@example.org",
        first_name="Obcyimie",
        last_name="Obcynazwisko",
        function="obcy-urząd",
        words="obcy-prośba",
    )
    MembershipFactory(participation=cast.participation, function="obcy-funkcja", reason="obcy-powód")
    return User.objects.get(pk=person.pk)


CANARIES = {
    "kanarek-uwaga",
    "kanarek-funkcja",
    "kanarek-powód",
    "kanarek-urząd",
    "kanarek-prośba",
    "Kanarekimie",
    "Kanareknazwisko",
    "Kanarekdrugie",
}


def others(person):
    addresses = User.objects.exclude(pk=person.pk).values_list("email", flat=True)
    return {*addresses, "obcy", "Obcy"}


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return folder.read("dane.json").decode(), folder.read("dane.pdf")


def test_the_archive_tells_all_of_the_person_and_nothing_of_others(busy):
    told, pdf = opened(extract.archive(busy)[1])

    assert {canary for canary in CANARIES if canary not in told} == set()
    assert {other for other in others(busy) if other in told} == set()
    assert pdf.startswith(b"%PDF-")
    assert json.loads(told)["person"] == busy.email


def test_the_page_tells_the_same(busy, browse):
    page = browse(busy).get("/konto/moje-dane/").content.decode()

    assert {canary for canary in CANARIES if canary not in page} == set()
    assert {other for other in others(busy) if other in page} == set()


def test_every_foreign_key_to_a_person_is_told_of_or_was_looked_at():
    keys = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is User
    }
    covered = set().union(*conventions.offered("personal", "COVERED"))

    assert keys - covered - REVIEWED == set()
    assert covered | REVIEWED == keys


def test_the_command_writes_one_archive_and_an_event(busy, tmp_path, capsys):
    path = tmp_path / "dane.zip"
    call_command("privacy", "export", busy.email.upper(), "--to", str(path))

    assert capsys.readouterr().out == f"{path}\n"
    assert "kanarek-uwaga" in opened(path.read_bytes())[0]
    event = Event.objects.get(kind="portal.person.extract")
    assert (event.personevent.person, event.actor) == (busy, User.objects.system())
    with pytest.raises(CommandError, match="is there already"):
        call_command("privacy", "export", str(busy.pk), "--to", str(path))


@pytest.mark.parametrize(
    ("arguments", "status"), [(["export", "nikt@example.org"], 1), (["erase", "anna@example.org"], 2)]
)
def test_the_command_says_what_it_cannot_do(arguments, status):
    with pytest.raises(CommandError) as refused:
        call_command("privacy", *arguments)

    assert refused.value.returncode == status


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("coordinator", 403), ("auditor", 302), ("lead", 302)]
)
def test_administrators_hand_out_the_archive_and_an_event_says_so(cast, browse, role, status):
    where = f"/admin/portal/user/{cast.reader.pk}/extract/"
    answer = browse(getattr(cast, role)).post(where)

    made = Event.objects.filter(kind="portal.person.extract", actor=getattr(cast, role)).exists()
    assert made == (answer.status_code == 200)
    assert answer.status_code == status or (role == "auditor" and answer.status_code == 403)
    assert browse(cast.administrator).get(where).status_code == 405


# --- Clauses ------------------------------------------------------------------------------------


def clause(purpose="Zespół", days=0, text="Po co zbieramy dane."):
    day = timezone.localdate() + timedelta(days=days)
    return clauses.publish(InformationClause(purpose=purpose, text=text, valid_from=day))


def test_versions_of_a_clause_follow_each_other_and_never_change():
    first, second = clause(), clause(text="Nowy tekst.")

    assert (first.version, second.version) == (1, 2)
    assert list(InformationClause.objects.in_force()) == [second]
    second.text = "Inny"
    with pytest.raises(ValidationError):
        second.save()


def test_a_clause_stands_before_the_desk_once_and_its_reading_is_kept(cast, browse):
    told = clause()
    client = browse(cast.author)

    assert client.get("/moje/").url == "/konto/informacje/"
    page = client.get("/konto/informacje/")
    assert "Po co zbieramy dane." in page.content.decode()
    assert client.get("/moje/").status_code == 200
    assert ClauseReading.objects.count() == 0
    assert browse(cast.author).get("/moje/").url == "/konto/informacje/"

    client.post("/konto/informacje/", {"clause": [told.pk], "next": "/moje/"})
    client.post("/konto/informacje/", {"clause": [told.pk], "next": "/moje/"})
    assert [(row.person, row.clause) for row in ClauseReading.objects.all()] == [(cast.author, told)]
    assert browse(cast.author).get("/moje/").status_code == 200
    assert "Po co zbieramy dane." in client.get("/konto/moje-dane/").content.decode()


def test_a_newer_version_is_shown_again_from_its_day_on(cast, browse):
    clauses.read(cast.author, [clause()])
    later = clause(days=3, text="Nowy tekst.")
    assert browse(cast.author).get("/moje/").status_code == 200

    InformationClause.objects.filter(pk=later.pk).update(valid_from=timezone.localdate())

    assert browse(cast.author).get("/moje/").url == "/konto/informacje/"


def test_only_what_was_shown_counts_as_read_and_the_way_on_leads_nowhere_else(cast, browse):
    first, second = clause(), clause(purpose="Rekrutacja")
    answer = browse(cast.author).post(
        "/konto/informacje/", {"clause": [first.pk, 999], "next": "https://evil.example/"}
    )

    assert answer.url == "/moje/"
    assert list(InformationClause.objects.unread_by(cast.author)) == [second]


def test_a_person_who_joins_is_shown_the_clauses_before_the_team(cast):
    clause()
    invited(cast)
    answer = followed(link_in_letter()).post("/zaproszenie/", JOIN)

    assert answer.url == f"/konto/informacje/?next=/zespoly/{cast.participation.pk}/"


def test_staff_publish_the_next_version_and_change_none(cast, browse):
    client = browse(cast.coordinator)
    fields = {"purpose": "Zespół", "text": "Tekst", "valid_from": "2026-01-01"}
    client.post("/admin/portal/informationclause/add/", fields)
    client.post("/admin/portal/informationclause/add/", fields)

    assert list(InformationClause.objects.values_list("version", flat=True)) == [2, 1]
    where = f"/admin/portal/informationclause/{InformationClause.objects.first().pk}/change/"
    assert client.post(where, fields | {"text": "Inny"}).status_code == 403
