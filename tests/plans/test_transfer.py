"""A spreadsheet brought into a draft: seen first, written by one button, through the door of the form."""

import io
from datetime import date
from decimal import Decimal

import pytest
from lxml import html
from python_calamine import CalamineWorkbook

from plans.models import (
    Action,
    BudgetLine,
    Goal,
    PlanIndicator,
    PlanUpload,
    SchoolCommitment,
    SectionRevision,
    StoredFile,
)
from plans.transfer.tables import TABLES, sheet_title
from plans.workflow import VERSION
from tests.plans.pages import address, form_of, posted, version_digest
from tests.plans.transfer_files import (
    hidden,
    insert,
    ods,
    ods_row,
    preview_of,
    said,
    tables,
    upload,
    xlsx,
    zipped,
)
from tests.situations import complete_draft, plan_version, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    return started_plan(cast).latest()


def whole_plan(school="123456"):
    return tables(
        strategic=[{"title": "PRZYKŁAD: cel wzorcowy"}, {"title": "Uczeń bada świat"}],
        operational=[{"parent": "uczeń bada  świat".replace("  ", " "), "title": "Doświadczenia"}],
        school=[{"school": school, "area": "przyroda"}],
        action=[
            {
                "goal": "DOŚWIADCZENIA",
                "title": "Pracownie",
                "starts": "2026-09-01",
                "ends": date(2027, 6, 30),
                "schools": school,
            }
        ],
        cost=[{"action": "Pracownie", "year": 2026, "source": "own", "amount": "12 000,50 zł"}],
        indicator=[{"goal": "Doświadczenia", "name": "Lekcje", "base": 1.5, "target": "4"}],
        budget=[{"year": "2026 r.", "source": "own", "amount": 0.1 + 0.2}],
    )


def own_source():
    return dict(BudgetLine._meta.get_field("source").flatchoices)["own"]


def test_the_template_names_what_the_unit_has_and_brings_nothing_in_by_itself(cast, browse, draft):
    client = browse(cast.author)

    content = b"".join(client.get(f"/plany/{draft.plan_id}/wzor.xlsx").streaming_content)

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert "Szkoła Podstawowa w Brzozowie" in str(book.get_sheet_by_index(7).to_python())
    _where, seen = preview_of(client, draft, content)
    assert "there is nothing to change" in said(seen)


def test_every_table_has_a_name_of_its_own_that_a_spreadsheet_allows():
    names = [sheet_title(row_set) for row_set in TABLES]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 31


def test_a_whole_plan_comes_from_one_file_with_its_links(cast, browse, draft):
    school = SchoolCommitment.objects.get(version=draft).school
    content = whole_plan(school.rspo)

    answer = insert(browse(cast.author), draft, content)

    assert answer.url == f"/plany/{draft.plan_id}/"
    assert Goal.objects.get(version=draft, level="operational").parent.title == "Uczeń bada świat"
    action = Action.objects.get(version=draft)
    assert (action.goal.title, action.starts, action.ends) == (
        "Doświadczenia",
        date(2026, 9, 1),
        date(2027, 6, 30),
    )
    assert [one.school for one in action.schools.all()] == [school]
    assert SchoolCommitment.objects.get(version=draft).area == "przyroda"
    assert PlanIndicator.objects.get(version=draft).base == Decimal("1.5")


def test_costs_and_money_keep_their_source_and_their_grosze(cast, browse, draft):
    source = own_source()
    content = tables(
        operational=[{"title": "Cel"}],
        action=[{"goal": "Cel", "title": "Pracownie"}],
        cost=[{"action": "Pracownie", "year": 2026, "source": source, "amount": "12 000,50 zł"}],
        budget=[
            {"year": "2026 r.", "source": source, "amount": 0.1 + 0.2},
            {"year": 2027, "source": source, "amount": "1.234.567,89"},
        ],
    )

    insert(browse(cast.author), draft, content)

    cost = Action.objects.get(version=draft).costs.get()
    assert (cost.year, cost.source, cost.amount) == (2026, "own", Decimal("12000.50"))
    amounts = list(BudgetLine.objects.filter(version=draft).values_list("year", "amount"))
    assert amounts == [(2026, Decimal("0.30")), (2027, Decimal("1234567.89"))]


def test_nothing_is_written_before_the_button(cast, browse, draft):
    before = version_digest(draft)

    _where, seen = preview_of(browse(cast.author), draft, tables(strategic=[{"title": "Cel"}]))

    assert "Cel" in said(seen)
    assert version_digest(draft) == before
    assert not SectionRevision.objects.exists()


