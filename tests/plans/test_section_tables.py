"""A section of rows goes out as a document with tables and comes back: cell by cell, after a look."""

import copy
from datetime import date
from decimal import Decimal

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import html

from plans.models import Action, Debate, Evidence, Goal, PlanUpload, Risk, SectionRevision, SwotItem
from plans.sections import STRUCTURES
from plans.transfer.tables import KEYS, code_of
from tests.access_things import attached
from tests.plans.pages import address, version_digest
from tests.plans.section_tables import download, insert, preview_of, unusable, write
from tests.plans.transfer_files import hidden, said
from tests.situations import complete_draft, grow, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return complete_draft(cast)


@pytest.fixture
def client(cast, browse):
    return browse(cast.author)


ROWS = [key for key in STRUCTURES if key != "evidence"]


@pytest.mark.parametrize("key", ROWS)
def test_an_untouched_document_changes_nothing(client, draft, key):
    grow(draft, 3)
    Debate.objects.create(version=draft, conclusions="- jeden\n- dwa\n\n1. raz  i\tdwa\n\nkoniec ")
    before = version_digest(draft)

    _where, seen = preview_of(client, draft, key, download(client, draft, key))

    assert "there is nothing to change" in said(seen)
    assert "stay as they are: 0" not in said(seen)
    assert "Not in the document" not in said(seen)
    assert not unusable(seen)
    assert version_digest(draft) == before


def test_every_kind_of_row_has_a_name_of_its_own():
    assert set(KEYS) == {row_set.name for row_sets in STRUCTURES.values() for row_set in row_sets}


def test_names_that_two_things_share_are_no_difference(client, draft):
    Goal.objects.create(version=draft, level="operational", title="Doświadczenia w każdej klasie")
    Action.objects.create(version=draft, title="Drugie; z średnikiem", goal=Goal.objects.last())

    _where, seen = preview_of(client, draft, "actions", download(client, draft, "actions"))

    assert "there is nothing to change" in said(seen)


def test_changed_and_new_rows_are_shown_and_written_by_the_button(client, draft):
    document = download(client, draft, "risks")
    table = document.tables[0]
    write(table, 1, "What we will do", "Szkolenia i stypendia")
    write(table, 2, "What may go wrong", "Brak pieniędzy")
    write(table, 2, "Effect", "high")
    before = version_digest(draft)

    where, seen = preview_of(client, draft, "risks", document)
    untouched = version_digest(draft)
    answer = client.post(where, hidden(seen))

    assert "New rows: 1. Changed: 1. Rows that stay as they are: 0." in said(seen)
    assert "Before: Szkolenia After: Szkolenia i stypendia" in said(seen)
    assert untouched == before
    assert answer.url == address(draft, "risks")
    old, new = Risk.objects.filter(version=draft)
    assert (old.name, old.likelihood, old.response) == ("Brak nauczycieli", 2, "Szkolenia i stypendia")
    assert (new.name, new.likelihood, new.impact) == ("Brak pieniędzy", None, 3)
    assert new.origin.startswith("file sekcja.docx, ")
    assert SectionRevision.objects.get(key="risks").by.email == "author@example.org"
    assert PlanUpload.objects.get().applied_at


def test_an_emptied_cell_empties_the_field_and_says_so(client, draft):
    document = download(client, draft, "goals")
    write(document.tables[1], 1, "Key competences", "")
    write(document.tables[1], 1, "Serves the strategic goal", "")

    _where, seen = preview_of(client, draft, "goals", document)
    insert(client, draft, "goals", document)

    assert "Before: Uczeń, który bada świat After: (empty)" in said(seen)
    goal = Goal.objects.get(version=draft, level="operational")
    assert (goal.title, goal.parent, goal.competences.count()) == ("Doświadczenia w każdej klasie", None, 0)


