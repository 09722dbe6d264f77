"""The PDF of a sent version: what a screen reader, a printer and an archive find in it."""

import re
import shutil
import subprocess
from io import BytesIO
from time import perf_counter

import pikepdf
import pytest
from django.core.management import call_command

from plans.documents import pdf as documents
from plans.documents.pdf import NOT_SHOWN, plan_pdf, showable
from plans.documents.wording import day
from plans.facts import accepted_at
from plans.models import Action, Goal, PlanVersion, Text
from plans.tasks import make_document
from plans.workflow import VERSION
from tests.plans.pdf_text import text_of as structured_text
from tests.situations import complete_draft, decide, grow, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

NASTY = 'Zażółć gęślą jaźń #read("/etc/passwd") *b* $x$ @x <y> \\ 😀 \u202e'


def sent(cast, **texts):
    """A version that was sent, with the given texts by key of the section."""
    version = complete_draft(cast)
    for key, body in texts.items():
        Text.objects.filter(version=version, key=key).update(body=body)
    return send(version, cast)


def send(version, cast):
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    return PlanVersion.objects.for_page().get(pk=version.pk)


def opened(version):
    return pikepdf.open(BytesIO(plan_pdf(version)))


def elements(node, found=None):
    """Return the elements of the structure tree in the order in which they are read."""
    found = [] if found is None else found
    if not isinstance(node, pikepdf.Dictionary):
        return found
    if "/S" in node:
        found.append(node)
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        elements(kid, found)
    return found


def tags(pdf):
    return [str(element.S)[1:] for element in elements(pdf.Root.StructTreeRoot)]


def bookmarks(pdf):
    with pdf.open_outline() as outline:
        return [(root.title, [child.title for child in root.children]) for root in outline.root]


def test_a_document_is_tagged_and_names_its_language_and_title(cast):
    with opened(sent(cast)) as pdf:
        facts = (
            bool(pdf.Root.MarkInfo.Marked),
            str(pdf.Root.Lang),
            bool(pdf.Root.ViewerPreferences.DisplayDocTitle),
            str(pdf.docinfo["/Title"]),
            pdf.open_metadata()["pdfuaid:part"],
        )

    assert facts == (True, "pl-PL", True, "Plan rozwoju oświaty gminy", "1")


def test_headings_begin_with_one_title_and_skip_no_level(cast):
    with opened(sent(cast)) as pdf:
        levels = [int(tag[1]) for tag in tags(pdf) if re.fullmatch(r"H\d", tag)]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(level - before <= 1 for before, level in zip(levels, levels[1:], strict=False))


def test_every_section_has_a_bookmark_under_the_title(cast):
    version = sent(cast)
    with opened(version) as pdf:
        found = bookmarks(pdf)

    titles = [section.title for section in version.plan.template.sections.all()]
    assert [(title, [child for child in children if child in titles]) for title, children in found] == [
        ("Plan rozwoju oświaty gminy", titles)
    ]


def test_every_table_has_a_caption_and_headers_of_its_columns(cast):
    with opened(sent(cast)) as pdf:
        tables = [node for node in elements(pdf.Root.StructTreeRoot) if node.S == "/Table"]
        shapes = [
            (names.count("Caption"), "THead" in names and names.count("TH") > 1, "TD" in names)
            for names in ([str(element.S)[1:] for element in elements(table)] for table in tables)
        ]

    assert shapes == [(1, True, True)] * len(shapes)
    assert len(shapes) >= 5


def test_rows_with_many_columns_get_a_page_on_its_side(cast):
    version = complete_draft(cast)
    grow(version, 6)
    with opened(send_unchecked(version)) as pdf:
        sides = {page.MediaBox[2] > page.MediaBox[3] for page in pdf.pages}

    assert sides == {True, False}


def test_every_typeface_is_embedded_and_says_which_letters_it_shows(cast):
    with opened(sent(cast, zespol="Zażółć gęślą jaźń → ✓")) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and is_font(item)]
        descriptors = [item for item in pdf.objects if is_descriptor(item)]
        embedded = ["/FontFile2" in item or "/FontFile3" in item for item in descriptors]
        mapped = ["/ToUnicode" in font for font in fonts]

    assert embedded == [True] * len(embedded)
    assert mapped == [True] * len(mapped)
    assert len(mapped) > 1


def is_font(item):
    return item.get("/Type") == "/Font" and item.get("/Subtype") == "/Type0"


def is_descriptor(item):
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"


def test_the_same_version_gives_the_same_bytes(cast):
    version = sent(cast)

    assert plan_pdf(version) == plan_pdf(PlanVersion.objects.for_page().get(pk=version.pk))


def test_a_draft_says_on_its_first_page_and_in_every_foot_that_it_was_not_sent(cast):
    version = plan_version(cast, "awaiting_signature")

    said = documents.contents(version, None)
    with opened(version) as pdf:
        words = structured_text(pdf)

    assert re.search(r"Statusdraft of [\w ]+, not sent", words)
    assert re.search(r" · version 1 · draft of [\w ]+, not sent$", said["footer"])
    assert "SHA-256" not in words + said["footer"]


