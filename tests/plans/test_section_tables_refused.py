"""Documents of rows that come too late, from elsewhere, from strangers, or are no plain tables."""

import copy

import pytest

from plans.copying import open_next
from plans.models import PlanUpload, PlanVersion, Risk
from tests.plans.pages import address, form_of, version_digest
from tests.plans.section_tables import download, preview_of, upload, write
from tests.plans.transfer_files import hidden, said, zipped
from tests.situations import complete_draft, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return complete_draft(cast)


@pytest.fixture
def client(cast, browse):
    return browse(cast.author)


def save_by_form(client, version, key, **changes):
    client.post(address(version, key), form_of(client.get(address(version, key))) | changes)


def test_a_section_saved_after_the_download_is_told_and_its_other_rows_stay(client, cast, browse, draft):
    document = download(client, draft, "risks")
    write(document.tables[0], 2, "What may go wrong", "Brak pieniędzy")
    save_by_form(browse(cast.lead), draft, "risks", **{"risk-0-response": "Z formularza"})

    _where, seen = preview_of(client, draft, "risks", document)

    assert "changed after this document was downloaded" in said(seen)
    assert "Before: Z formularza After: Szkolenia" in said(seen)


def test_what_others_saved_meanwhile_stays_where_the_document_was_not_touched(client, cast, browse, draft):
    save_by_form(client, draft, "risks")
    document = download(client, draft, "risks")
    write(document.tables[0], 1, "Likelihood", "high")
    save_by_form(browse(cast.lead), draft, "risks", **{"risk-0-response": "Z formularza"})

    where, seen = preview_of(client, draft, "risks", document)
    client.post(where, hidden(seen))

    assert "Cells that were not changed in the document keep what was saved meanwhile." in said(seen)
    assert "Z formularza" not in said(seen)
    risk = Risk.objects.get(version=draft)
    assert (risk.likelihood, risk.response) == (3, "Z formularza")


def test_a_section_saved_after_the_preview_stops_the_document(client, cast, browse, draft):
    document = download(client, draft, "risks")
    write(document.tables[0], 1, "What we will do", "Z dokumentu")
    where, seen = preview_of(client, draft, "risks", document)
    save_by_form(browse(cast.lead), draft, "risks", **{"risk-0-likelihood": "1"})
    before = version_digest(draft)

    answer = client.post(where, hidden(seen))

    assert answer.status_code == 409
    assert "Somebody changed the section" in said(answer)
    assert version_digest(draft) == before
    assert PlanUpload.objects.get().applied_at is None


def test_a_double_click_brings_the_rows_in_once(client, draft):
    document = download(client, draft, "risks")
    write(document.tables[0], 2, "What may go wrong", "Brak pieniędzy")
    where, seen = preview_of(client, draft, "risks", document)

    first, second = client.post(where, hidden(seen)), client.post(where, hidden(seen))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Risk.objects.filter(version=draft).count() == 2


def test_a_closed_section_takes_no_document(cast, client):
    following = plan_version(cast, "returned").plan.latest()
    document = download(client, following, "risks")
    write(document.tables[0], 1, "What we will do", "Inaczej")
    before = version_digest(following)

    where, seen = preview_of(client, following, "risks", document)
    answer = client.post(where, hidden(seen))

    assert "is closed" in said(seen)
    assert answer.status_code == 409
    assert version_digest(following) == before


def test_the_document_of_an_earlier_version_finds_the_rows_of_the_next(cast, client):
    version = complete_draft(cast)
    document = download(client, version, "goals")
    write(document.tables[0], 1, "Goal", "Inaczej")
    PlanVersion.objects.filter(pk=version.pk).update(status="taken_back")
    following = open_next(version)

    _where, seen = preview_of(client, following, "goals", document)

    assert "Before: Uczeń, który bada świat After: Inaczej" in said(seen)
    assert "changed after this document was downloaded" in said(seen)


def test_a_document_of_another_plan_or_section_is_refused(client, cast, browse, draft):
    document = download(client, draft, "risks")
    stranger = document.core_properties.keywords.replace(f":{draft.plan_id}/", f":{draft.plan_id + 1}/")
    other = download(client, draft, "risks")
    other.core_properties.keywords = other.core_properties.identifier = stranger

    answers = [
        upload(client, draft, "risks", other),
        upload(client, draft, "goals", document),
        upload(client, draft, "wizja", document),
        upload(client, draft, "risks", download(client, draft, "wizja")),
    ]

    for answer in answers:
        assert answer.status_code == 422
        assert "another section or of another plan" in said(answer)
    assert not PlanUpload.objects.exists()


def merged(document):
    document.tables[0].rows[1].cells[1].merge(document.tables[0].rows[1].cells[2])


def merged_down(document):
    document.tables[0].rows[1].cells[1].merge(document.tables[0].rows[2].cells[1])


def nested(document):
    document.tables[0].rows[1].cells[1].add_table(1, 1)


def uneven(document):
    row = document.tables[0].rows[1]._tr
    row.remove(row.tc_lst[-1])


def huge(document):
    table = document.tables[0]._tbl
    xml = copy.deepcopy(table.tr_lst[2])
    for _number in range(3000):
        table.append(copy.deepcopy(xml))


def wide(document):
    for row in document.tables[0]._tbl.tr_lst:
        for _number in range(30):
            row.append(copy.deepcopy(row.tc_lst[-1]))


def without_tables(document):
    for table in document.tables:
        document.element.body.remove(table._tbl)


WRONG = {
    merged: "cells of the table are merged",
    merged_down: "cells of the table are merged",
    nested: "a table within a table",
    uneven: "fewer or more cells",
    huge: "too long",
    wide: "too long",
    without_tables: "none of the tables",
}


@pytest.mark.parametrize("spoil", WRONG, ids=lambda spoil: spoil.__name__)
def test_tables_that_are_no_plain_ones_are_refused_with_a_sentence(client, draft, spoil):
    document = download(client, draft, "risks")
    spoil(document)

    answer = upload(client, draft, "risks", document)

    assert answer.status_code == 422
    assert WRONG[spoil] in said(answer)
    assert not PlanUpload.objects.exists()


HOSTILE = {
    "not a document": (b"%PDF-1.4", "not what its name says"),
    "broken": (b"PK\x03\x04xxxx", "damaged"),
    "a bomb": (zipped(a__xml=b" " * (70 * 1024 * 1024)), "larger than"),
    "entities": (
        zipped(**{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}),
        "document type or entities",
    ),
    "another archive": (zipped(**{"a.txt": b"x"}), "damaged"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_is_not_kept(client, draft, kind):
    content, sentence = HOSTILE[kind]

    answer = upload(client, draft, "risks", content)

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert not PlanUpload.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("caretaker", 403), ("other_team", 404)])
def test_only_those_who_write_have_the_document(cast, browse, client, draft, role, status):
    other = browse(getattr(cast, role))
    where, _seen = preview_of(client, draft, "risks", download(client, draft, "risks"))

    answers = [
        other.get(f"{address(draft, 'risks')}sekcja.docx"),
        upload(other, draft, "risks", download(client, draft, "risks")),
        other.get(where),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3