def test_rows_that_are_not_in_the_document_are_named_and_stay(client, draft):
    grow(draft, 2)
    document = download(client, draft, "actions")
    for table, number in zip(document.tables, (1, 2), strict=True):
        table._tbl.remove(table.rows[number]._tr)
    write(document.tables[0], 1, "Who is responsible", "Dyrektorzy")

    _where, seen = preview_of(client, draft, "actions", document)
    insert(client, draft, "actions", document)

    assert "Not in the document: these stay as they are Pracownie przyrodnicze" in said(seen)
    assert list(Action.objects.filter(version=draft).values_list("title", "responsible")) == [
        ("Pracownie przyrodnicze", "Inspektor oświaty"),
        ("Zadanie 0", "Dyrektorzy"),
        ("Zadanie 1", "Inspektor oświaty"),
    ]


def test_a_whole_table_that_is_gone_takes_no_row_with_it(client, draft):
    document = download(client, draft, "actions")
    document.element.body.remove(document.tables[1]._tbl)

    _where, seen = preview_of(client, draft, "actions", document)

    assert "Not in the document" in said(seen)
    assert "there is nothing to change" in said(seen)


def test_a_wrong_value_is_told_by_table_row_and_column_and_the_rest_comes_in(client, draft):
    document = download(client, draft, "actions")
    write(document.tables[0], 1, "From", "kiedyś")
    write(document.tables[0], 1, "Who is responsible", "Wójt")
    write(document.tables[0], 2, "Serves the operational goal", "Nie ma takiego")
    write(document.tables[0], 2, "Action", "Nowe")

    _where, seen = preview_of(client, draft, "actions", document)
    insert(client, draft, "actions", document)

    assert [row[:4] for row in unusable(seen)] == [
        ["Actions", "1", "From", "kiedyś"],
        ["Actions", "2", "Serves the operational goal", "Nie ma takiego"],
    ]
    assert list(Action.objects.filter(version=draft).values_list("title", "responsible", "starts")) == [
        ("Pracownie przyrodnicze", "Wójt", date(2026, 9, 1)),
        ("Nowe", "", None),
    ]


def test_columns_may_be_moved_and_left_out(client, draft):
    document = download(client, draft, "risks")
    for row in document.tables[0]._tbl.tr_lst:
        row.append(row.tc_lst[0])
        row.remove(row.tc_lst[1])
    write(document.tables[0], 1, "What may go wrong", "Inaczej")

    insert(client, draft, "risks", document)

    assert list(Risk.objects.values_list("name", "likelihood", "impact", "response")) == [
        ("Inaczej", 2, 3, "Szkolenia")
    ]


def test_moved_lines_are_the_same_rows(client, draft):
    grow(draft, 2)
    document = download(client, draft, "indicators")
    table = document.tables[0]._tbl
    table.insert(table.index(table.tr_lst[1]), table.tr_lst[3])

    _where, seen = preview_of(client, draft, "indicators", document)

    assert "New rows: 0. Changed: 0. Rows that stay as they are: 3." in said(seen)


def test_a_renamed_goal_may_be_pointed_to_by_its_new_name(client, draft):
    document = download(client, draft, "goals")
    write(document.tables[0], 1, "Goal", "Uczeń pyta")
    write(document.tables[1], 1, "Serves the strategic goal", "Uczeń pyta")
    write(document.tables[1], 2, "Serves the strategic goal", "Uczeń pyta")
    write(document.tables[1], 2, "Goal", "Kółka badaczy")

    insert(client, draft, "goals", document)

    assert list(Goal.objects.filter(level="operational").values_list("title", "parent__title")) == [
        ("Doświadczenia w każdej klasie", "Uczeń pyta"),
        ("Kółka badaczy", "Uczeń pyta"),
    ]