def test_the_pdf_of_a_draft_is_never_kept_as_the_one_that_was_sent(cast):
    version = plan_version(cast, "awaiting_signature")

    with pytest.raises(ValueError, match="Only a version that was sent"):
        make_document.func(version.pk)

    version.refresh_from_db()
    assert not version.document


def test_what_people_wrote_is_shown_as_they_wrote_it(cast):
    version = sent(cast, zespol=f"{NASTY}\n\n- pierwszy\n- drugi\n\n1. raz\n2. dwa")
    Goal.objects.filter(version=version).update(title=NASTY, description="- a\n- b")
    Action.objects.filter(version=version).update(title="h" * 400)

    with opened(version) as pdf:
        assert tags(pdf).count("L") > 2
    if shutil.which("pdftotext"):
        words = text_of(plan_pdf(version))
        assert 'Zażółć gęślą jaźń #read("/etc/passwd") *b* $x$ @x <y> \\ □' in words


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_sections_are_read_in_the_order_of_the_template(cast):
    version = sent(cast)
    said = documents.contents(version, None)

    assert [part["title"] for part in said["parts"]] == [
        section.title for section in version.plan.template.sections.all()
    ]


def test_empty_rows_and_sections_are_no_obstacle(cast):
    version = complete_draft(cast)
    Goal.objects.create(version=version, level="operational")
    Action.objects.create(version=version)
    version = send_unchecked(version)
    Text.objects.filter(version=version).update(body="  ")

    with opened(version) as pdf:
        assert tags(pdf).count("H1") == 1


def send_unchecked(version):
    PlanVersion.objects.filter(pk=version.pk).update(
        status="sent", sent_at=version.changed_at, sha256="a" * 64, register_number="PS/2026/0001"
    )
    return PlanVersion.objects.for_page().get(pk=version.pk)


def test_every_sign_that_is_let_through_can_be_set(cast):
    signs = [chr(code) for code in range(0x20, 0x10000) if not NOT_SHOWN.match(chr(code))]
    version = sent(cast)
    Text.objects.filter(version=version, key="zespol").update(body=" ".join(f"x{sign}" for sign in signs))

    assert plan_pdf(version)[:5] == b"%PDF-"


def test_a_picture_becomes_a_box_and_an_unseen_mark_goes():
    assert showable({"a": ["tak 😀", "za\u202elew", "a\x0bb", 5]}) == {"a": ["tak □", "zalew", "a b", 5]}


def test_a_long_word_may_be_broken():
    assert showable("https://example.org/" + "a" * 30).count("\u200b") == 4


def test_the_document_tells_who_sent_what_and_when(cast):
    version = sent(cast)
    said = documents.contents(version, None)

    assert version.register_number in said["footer"]
    assert version.sha256[:12] in said["footer"]
    assert said["unit"].endswith("Brzozów")


def test_the_document_is_made_when_the_plan_is_sent_and_again_when_it_is_accepted(cast):
    version = plan_version(cast, "in_review")
    call_command("jobs", "--once")
    first = PlanVersion.objects.get(pk=version.pk).document
    hand_in(judged(version.reviews.get()))
    decide(version, "accept", by=cast.coordinator)
    call_command("jobs", "--once")
    second = PlanVersion.objects.get(pk=version.pk).document

    assert ["accepted" in document.name for document in (first, second)] == [False, True]
    assert [first.storage.exists(document.name) for document in (first, second)] == [False, True]


def test_a_job_that_runs_twice_writes_one_document(cast):
    version = plan_version(cast, "sent")
    make_document.func(version.pk)
    name = PlanVersion.objects.get(pk=version.pk).document.name
    make_document.func(version.pk)

    assert PlanVersion.objects.get(pk=version.pk).document.name == name


def test_the_title_page_says_that_the_plan_is_accepted(cast):
    version = PlanVersion.objects.for_page().get(pk=plan_version(cast, "accepted").pk)
    accepted = accepted_at(version)
    status = documents.facts(version, accepted)[0]["blocks"]

    assert status == [
        ("p", [f"accepted by ORE on {day(accepted)}", f"(sent to ORE on {day(version.sent_at)})"])
    ]


def test_sixty_pages_take_less_than_three_seconds(cast):
    version = complete_draft(cast)
    Text.objects.filter(version=version).update(body="\n\n".join(["Zdanie o naszej gminie. " * 60] * 30))
    grow(version, 60)
    version = send_unchecked(version)
    seconds = []
    for _attempt in range(2):
        begun = perf_counter()
        pdf = plan_pdf(version)
        seconds.append(perf_counter() - begun)

    with pikepdf.open(BytesIO(pdf)) as opened_pdf:
        assert len(opened_pdf.pages) >= 60
    assert min(seconds) < 3