def test_the_same_file_again_changes_nothing(cast, browse, draft):
    client = browse(cast.author)
    content = whole_plan(SchoolCommitment.objects.get(version=draft).school.rspo)
    insert(client, draft, content)
    before = version_digest(draft)

    _where, seen = preview_of(client, draft, content)

    assert "there is nothing to change" in said(seen)
    assert version_digest(draft) == before


def test_new_rows_say_where_they_come_from_and_old_ones_do_not(cast, browse, draft):
    client = browse(cast.author)
    Goal.objects.create(version=draft, level="strategic", title="Stary cel")
    content = tables(
        strategic=[
            {"title": "stary cel", "description": "Nowy opis"},
            {"title": "Nowy cel", "description": ""},
        ]
    )

    insert(client, draft, content, "Nasz plan.xlsx")

    old, new = Goal.objects.filter(version=draft)
    assert (old.title, old.description, old.origin) == ("stary cel", "Nowy opis", "")
    assert new.origin.startswith("file Nasz_plan.xlsx, ")
    for page in (address(draft, "goals"), f"/plany/{draft.plan_id}/wersje/1/"):
        assert new.origin in said(client.get(page))


def test_a_changed_row_is_shown_field_by_field_and_a_blank_cell_changes_nothing(cast, browse, draft):
    Goal.objects.create(version=draft, level="strategic", title="Cel", description="Było tak")
    content = tables(strategic=[{"title": "Cel", "description": ""}, {"title": "Inny", "description": ""}])
    _where, blank = preview_of(browse(cast.author), draft, content)

    _where, seen = preview_of(
        browse(cast.author), draft, tables(strategic=[{"title": "Cel", "description": "Ma być tak"}])
    )

    assert "Changed: 0" in said(blank)
    assert "Before: Było tak After: Ma być tak" in said(seen)