def test_lines_that_share_a_code_or_bear_a_strange_one_are_left_out_and_told(client, draft):
    document = download(client, draft, "risks")
    table = document.tables[0]
    table._tbl.insert(table._tbl.index(table.rows[2]._tr), copy.deepcopy(table.rows[1]._tr))
    write(table, 2, "What may go wrong", "Kopia")
    table.rows[3].cells[0].text = "7\n#0123456789"
    write(table, 3, "What may go wrong", "Obcy")
    table.rows[4].cells[0].text = "#popsuty"
    write(table, 4, "What may go wrong", "Popsuty")

    _where, seen = preview_of(client, draft, "risks", document)

    assert [row[:2] for row in unusable(seen)] == [["Risks", str(row)] for row in (2, 3, 4)]
    assert "another row has this code: empty this cell" in said(seen)
    assert "the plan has no row with this code: empty this cell" in said(seen)
    assert "there is nothing to change" in said(seen)


def test_rows_whose_codes_were_lost_are_known_by_their_names(client, draft):
    document = download(client, draft, "risks")
    for row in document.tables[0]._tbl.tr_lst:
        row.remove(row.tc_lst[0])
    write(document.tables[0], 1, "What we will do", "Inaczej")

    insert(client, draft, "risks", document)

    assert list(Risk.objects.values_list("name", "response")) == [("Brak nauczycieli", "Inaczej")]


def test_two_rows_of_one_name_keep_apart_by_their_codes(client, draft):
    for _number in range(2):
        Risk.objects.create(version=draft, name="Ten sam")
    document = download(client, draft, "risks")
    write(document.tables[0], 3, "What we will do", "Trzeci")
    write(document.tables[0], 4, "What may go wrong", "Ten sam")

    insert(client, draft, "risks", document)

    assert list(Risk.objects.values_list("name", "response")) == [
        ("Brak nauczycieli", "Szkolenia"),
        ("Ten sam", ""),
        ("Ten sam", "Trzeci"),
        ("Ten sam", ""),
    ]


def test_tables_that_look_alike_are_told_apart(client, draft):
    document = download(client, draft, "swot")
    write(document.tables[3], 2, "What exactly", "Nowe zagrożenie")
    write(document.tables[1], 1, "What exactly", "Inna słabość")

    insert(client, draft, "swot", document)

    assert list(SwotItem.objects.order_by("pk").values_list("kind", "body"))[1:] == [
        ("w", "Inna słabość"),
        ("o", "Punkt o"),
        ("t", "Punkt t"),
        ("t", "Nowe zagrożenie"),
    ]


def card_cell(table, heading):
    return next(row.cells[1] for row in table.rows if row.cells[0].text == heading)


def test_rows_too_wide_for_a_page_are_a_table_each(client, draft):
    document = download(client, draft, "debate")
    first, empty = document.tables
    card_cell(first, "Teachers").text = "12"
    card_cell(empty, "Place").text = "Biblioteka"
    card_cell(empty, "Conclusions").text = "Raz"
    card_cell(empty, "Conclusions").add_paragraph("dwa")

    insert(client, draft, "debate", document)

    assert list(Debate.objects.values_list("held_on", "place", "teachers", "conclusions")) == [
        (date(2026, 2, 3), "Dom kultury", 12, "Więcej doświadczeń."),
        (None, "Biblioteka", None, "Raz\ndwa"),
    ]


def test_tables_that_ran_into_one_are_read_apart(client, draft):
    for key in ("debate", "swot"):
        document = download(client, draft, key)
        first, *others = document.tables
        for table in others:
            for row in table._tbl.tr_lst:
                first._tbl.append(row)
            document.element.body.remove(table._tbl)

        _where, seen = preview_of(client, draft, key, document)

        assert "there is nothing to change" in said(seen)
        assert "Not in the document" not in said(seen)
        assert not unusable(seen)


