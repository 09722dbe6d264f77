"""Attached files: what may be attached, how it is kept, who may download it."""

import io
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection

from plans.models import Evidence, StoredFile
from plans.uploads import attach as keep
from tests.situations import plan_version, started_plan

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\n"


def docx():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return buffer.getvalue()


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def attach(client, version, name="protokol.pdf", content=PDF, **fields):
    words = {"uid": str(uuid.uuid4()), "kind": "minutes", "title": "Protokół debaty", "proves": ""} | fields
    upload = SimpleUploadedFile(name, content, content_type="application/x-whatever")
    return client.post(f"/plany/{version.plan_id}/zalaczniki/", words | {"file": upload})


@pytest.mark.parametrize(("name", "content"), [("protokol.pdf", PDF), ("Uchwała nr 5.DOCX", docx())])
def test_a_document_is_attached_and_downloaded_as_it_was(cast, browse, draft, name, content):
    client = browse(cast.author)

    attach(client, draft, name, content)

    evidence = Evidence.objects.get(version=draft)
    file = client.get(f"/plany/{draft.plan_id}/wersje/1/zalaczniki/{evidence.uid}/")
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"].startswith("attachment;")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("strona.html", b"<script>alert(1)</script>"),
        ("rysunek.svg", b"<svg onload=alert(1)>"),
        ("umowa.pdf.html", PDF),
        ("umowa.pdf", b"<html>not a pdf</html>"),
        ("umowa.docx", PDF),
        ("bez_rozszerzenia", PDF),
        ("pusty.pdf", b""),
    ],
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(cast, browse, draft, name, content):
    response = attach(browse(cast.author), draft, name, content)

    assert response.status_code == 422
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_file_that_is_too_large_is_refused(cast, browse, draft):
    response = attach(browse(cast.author), draft, "duzy.pdf", PDF + b"0" * (10 * 1024 * 1024))

    assert response.status_code == 422
    assert StoredFile.objects.count() == 0


def test_a_dangerous_name_is_stored_as_a_harmless_one(cast, browse, draft):
    attach(browse(cast.author), draft, "..\\..\\wirus\u202etxt.pdf", PDF)

    stored = StoredFile.objects.get()
    assert stored.name == "wirustxt.pdf"
    assert "wirus" not in stored.file.name


def test_a_double_click_attaches_one_file(cast, browse, draft):
    client, uid = browse(cast.author), str(uuid.uuid4())

    answers = [attach(client, draft, uid=uid).url for _ in range(2)]

    assert answers == [f"/plany/{draft.plan_id}/sekcje/evidence/"] * 2
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_file_that_could_not_be_recorded_is_not_left_behind(cast, draft, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    words = {"uid": uuid.uuid4(), "kind": "minutes", "title": None, "proves": ""}

    with pytest.raises(IntegrityError):
        keep(draft, SimpleUploadedFile("protokol.pdf", PDF), by=cast.author, **words)

    assert StoredFile.objects.count() == 0
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_a_file_stays_where_the_database_kept_its_row_and_did_not_answer(cast, draft, monkeypatch):
    commit = connection._commit

    def unanswered():
        commit()
        raise OperationalError("the database does not answer")

    monkeypatch.setattr(connection, "_commit", unanswered)
    words = {"uid": uuid.uuid4(), "kind": "minutes", "title": "Protokół", "proves": ""}
    with pytest.raises(OperationalError):
        keep(draft, SimpleUploadedFile("protokol.pdf", PDF), by=cast.author, **words)
    monkeypatch.undo()

    stored = Evidence.objects.get(version=draft).stored
    with stored.file.open() as file:
        assert file.read() == PDF


def test_nothing_can_be_attached_to_a_plan_that_was_sent(cast, browse):
    version = plan_version(cast, "sent")

    attach(browse(cast.author), version)

    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("role", ["other_team", "former_member", "other_reviewer", "reviewer", "coordinator"])
def test_a_file_of_a_draft_is_missing_to_strangers_and_to_those_who_judge(cast, browse, draft, role):
    attach(browse(cast.author), draft)
    uid = Evidence.objects.get().uid

    client = browse(getattr(cast, role))

    assert client.get(f"/plany/{draft.plan_id}/wersje/1/zalaczniki/{uid}/").status_code == 404


def test_the_row_of_a_file_is_edited_and_removed_like_any_other(cast, browse, draft):
    client = browse(cast.author)
    attach(client, draft)
    evidence = Evidence.objects.get()
    row = {
        "revision": "1",
        "request_key": "k",
        "evidence-total": "1",
        "evidence-0-uid": str(evidence.uid),
        "evidence-0-title": "Protokół z podpisami",
        "evidence-0-kind": "minutes",
    }
    address = f"/plany/{draft.plan_id}/sekcje/evidence/"

    client.post(address, row)
    title = Evidence.objects.get().title
    client.post(address, row | {"revision": "2", "request_key": "l", "evidence-0-delete": "on"})

    assert title == "Protokół z podpisami"
    assert Evidence.objects.count() == 0
