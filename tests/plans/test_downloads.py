"""The files of a version, opened again: everything the page says is in them, and nothing for strangers."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.urls import reverse
from docx import Document
from pptx import Presentation
from pptx.util import Pt
from python_calamine import CalamineWorkbook

from plans.documents.docx import plan_docx
from plans.documents.sheets import plan_xlsx
from plans.documents.slides import plan_pptx
from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Goal,
    PlanIndicator,
    PlanVersion,
    Risk,
    SchoolCommitment,
    Text,
)
from plans.outline import outline
from plans.publishing import publish_plan
from portal.text import blocks
from tests.factories import SchoolFactory
from tests.situations import complete_draft, grow, plan_version

pytestmark = pytest.mark.django_db

NASTY = "=1+1 Zażółć 😀 \x0b\x01 <b>&amp; {{ x }} \u202e" + "x" * 10_000
VISION = "Pierwsze zdanie wizji. Drugie zdanie. Trzecie zdanie. Czwarte zdanie.\n\n- punkt\n\n1. raz\n2. dwa"


def draft(cast):
    version = complete_draft(cast)
    Text.objects.filter(version=version, key="wizja").update(body=VISION)
    grow(version, 12)
    return fresh(version)


def fresh(version):
    return PlanVersion.objects.for_page().get(pk=version.pk)


def nasty(cast):
    """A draft with the worst of texts in every text that people write."""
    version = complete_draft(cast)
    for model in (Text, Goal, Action, PlanIndicator, SchoolCommitment, BudgetLine, Risk):
        written = [
            field
            for field in model._meta.concrete_fields
            if field.get_internal_type() in {"TextField", "CharField"}
            and field.editable
            and not field.choices
        ]
        fields = {field.name: NASTY[: field.max_length] for field in written}
        model.objects.filter(version=version).update(**fields)
    version.title = NASTY[:300]
    version.save()
    return fresh(version)


def address(version, form=None):
    where = [version.plan_id, version.number]
    return reverse("plans:file", args=[*where, form]) if form else reverse("plans:files", args=where)


# --- What the files say ---------------------------------------------------------------------------


def words_of_docx(data):
    """All words of a text document in the order in which they are read, and of its feet."""
    document = Document(BytesIO(data))
    body = "".join(f"{node.text or ''} " for node in document.element.body.iter() if node.tag.endswith("}t"))
    feet = " ".join(p.text for section in document.sections for p in section.footer.paragraphs)
    return squeezed(body), squeezed(feet)


def squeezed(text):
    return " ".join(text.split())


def said_by(version):
    """Every text that the page of the version says, in its order: titles, texts and cells."""
    for part in outline(version):
        yield part.title
        yield from (item for _kind, items in blocks(part.text) for item in items)
        for table in part.tables:
            for row in table.rows:
                yield from (item for cell in row.cells for _kind, items in cell.blocks for item in items)


def test_the_text_document_says_all_that_the_page_says_in_its_order(cast):
    version = draft(cast)
    words, _feet = words_of_docx(plan_docx(version))
    place = 0
    for part in outline(version):
        found = words.find(squeezed(part.title), place)
        assert found >= place, part.title
        place = found

    assert [text for text in said_by(version) if squeezed(text) not in words] == []


def test_the_text_document_has_headings_headed_tables_and_lists_for_a_speller_of_polish(cast):
    version = draft(cast)
    document = Document(BytesIO(plan_docx(version)))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    styles = {p.style.name for p in document.paragraphs}
    heads = [table.rows[0]._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables]
    language = document.styles.element.xpath(".//w:rPrDefault//w:lang/@w:val")
    known = document.core_properties

    assert headings == [part.title for part in outline(version)]
    assert {"Title", "List Bullet", "List Number"} <= styles
    assert all(heads)
    assert len(heads) >= 4
    assert language == ["pl-PL"]
    assert (known.author, known.last_modified_by) == ("Urban-rural gmina Brzozów", "")


def test_a_draft_says_that_it_is_one_on_its_first_page_in_its_foot_and_on_every_slide(cast):
    version = draft(cast)
    words, feet = words_of_docx(plan_docx(version))
    slides = Presentation(BytesIO(plan_pptx(version))).slides
    about = rows_of_sheet(plan_xlsx(version), "About this file")

    assert "draft of" in words[:400]
    assert "version 1, draft of" in feet
    assert all("version 1, draft of" in words_of_slide(slide) for slide in slides)
    assert any(str(value).startswith("draft of") for _what, value in about)


def test_a_version_that_was_taken_back_says_so(cast):
    words, feet = words_of_docx(plan_docx(fresh(plan_version(cast, "taken_back"))))

    assert ("taken back" in words[:500], "taken back" in feet) == (True, True)


def rows_of_sheet(data, name):
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(name).to_python()


def test_the_spreadsheet_holds_numbers_and_days_as_such(cast):
    version = draft(cast)
    action = Action.objects.get(version=version, title="Pracownie przyrodnicze")
    ActionCost.objects.create(version=version, action=action, year=2027, source="eu", amount="2500.50")
    data = plan_xlsx(version)
    heads, *actions = rows_of_sheet(data, "Actions")
    first = dict(zip(heads, actions[0], strict=True))

    assert date(2026, 9, 1) in first.values()
    assert (first["Cost 2026, PLN"], first["Cost 2027, PLN"], first["Cost together, PLN"]) == (
        10000,
        2500.5,
        12500.5,
    )
    assert len(actions) == 13
    assert 10000 in rows_of_sheet(data, "Budget")[1]


def test_the_spreadsheet_has_every_row_of_what_it_counts(cast):
    version = draft(cast)
    book = CalamineWorkbook.from_filelike(BytesIO(plan_xlsx(version)))
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    counted = {"strategic", "operational", "action", "indicator", "school"}
    labels = [
        row.label
        for part in outline(version)
        for table in part.tables
        if table.name in counted
        for row in table.rows
    ]

    assert book.sheet_names == [
        "Goals",
        "Actions",
        "Costs",
        "Budget",
        "Indicators",
        "Schools",
        "About this file",
    ]
    assert [label for label in labels if label not in cells] == []


def words_of_slide(slide):
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return squeezed(" ".join(found))


def test_the_slides_show_goals_schools_money_and_indicators_and_tell_the_rest_in_notes(cast):
    version = draft(cast)
    slides = list(Presentation(BytesIO(plan_pptx(version))).slides)
    shown = " ".join(map(words_of_slide, slides))
    notes = squeezed(" ".join(slide.notes_slide.notes_text_frame.text for slide in slides))
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    told = {"strategic", "operational", "school", "indicator", "budget"}

    assert "Trzecie zdanie." in shown
    assert "Czwarte zdanie." not in shown
    assert "Czwarte zdanie." in notes
    assert all(f"Cel {number}" in shown and f"Wskaźnik {number}" in shown for number in range(12))
    assert [list(chart.plots[0].categories) for chart in charts] == [["2026"]]
    assert list(charts[0].plots[0].series[0].values) == [10000]
    for part in outline(version):
        for table in (table for table in part.tables if table.name in told):
            for row in table.rows:
                assert [cell.value for cell in row.cells if squeezed(cell.value) not in notes] == []


def test_no_letter_on_a_slide_is_smaller_than_eighteen_points_and_no_two_slides_have_one_title(cast):
    slides = list(Presentation(BytesIO(plan_pptx(draft(cast)))).slides)
    frames = [shape.text_frame for slide in slides for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    frames += [cell.text_frame for table in tables for row in table.rows for cell in row.cells]
    sizes = {run.font.size for frame in frames for p in frame.paragraphs for run in p.runs}
    titles = [slide.shapes.title.text_frame.text for slide in slides]

    assert min(sizes) >= Pt(18)
    assert len(titles) == len(set(titles))


def test_an_operational_goal_stands_under_the_strategic_one_that_it_serves(cast):
    version = draft(cast)
    second = Goal.objects.create(version=version, level="strategic", title="Drugi cel", position=50)
    Goal.objects.create(version=version, level="operational", parent=second, title="Jego część", position=51)
    points = [
        (p.level, p.text)
        for slide in Presentation(BytesIO(plan_pptx(version))).slides
        for p in (slide.placeholders[1].text_frame.paragraphs if len(slide.placeholders) > 1 else [])
    ]

    assert points[points.index((0, "Drugi cel")) + 1] == (1, "Jego część")


# --- Texts that break things ----------------------------------------------------------------------


def test_no_text_breaks_a_file_and_none_is_a_formula(cast):
    version = nasty(cast)
    words, _feet = words_of_docx(plan_docx(version))
    data = plan_xlsx(version)
    slides = Presentation(BytesIO(plan_pptx(version))).slides

    assert "x" * 10_000 in words
    assert "😀" in words
    assert any(str(cell).startswith("=1+1 Zażółć") for row in rows_of_sheet(data, "Goals") for cell in row)
    assert b"<f>" not in sheet_xml(data)
    assert len(slides) >= 5


def sheet_xml(data):
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))


def test_a_text_longer_than_a_cell_may_hold_says_that_it_was_cut(cast):
    version = complete_draft(cast)
    Goal.objects.filter(version=version, level="strategic").update(description="a " * 30_000)
    cells = [cell for row in rows_of_sheet(plan_xlsx(fresh(version)), "Goals") for cell in row]

    assert max(len(str(cell)) for cell in cells) < 32_767
    assert any("cut here" in str(cell) for cell in cells)


def test_an_empty_plan_has_files_too(cast):
    from tests.situations import started_plan

    version = fresh(started_plan(cast).latest())

    assert all(make(version)[:2] == b"PK" for make in (plan_docx, plan_xlsx, plan_pptx))


# --- The page and the addresses -------------------------------------------------------------------


def test_a_draft_is_handed_to_its_team_in_all_forms(cast, browse):
    version = draft(cast)
    client = browse(cast.reader)
    page = client.get(address(version)).content.decode()
    codes = {
        form: client.get(address(version, form)).status_code
        for form in ("pdf", "docx", "xlsx", "pptx", "exe")
    }

    assert [address(version, form) in page for form in ("pdf", "docx", "xlsx", "pptx")] == [
        True,
        True,
        True,
        True,
    ]
    assert codes == {"pdf": 200, "docx": 200, "xlsx": 200, "pptx": 200, "exe": 404}


def test_no_file_of_a_draft_reaches_who_may_not_read_it(cast, browse):
    version = draft(cast)
    forms = ("pdf", "docx", "xlsx", "pptx")
    codes = {
        browse(person).get(address(version, form)).status_code
        for person in (cast.coordinator, cast.reviewer, cast.other_team, cast.operator, cast.former_member)
        for form in forms
    }

    assert codes == {404}
    assert {browse(None).get(address(version, form)).status_code for form in forms} == {302}


def test_a_published_plan_is_handed_to_everybody_but_its_slides_to_who_follows_it(cast, browse):
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    waiting = browse(None).get(address(version, "pdf"))
    call_command("jobs", "--once")
    client = browse(None)
    codes = {form: client.get(address(version, form)).status_code for form in ("pdf", "docx", "xlsx", "pptx")}
    page = client.get(reverse("plans:library_plan", args=[version.plan_id])).content.decode()

    assert waiting.status_code == 404
    assert codes == {"pdf": 200, "docx": 200, "xlsx": 200, "pptx": 302}
    assert browse(cast.other_team).get(address(version, "pptx")).status_code == 404
    assert browse(cast.lead).get(address(version, "pptx")).status_code == 200
    assert address(version) in page


def test_a_file_is_a_download_with_a_plain_and_a_polish_name_that_no_browser_opens(cast, browse):
    version = plan_version(cast, "sent")
    response = browse(cast.lead).get(address(version, "docx"))
    plain, polish = response["Content-Disposition"].split("; ")[1:]

    assert plain == 'filename="plan-urban-rural-gmina-brzozow-version-1.docx"'
    assert unquote(polish) == "filename*=UTF-8''Plan, Urban-rural gmina Brzozów, version 1.docx"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_the_page_of_the_plan_and_of_the_version_lead_to_the_files(cast, browse):
    version = plan_version(cast, "sent")
    pages = [version.plan.get_absolute_url(), version.get_absolute_url()]

    assert all(address(version) in browse(cast.lead).get(page).content.decode() for page in pages)


def test_files_ask_as_many_questions_for_a_long_plan_as_for_a_short_one(cast, django_assert_max_num_queries):
    version = draft(cast)
    SchoolFactory()
    with django_assert_max_num_queries(24):
        plan_docx(version)
