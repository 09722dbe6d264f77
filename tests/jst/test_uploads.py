"""Registers brought in by the browser: upload, check, look, apply; all or nothing, one at a time."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jst import uploads
from jst.imports import registry
from jst.imports.progress import Progress, percent
from jst.imports.report import Report
from jst.models import Jst, RegisterImport, RegisterUpload
from portal.benchmark import tallied
from portal.history import told
from portal.jobs import run_queued
from portal.models import Event
from portal.workflow import TransitionError
from tests.jst import terc_files

pytestmark = pytest.mark.django_db

GOOD = terc_files.as_csv(terc_files.rows())
BAD = terc_files.as_csv(
    [
        *terc_files.rows(),
        ["02", "01", "99", "7", "=Zła", "gmina", "2025-01-01"],
        ["x", "", "", "", "", "", ""],
    ]
)


def posted(content=GOOD, name="TERC_Urzedowy_2025-01-01.csv", source="terc"):
    return {"source": source, "file": SimpleUploadedFile(name, content.encode())}


@pytest.fixture
def client(cast, browse):
    Jst.objects.exclude(participations__isnull=False).delete()
    return browse(cast.coordinator)


def bring(client, content=GOOD, **kwargs):
    """Upload a file and let its check run; return the address of its page and the row."""
    address = client.post("/rejestry/pliki/nowy/", posted(content, **kwargs)).url
    run_queued()
    return address, RegisterUpload.objects.latest("pk")


def kinds():
    return [
        kind.removeprefix("jst.")
        for kind in Event.objects.order_by("sequence").values_list("kind", flat=True)
    ]


# --- The way of a file --------------------------------------------------------------------------


def test_a_file_is_uploaded_checked_and_applied_and_each_step_is_told(cast, client):
    before = Jst.objects.count()
    address, upload = bring(client)

    assert (upload.status, upload.differences, upload.unusable, upload.refusal) == ("checked", 10, 0, "")
    assert (upload.as_of.isoformat(), len(upload.sha256)) == ("2025-01-01", 64)
    page = client.get(address)
    assert [row["sentence"] for row in page.context["page"].rows][0] == "02 dolnośląskie: new"
    assert Jst.objects.count() == before

    assert client.post(f"{address}zastosuj/").url == address
    run_queued()

    upload.refresh_from_db()
    imported = upload.register_import
    assert (upload.status, upload.lines.count(), imported.applied_by) == ("applied", 0, cast.coordinator)
    assert (imported.file_name, imported.changes.count()) == ("TERC_Urzedowy_2025-01-01.csv", 10)
    assert terc_files.stored_units() >= terc_files.UNITS
    assert kinds()[-5:] == [
        "upload.upload",
        "upload.check",
        "upload.apply",
        "register.import",
        "upload.finish",
    ]
    assert imported.get_absolute_url() in client.get(address).content.decode()
    sentences = [one.sentence for one in told(upload.events.with_words())]
    assert sentences[-1] == f"{cast.coordinator} uploaded the file."


def test_the_page_of_registers_tells_where_each_stands(cast, client, browse):
    address, upload = bring(client)
    first = client.get("/rejestry/").context
    client.post(f"{address}zastosuj/")
    run_queued()

    then = browse(cast.auditor).get("/rejestry/").context

    assert (
        [row.pk for row in first["waiting"]],
        dict(first["states"])["TERC: units of local government (GUS)"],
    ) == (
        [upload.pk],
        None,
    )
    assert list(then["waiting"]) == []
    assert dict(then["states"])["TERC: units of local government (GUS)"] == RegisterImport.objects.get()


def test_while_a_job_is_at_work_its_page_says_how_far_and_then_asks_to_be_read_anew(client):
    address = client.post("/rejestry/pliki/nowy/", posted()).url
    upload = RegisterUpload.objects.get()
    Progress(upload.file.path)(1, 4)

    plain = client.get(address)
    fragment = client.get(address, headers={"HX-Request": "true"})
    told_percent = percent(upload.file.path)
    run_queued()
    after = client.get(address, headers={"HX-Request": "true"})

    assert "The file is being checked." in plain.content.decode()
    assert f"<b>{told_percent}%</b>" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert (after.status_code, after["HX-Refresh"]) == (204, "true")
    assert not Path(f"{upload.file.path}.progress").exists()


# --- Rows that cannot be used -------------------------------------------------------------------


def test_rows_that_cannot_be_used_are_shown_and_saved_with_row_column_value_and_reason(client):
    address, upload = bring(client, BAD)

    rows = client.get(address, {"co": "odrzucone"}).context["page"].rows
    csv = b"".join(client.get(f"{address}odrzucone/csv/").streaming_content).decode("utf-8-sig")
    xlsx = b"".join(client.get(f"{address}odrzucone/xlsx/").streaming_content)

    assert upload.status == "checked"
    assert upload.unusable == len({row["row"] for row in rows}) == 2
    assert {row["row"] for row in rows} == {16, 17}
    assert csv.splitlines()[0] == "row;column;value;reason"
    assert (
        len(CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_index(0).to_python())
        == len(rows) + 1
    )


def test_a_file_with_such_rows_is_applied_only_by_a_choice_with_a_reason_that_is_recorded(cast, client):
    address, upload = bring(client, BAD)
    for fields in ({}, {"set_aside": "on"}, {"reason": "GUS wie"}):
        assert client.post(f"{address}zastosuj/", fields).status_code == 409
    run_queued()
    assert RegisterImport.objects.count() == 0

    client.post(f"{address}zastosuj/", {"set_aside": "on", "reason": "GUS wie"})
    run_queued()

    upload.refresh_from_db()
    assert (upload.status, upload.set_aside) == ("applied", True)
    assert set(upload.register_import.rejected.values_list("row", flat=True)) == {16, 17}
    event = Event.objects.get(kind="jst.upload.apply")
    assert (event.actor, event.comment, event.data) == (cast.coordinator, "GUS wie", {"set_aside": 2})


# --- What cannot be -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"source": "terc"},
        posted(source="wybory"),
        posted(name="terc.exe"),
        {"source": "terc", "file": SimpleUploadedFile("terc.csv", b"")},
    ],
)
def test_what_is_no_register_is_refused_at_once(client, fields):
    answer = client.post("/rejestry/pliki/nowy/", fields)

    assert (answer.status_code, RegisterUpload.objects.count()) == (422, 0)


def test_a_file_too_large_is_refused(client, monkeypatch):
    monkeypatch.setattr("jst.forms.uploads.MAX_MEGABYTES", 0)

    answer = client.post("/rejestry/pliki/nowy/", posted(GOOD * 3000))

    assert answer.status_code == 422
    assert "Choose one of at most" in answer.content.decode()


def test_a_file_that_cannot_be_used_at_all_says_why_and_can_be_dropped(client):
    address, upload = bring(client, "to nie jest rejestr")
    path = Path(upload.file.path)

    assert upload.status == "failed"
    assert upload.refusal in client.get(address).content.decode().replace("&#x27;", "'")
    assert path.exists()
    with transaction.atomic():
        client.post(f"{address}drop/")

    upload.refresh_from_db()
    assert upload.status == "dropped"
    assert upload.sha256
    assert client.get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_dropped_file_leaves_the_disk(client):
    address, upload = bring(client)

    client.post(f"{address}drop/")

    upload.refresh_from_db()
    assert (upload.status, upload.lines.count(), Path(upload.file.path).exists()) == ("dropped", 0, False)


def test_a_check_that_is_out_of_date_must_be_made_again(client):
    address, _first = bring(client)
    later, upload = bring(client, terc_files.as_csv(terc_files.rows("2026-01-01")))
    client.post(f"{address}zastosuj/")
    run_queued()

    answer = client.post(f"{later}zastosuj/")
    assert answer.status_code == 409
    assert "The registers have changed since this file was checked." in answer.content.decode()

    client.post(f"{later}recheck/")
    run_queued()
    upload.refresh_from_db()
    assert (upload.status, upload.differences) == ("checked", 0)
    client.post(f"{later}zastosuj/")
    run_queued()
    upload.refresh_from_db()
    assert upload.status == "applied"


def test_one_import_at_a_time(client):
    first, one = bring(client)
    second, other = bring(client)
    client.post(f"{first}zastosuj/")

    answer = client.post(f"{second}zastosuj/")

    assert answer.status_code == 409
    assert "Another import is running" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterUpload.objects.filter(pk=other.pk).update(status="applying")
    assert RegisterUpload.objects.get(pk=one.pk).status == "applying"


# --- Crashes ------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a worker that dies leaves behind: nothing is caught."""


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_leaves_all_or_nothing_and_the_work_can_be_done_again(client, monkeypatch, after):
    address, upload = bring(client)
    uploads.apply_register(upload, by=upload.uploaded_by)
    real = registry.IMPORTS["terc"]

    def dies(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setitem(registry.IMPORTS, "terc", dies)
    with pytest.raises(Killed):
        uploads.apply(upload.pk)

    assert RegisterImport.objects.count() == after
    assert Jst.objects.filter(code="020102").exists() == after
    monkeypatch.setitem(registry.IMPORTS, "terc", real)
    for _twice in range(2):
        uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, RegisterImport.objects.count()) == ("applied", 1)
    assert upload.register_import == RegisterImport.objects.get()


