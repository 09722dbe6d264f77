"""Files brought into plans are kept for a while and then removed; what they changed stays on record."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from plans.models import Goal, PlanUpload, SectionRevision, StoredFile
from plans.transfer.keeping import forget_uploads
from tests.access_things import attached
from tests.plans.transfer_files import insert, preview_of, tables
from tests.situations import started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def aged(field, days):
    """Let the one upload be so many days old; return where its file is."""
    upload = PlanUpload.objects.get()
    PlanUpload.objects.update(**{field: timezone.now() - timedelta(days=days)})
    return Path(upload.stored.file.path)


def bring_in(client, draft, title="Cel"):
    insert(client, draft, tables(strategic=[{"title": title}]), "Nasz plan.xlsx")


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_a_file_that_was_brought_in_goes_after_thirty_days(cast, browse, draft, days, stays):
    bring_in(browse(cast.author), draft)
    path = aged("applied_at", days)

    call_command("jobs", once=True)

    assert path.exists() is stays
    assert PlanUpload.objects.exists() is stays
    assert StoredFile.objects.exists() is stays


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_a_file_that_nobody_used_goes_as_well(cast, browse, draft, days, stays):
    where, _seen = preview_of(browse(cast.author), draft, tables(strategic=[{"title": "Cel"}]))
    path = aged("at", days)

    call_command("jobs", once=True)

    assert path.exists() is stays
    assert browse(cast.author).get(where).status_code == (200 if stays else 404)


def test_a_file_counts_from_the_day_it_was_brought_in(cast, browse, draft):
    bring_in(browse(cast.author), draft)
    path = aged("at", 31)

    call_command("jobs", once=True)

    assert path.exists()


def test_what_the_file_changed_stays_with_who_and_when_and_wherefrom(cast, browse, draft):
    bring_in(browse(cast.author), draft)
    uid = PlanUpload.objects.get().uid
    aged("applied_at", 31)

    call_command("jobs", once=True)

    assert Goal.objects.get(version=draft).origin.startswith("file Nasz_plan.xlsx, ")
    record = SectionRevision.objects.get(version=draft, key="goals")
    assert (record.by, record.request_key, record.outcome) == (cast.author, uid.hex, "saved")


def test_attachments_are_never_taken_for_old_uploads(cast, browse, draft):
    evidence = attached(draft, cast.lead)
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=400))
    PlanUpload.objects.create(
        version=draft,
        kind="rows",
        stored=evidence.stored,
        by=cast.lead,
        at=timezone.now() - timedelta(days=400),
    )

    call_command("jobs", once=True)

    assert not PlanUpload.objects.exists()
    assert Path(evidence.stored.file.path).exists()


def test_an_idle_minute_only_reads(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        forget_uploads()
