"""One file of a plan proves several things, and is kept once."""

import uuid

import pytest

from plans.models import Evidence, StoredFile
from tests.plans.pages import address
from tests.plans.test_attachments import attach
from tests.situations import started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def again(client, version, stored):
    words = {"uid": str(uuid.uuid4()), "kind": "resolution", "title": "Uchwała", "proves": "Rada wie"}
    return client.post(f"/plany/{version.plan_id}/zalaczniki/", words | {"stored": stored.pk})


def test_a_file_attached_before_proves_one_more_thing_and_is_not_copied(cast, browse, draft):
    client = browse(cast.author)
    attach(client, draft)

    response = again(client, draft, StoredFile.objects.get())

    page = client.get(address(draft, "evidence")).content.decode()
    assert response.status_code == 302
    assert StoredFile.objects.count() == 1
    assert sorted(Evidence.objects.values_list("title", flat=True)) == ["Protokół debaty", "Uchwała"]
    assert "– Uchwała – Rada wie</li>" in page


def test_a_file_of_another_plan_cannot_be_chosen(cast, browse, draft):
    stored = StoredFile.objects.create(
        name="x.pdf", content_type="application/pdf", size=5, sha256="0", uploaded_by=cast.lead
    )

    response = again(browse(cast.author), draft, stored)

    assert response.status_code == 422
    assert Evidence.objects.count() == 0


def test_neither_file_nor_choice_is_refused_with_a_sentence(cast, browse, draft):
    response = browse(cast.author).post(
        f"/plany/{draft.plan_id}/zalaczniki/", {"uid": str(uuid.uuid4()), "kind": "other", "title": "Nic"}
    )

    assert response.status_code == 422
    assert Evidence.objects.count() == 0