def test_what_cannot_be_used_is_told_by_sheet_row_column_and_value(cast, browse, draft):
    content = tables(
        operational=[{"parent": "Nie ma takiego", "title": "Cel"}],
        action=[
            {"goal": "Cel", "title": "Dobre", "starts": "kiedyś"},
            {"goal": "Cel", "title": "", "starts": "2026-09-01"},
            {"goal": "Cel", "title": "=A1", "starts": ""},
        ],
        budget=[{"year": 2026, "source": "z nieba", "amount": "dużo"}],
    )

    where, seen = preview_of(browse(cast.author), draft, content)
    browse(cast.author).post(where, hidden(seen))

    table = html.fromstring(seen.content).xpath("//tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in table]
    assert [row[:4] for row in cells] == [
        ["Operational goals", "2", "Serves the strategic goal", "Nie ma takiego"],
        ["Actions", "2", "From", "kiedyś"],
        ["Actions", "3", "Action", ""],
        ["Actions", "4", "Action", "=A1"],
        ["Money for the plan", "2", "Source of money", "z nieba"],
        ["Money for the plan", "2", "Amount, PLN", "dużo"],
    ]
    assert list(Action.objects.values_list("title", "starts")) == [("Dobre", None)]
    assert not BudgetLine.objects.exists()


def test_a_section_saved_meanwhile_stops_the_whole_file(cast, browse, draft):
    client = browse(cast.author)
    content = tables(strategic=[{"title": "Cel"}], budget=[{"year": 2026, "amount": 5}])
    where, seen = preview_of(client, draft, content)
    form = form_of(browse(cast.lead).get(address(draft, "budget")))
    browse(cast.lead).post(address(draft, "budget"), form | {"budget-0-note": "Umowa"})
    before = version_digest(draft)

    answer = client.post(where, hidden(seen))

    assert answer.status_code == 409
    assert "Somebody changed the section" in said(answer)
    assert version_digest(draft) == before
    assert PlanUpload.objects.get().applied_at is None
    assert not SectionRevision.objects.filter(key="goals").exists()


def test_a_double_click_brings_the_rows_in_once(cast, browse, draft):
    client = browse(cast.author)
    where, seen = preview_of(client, draft, tables(strategic=[{"title": "Cel"}]))

    first, second = client.post(where, hidden(seen)), client.post(where, hidden(seen))

    assert (first.status_code, second.status_code) == (302, 409)
    assert Goal.objects.filter(version=draft).count() == 1


def test_a_locked_section_is_said_and_nothing_is_written(cast, browse):
    version = plan_version(cast, "returned")
    following = version.plan.latest()
    client = browse(cast.author)
    content = tables(strategic=[{"title": "Nowy"}], budget=[{"year": 2027, "amount": 5}])
    before = version_digest(following)

    where, seen = preview_of(client, following, content)
    answer = client.post(where, hidden(seen))

    assert "is closed" in said(seen)
    assert answer.status_code == 409
    assert version_digest(following) == before


def test_what_waits_for_a_signature_takes_no_file(cast, browse):
    version = complete_draft(cast)
    VERSION.perform(version, "ask_signature", by=cast.author)

    answer = upload(browse(cast.author), version, tables(strategic=[{"title": "Cel"}]))

    assert answer.status_code == 403


def test_a_lone_table_is_known_by_its_headings(cast, browse, draft):
    text = "Lp.;Year;Source of money;Amount, PLN;Note\n;2026;own;1 000;uchwała\n"
    text = text.replace("own", str(own_source()))

    insert(browse(cast.author), draft, text.encode("cp1250"), "budżet.csv")

    assert list(BudgetLine.objects.values_list("year", "amount", "note")) == [(2026, 1000, "uchwała")]


def test_words_beside_the_table_are_no_rows_of_it(cast, browse, draft):
    text = f"Year;Source of money\n2026;{own_source()};\n;;suma\n;;\n"

    insert(browse(cast.author), draft, text.encode(), "budżet.csv")

    assert list(BudgetLine.objects.values_list("year", "source")) == [(2026, "own")]


def test_an_open_document_is_read_like_any_other(cast, browse, draft):
    rows = ods_row("Goal") + ods_row("Uczeń bada świat") + EMPTY_END

    insert(browse(cast.author), draft, ods(rows, "Strategic goals"), "plan.ods")

    assert Goal.objects.get(version=draft).title == "Uczeń bada świat"


# What LibreOffice writes below the last row.
EMPTY_END = (
    '<table:table-row table:number-rows-repeated="1048574">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def many_rows(count):
    return tables(strategic=[{"title": f"Cel {number}"} for number in range(count)])


HOSTILE = {
    "not a spreadsheet": ("plan.pdf", b"%PDF-1.7", "XLSX, ODS or CSV"),
    "another kind inside": ("plan.xlsx", b"%PDF-1.7", "not what its name says"),
    "a broken archive": ("plan.xlsx", b"PK\x03\x04" + b"x" * 500, "damaged"),
    "a bomb": ("plan.xlsx", zipped(a__xml=b"\x20" * (70 * 1024 * 1024)), "larger than"),
    "a program inside": ("plan.xlsx", zipped(xl__vbaProject=b"", **{"x.bin": b"MZ"}), "more than cells"),
    "entities": (
        "plan.ods",
        zipped(**{"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "document type or entities",
    ),
    "a row a million times": (
        "plan.ods",
        ods(ods_row("Goal") + ods_row("Cel", repeated=1_000_000), "Strategic goals"),
        "repeats one row",
    ),
    "names nobody knows": (
        "plan.xlsx",
        xlsx(Arkusz1=[["A"], ["1"]], Arkusz2=[["B"], ["2"]]),
        "Use the template",
    ),
    "columns nobody knows": ("plan.csv", b"a;b\n1;2\n", "headings of the template"),
    "nothing": ("plan.csv", b"", "empty"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_plan_gets_a_sentence_and_is_not_kept(cast, browse, draft, kind):
    name, content, sentence = HOSTILE[kind]

    answer = upload(browse(cast.author), draft, content, name)

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert (PlanUpload.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("count", "sentence"), [(301, "more than 300 rows"), (100_000, "more than 3000 rows")]
)
def test_more_rows_than_a_plan_has_are_refused(cast, browse, draft, count, sentence):
    answer = upload(browse(cast.author), draft, many_rows(count))
    page = browse(cast.author).get(answer.url) if answer.status_code == 302 else answer

    assert sentence in said(page)


@pytest.mark.parametrize("role", ["reader", "caretaker", "other_team"])
def test_only_those_who_write_bring_files(cast, browse, draft, role):
    answer = upload(browse(getattr(cast, role)), draft, tables(strategic=[{"title": "Cel"}]))

    assert answer.status_code in {403, 404}
    assert not StoredFile.objects.exists()


def test_a_file_of_another_plan_is_missing(cast, browse, draft):
    where, _seen = preview_of(browse(cast.author), draft, tables(strategic=[{"title": "Cel"}]))

    answer = browse(cast.other_team).get(where)

    assert answer.status_code == 404


def test_form_posted_by_hand_and_the_file_leave_the_same_rows(cast, browse, draft):
    client = browse(cast.author)
    form = form_of(client.get(address(draft, "goals")))
    client.post(address(draft, "goals"), posted(**form | {"strategic-0-title": "Cel"}))

    _where, seen = preview_of(client, draft, tables(strategic=[{"title": "Cel"}]))

    assert "there is nothing to change" in said(seen)


def test_the_preview_of_many_rows_asks_as_many_queries_as_of_few(
    cast, browse, draft, django_assert_max_num_queries
):
    client = browse(cast.author)
    where, _seen = preview_of(client, draft, many_rows(250))

    with django_assert_max_num_queries(45):
        client.get(where)