def test_a_file_at_work_is_not_dropped_until_no_worker_can_be_alive(client):
    address, upload = bring(client)
    uploads.apply_register(upload, by=upload.uploaded_by)
    assert client.post(f"{address}drop/").status_code == 409

    long_ago = timezone.now() - timedelta(hours=2)
    Event.objects.filter(kind="jst.upload.apply").update(at=long_ago)
    client.post(f"{address}drop/")

    assert RegisterUpload.objects.get(pk=upload.pk).status == "dropped"


def test_an_importer_that_breaks_is_told_and_the_file_can_be_checked_again(client, monkeypatch, caplog):
    def breaks(*args, **kwargs):
        raise RuntimeError("unforeseen")

    real = registry.IMPORTS["terc"]
    monkeypatch.setitem(registry.IMPORTS, "terc", breaks)
    address, upload = bring(client)
    assert (upload.status, upload.refusal[:27]) == ("failed", "The portal could not read t")
    assert "unforeseen" in caplog.text

    monkeypatch.setitem(registry.IMPORTS, "terc", real)
    client.post(f"{address}recheck/")
    run_queued()

    upload.refresh_from_db()
    assert (upload.status, upload.refusal) == ("checked", "")


def test_an_import_refused_at_the_last_moment_writes_nothing_and_says_why(client, monkeypatch):
    address, upload = bring(client)
    client.post(f"{address}zastosuj/")
    monkeypatch.setitem(
        registry.IMPORTS, "terc", lambda *args, **kwargs: Report("terc", "x", refused="Za stary.")
    )
    run_queued()

    upload.refresh_from_db()
    assert (upload.status, upload.refusal, RegisterImport.objects.count()) == ("failed", "Za stary.", 0)