def test_what_other_programs_drop_and_add_does_no_harm(client, draft):
    document = download(client, draft, "risks")
    document.core_properties.keywords = document.core_properties.identifier = ""
    for paragraph in document.element.body.iter(qn("w:p")):
        if paragraph.pPr is not None:
            paragraph.remove(paragraph.pPr)
    table = document.tables[0]
    row = table.rows[1]._tr
    frame = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    row.addprevious(frame)
    frame[1].append(row)
    table.rows[0].cells[1]._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="1"/>'))

    _where, seen = preview_of(client, draft, "risks", document)

    assert "New rows: 0. Changed: 0. Rows that stay as they are: 1." in said(seen)


def test_a_line_removed_with_tracked_changes_is_not_in_the_document(client, draft):
    document = download(client, draft, "risks")
    properties = document.tables[0].rows[1]._tr.get_or_add_trPr()
    properties.append(parse_xml(f"<w:del {nsdecls('w')} w:id='1' w:author='a'/>"))

    _where, seen = preview_of(client, draft, "risks", document)

    assert "Not in the document: these stay as they are Brak nauczycieli" in said(seen)


def test_words_and_columns_without_a_place_are_told(client, draft):
    document = download(client, draft, "risks")
    document.add_paragraph("Dopisek pod tabelą")
    document.tables[0].rows[0].cells[4].text = "Nasza rada"
    document.add_heading("Inna", level=2)
    document.add_table(1, 1).cell(0, 0).text = "Obca"

    _where, seen = preview_of(client, draft, "risks", document)

    assert "Words outside the tables stay in the document." in said(seen)
    assert "does not know the column “Nasza rada”" in said(seen)
    assert "table 2 (Obca)" in said(seen)
    assert "there is nothing to change" in said(seen)


def test_attachments_are_described_in_a_document_and_added_on_the_page(cast, client, draft):
    attached(draft, cast.lead)
    document = download(client, draft, "evidence")
    table = document.tables[0]
    write(table, 1, "What it confirms", "Debatę")
    line = copy.deepcopy(table.rows[1]._tr)
    table._tbl.append(line)
    write(table, 2, "Title", "Bez pliku")
    table.rows[2].cells[0].text = ""

    _where, seen = preview_of(client, draft, "evidence", document)
    insert(client, draft, "evidence", document)

    assert "x.pdf" in table.rows[1].cells[0].text
    assert "a file is attached on the page of the section" in said(seen)
    assert list(Evidence.objects.values_list("title", "proves")) == [("Protokół", "Debatę")]


def test_an_empty_section_is_filled_in_from_its_document(cast, client):
    draft = started_plan(cast).latest()
    document = download(client, draft, "budget")
    write(document.tables[0], 1, "Year", "2027 r.")
    write(document.tables[0], 1, "Source of money", "own funds")
    write(document.tables[0], 1, "Amount, PLN", "12 000,50 zł")

    insert(client, draft, "budget", document)

    line = draft.budgetline_rows.get()
    assert (line.year, line.source, line.amount) == (2027, "own", Decimal("12000.50"))


def test_the_page_of_a_section_offers_the_document_beside_the_spreadsheet(client, draft):
    links = html.fromstring(client.get(address(draft, "goals")).content).xpath("//main//a/@href")

    assert address(draft, "goals") + "sekcja.docx" in links
    assert address(draft, "goals") + "dokument/" in links
    assert f"/plany/{draft.plan_id}/wstaw/" in links


def test_every_line_bears_the_code_of_its_row(client, draft):
    document = download(client, draft, "risks")
    risk = Risk.objects.get(version=draft)

    assert document.tables[0].rows[1].cells[0].text == f"1\n{code_of(risk.uid)}"


def test_documents_of_many_rows_ask_as_many_queries_as_of_few(client, draft, django_assert_max_num_queries):
    grow(draft, 60)
    document = download(client, draft, "actions")
    where, _seen = preview_of(client, draft, "actions", document)

    with django_assert_max_num_queries(45):
        client.get(where)
    with django_assert_max_num_queries(25):
        download(client, draft, "actions")
