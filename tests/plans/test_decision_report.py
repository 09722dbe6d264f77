"""ORE's report or letter beside a decision: kept as other files are, for the team only after the release."""

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.models import Decision, StoredFile
from portal.models import Message
from portal.outbox import render
from tests.situations import hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

FOLLOWERS = ["reader", "author", "lead", "signatory", "reviewer", "caretaker", "operator", "auditor"]
STRANGERS = ["former_member", "other_team", "other_reviewer"]
ORE = ["coordinator", "administrator"]


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def version(cast):
    version = plan_version(cast, "in_review")
    hand_in(judged(version.reviews.get()))
    return version


def page_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def report_of(version):
    return f"{page_of(version)}pismo/"


def pdf(name="pismo ORE.pdf", content=b"%PDF-1.4 tresc"):
    return SimpleUploadedFile(name, content, "application/pdf")


def stamp(decision):
    return f"{decision.pk}:{decision.prepared_at.isoformat()}" if decision else ""


def prepare(version, client, **changes):
    seen = stamp(Decision.objects.filter(version=version).first())
    words = {"outcome": "accept", "reason": "Tak wynika z recenzji.", "seen": seen} | changes
    return client.post(page_of(version), words)


def release(client):
    return client.post("/decyzje/", {"decision": stamp(Decision.objects.get()), "confirm": "1"})


def answer(client, version):
    response = client.get(report_of(version))
    b"".join(response)
    return response.status_code


def answers(cast, browse, version):
    roles = [*FOLLOWERS, *STRANGERS, *ORE]
    return {role: answer(browse(getattr(cast, role)), version) for role in roles}


def on_disk(disk):
    return sorted(path.read_bytes() for path in disk.rglob("*") if path.is_file() and path.suffix == ".pdf")


def test_the_report_is_ores_until_the_release_and_then_for_all_who_follow_the_plan(cast, browse, version):
    prepare(version, browse(cast.coordinator), report=pdf())
    nobody_else = dict.fromkeys([*FOLLOWERS, *STRANGERS], 404) | dict.fromkeys(ORE, 200)
    assert answers(cast, browse, version) == nobody_else
    assert browse(None).get(report_of(version)).status_code == 302
    assert "Report or letter" not in browse(cast.lead).get(f"/plany/{version.plan_id}/").content.decode()

    release(browse(cast.coordinator))

    followed = dict.fromkeys([*FOLLOWERS, *ORE], 200) | dict.fromkeys(STRANGERS, 404)
    assert answers(cast, browse, version) == followed
    assert report_of(version) in browse(cast.lead).get(f"/plany/{version.plan_id}/").content.decode()
    assert report_of(version) in browse(cast.coordinator).get(page_of(version)).content.decode()


def test_it_comes_as_a_download_that_runs_nothing(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client, report=pdf("../../pismo ORE.pdf"))
    answer = client.get(report_of(version))
    assert b"".join(answer) == b"%PDF-1.4 tresc"
    assert answer["Content-Disposition"] == 'attachment; filename="pismo_ORE.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "file",
    [pdf("wirus.exe", b"MZ"), pdf("pismo.pdf", b"<html>"), pdf("pismo.html", b"<html>")],
    ids=["an ending that is not kept", "content of another kind", "a page"],
)
def test_files_are_checked_as_those_of_the_team(cast, browse, version, disk, file):
    answer = prepare(version, browse(cast.coordinator), report=file)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["report"])
    assert (Decision.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_change_without_a_file_keeps_it_and_another_file_takes_its_place(
    cast, browse, version, disk, django_capture_on_commit_callbacks
):
    client = browse(cast.coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        prepare(version, client, report=pdf())
        prepare(version, client, reason="Inaczej.")
    assert (Decision.objects.get().report.name, on_disk(disk)) == ("pismo_ORE.pdf", [b"%PDF-1.4 tresc"])
    assert "pismo_ORE.pdf" in client.get(page_of(version)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        prepare(version, client, report=pdf("nowe.pdf", b"%PDF-1.4 nowe"))
    assert (Decision.objects.get().report.name, on_disk(disk)) == ("nowe.pdf", [b"%PDF-1.4 nowe"])
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("how", ["removed", "dropped"])
def test_a_removed_or_dropped_report_leaves_nothing_behind(
    cast, browse, version, disk, how, django_capture_on_commit_callbacks
):
    client = browse(cast.coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        prepare(version, client, report=pdf())
        if how == "removed":
            prepare(version, client, without_report="on")
        else:
            client.post(page_of(version), {"drop": "1"})
    assert (StoredFile.objects.count(), on_disk(disk)) == (0, [])
    assert client.get(report_of(version)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_does_not_let_the_old_file_go_loses_no_new_one(cast, browse, version, disk, monkeypatch):
    client = browse(cast.coordinator)
    prepare(version, client, report=pdf())
    remove, old = FileSystemStorage.delete, Decision.objects.get().report.file.name

    def refuse(storage, name):
        if name == old:
            raise PermissionError(name)
        remove(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    assert prepare(version, client, report=pdf("nowe.pdf", b"%PDF-1.4 nowe")).status_code == 302
    assert b"".join(client.get(report_of(version))) == b"%PDF-1.4 nowe"


def test_where_preparing_fails_the_disk_keeps_no_file(cast, browse, version, disk):
    type(version).objects.filter(pk=version.pk).update(status="sent")
    assert prepare(version, browse(cast.coordinator), report=pdf()).status_code == 409
    assert (StoredFile.objects.count(), on_disk(disk)) == (0, [])


def test_a_released_report_is_not_changed_any_more(cast, browse, version, disk):
    client = browse(cast.coordinator)
    prepare(version, client, report=pdf())
    release(client)
    prepare(version, client, report=pdf("nowe.pdf", b"%PDF-1.4 nowe"))
    client.post(page_of(version), {"drop": "1"})
    assert Decision.objects.get().report.name == "pismo_ORE.pdf"
    assert on_disk(disk)[:1] == [b"%PDF-1.4 tresc"]
    assert StoredFile.objects.count() == 1


def test_the_letter_says_that_there_is_a_report(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client, report=pdf())
    sentence = "A report or letter of ORE is on the page of the plan."
    assert sentence in client.get(page_of(version)).context["decision"].letter[1]
    release(client)
    letters = Message.objects.filter(event__kind="plans.version.accept")
    assert {sentence in render(letter)[1] for letter in letters} == {True}


def test_the_team_finds_the_report_of_a_return_beside_its_reason(cast, browse, version):
    client = browse(cast.coordinator)
    prepare(version, client, outcome="return", sections=["goals"], due="31.12.2030", report=pdf())
    release(client)
    page = browse(cast.lead).get(f"/plany/{version.plan_id}/").content.decode()
    notice = page[page.index("ORE asks for corrections") : page.index("Sections to correct:")]
    assert report_of(version) in notice
    assert default_storage.exists(Decision.objects.get().report.file.name)