def test_nothing_to_set_aside_is_no_obstacle_and_a_checked_file_is_not_checked_twice(client):
    _address, upload = bring(client)
    lines = list(upload.lines.values_list("pk", flat=True))

    uploads.check(upload.pk)

    assert list(upload.lines.values_list("pk", flat=True)) == lines
    upload.unusable = 1
    with pytest.raises(TransitionError):
        uploads.apply_register(upload, by=upload.uploaded_by)


def spelled(number):
    """A number as letters: names in TERC have no digits."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def test_the_page_of_a_file_costs_the_same_for_a_hundred_differences_and_for_thousands(client):
    costs = []
    for count in (100, 3000):
        country = "\n".join(["14;;;;MAZOWIECKIE;woj", "14;01;;;białobrzeski;powiat"])
        rows = terc_files.rows(country=country)
        rows += [
            ["14", f"{2 + n // 90:02}", "", "", spelled(n), "powiat", "2025-01-01"]
            for n in range(0, count, 90)
        ]
        rows += [
            ["14", f"{2 + n // 90:02}", f"{1 + n % 90:02}", "2", f"Gmina {spelled(n)}", "gmina", "2025-01-01"]
            for n in range(count)
        ]
        address, upload = bring(client, terc_files.as_csv(rows))
        assert upload.differences > count
        client.get(address)
        with tallied() as tally:
            client.get(address)
        costs.append((tally.queries, tally.rows))

    assert costs[0] == costs[1]
