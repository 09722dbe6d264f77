"""A spreadsheet brought into a draft: seen first, written by one button, through the door of the form."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Goal,
    PlanIndicator,
    PlanUpload,
    SchoolCommitment,
    SectionRevision,
    SectionState,
    StoredFile,
)
from plans.workflow import VERSION
from tests.factories import SchoolFactory
from tests.plans.pages import address, form_of, version_digest
from tests.plans.transfer_files import ods, ods_row, xlsx, zipped
from tests.situations import complete_draft, decide, plan_version, started_plan

pytestmark = pytest.mark.django_db

STRATEGIC = ["Cel", "Dlaczego ten cel, co się zmieni", "Kompetencje kluczowe"]


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def upload(client, version, content, name="plan.xlsx"):
    file = SimpleUploadedFile(name, content, content_type="application/x-whatever")
    return client.post(f"/plany/{version.plan_id}/wstaw/", {"file": file})


def preview_of(client, version, content, name="plan.xlsx"):
    """Upload a file and open its preview; return (address, response)."""
    answer = upload(client, version, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url, client.get(answer.url)


def insert(client, version, content, name="plan.xlsx"):
    where, seen = preview_of(client, version, content, name)
    return client.post(where, hidden(seen))


def hidden(response):
    from lxml import html

    inputs = html.fromstring(response.content).xpath("//main//form//input[@type='hidden']")
    return {one.get("name"): one.get("value") for one in inputs if one.get("name") != "csrfmiddlewaretoken"}


def whole_plan(school):
    return xlsx(
        **{
            "Cele strategiczne": [["Cel"], ["PRZYKŁAD: Cel wzorcowy"], ["Uczeń bada świat"]],
            "Cele operacyjne": [
                ["Służy celowi strategicznemu", "Cel"],
                ["Uczeń bada świat", "Doświadczenia w każdej klasie"],
            ],
            "Działania": [
                ["Służy celowi operacyjnemu", "Działanie", "Od", "Do", "Szkoły, które biorą udział"],
                ["doświadczenia w każdej klasie", "Pracownie", "1.09.2026", "2027-06-30", school.rspo],
            ],
            "Koszty działań, według lat i": [["Działanie", "Rok"], ["Pracownie", "2026"]],
            "Wskaźniki": [
                ["Wskaźnik", "Wartość dziś", "Wartość docelowa"],
                ["Lekcje z doświadczeniem", "1,5", 4],
            ],
        }
    )


def test_the_template_names_what_the_unit_has_and_changes_nothing_when_brought_in(cast, browse, draft):
    client = browse(cast.author)

    content = b"".join(client.get(f"/plany/{draft.plan_id}/wzor.xlsx").streaming_content)

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    print(book.sheet_names, [book.get_sheet_by_index(i).to_python()[0] for i in range(len(book.sheet_names))])
    assert "Szkoła Podstawowa w Brzozowie" in str(book.get_sheet_by_index(7).to_python())
    _where, seen = preview_of(client, draft, content)
    assert (
        "nie ma czego zmieniać" in seen.content.decode()
        or "there is nothing to change" in seen.content.decode()
    )
