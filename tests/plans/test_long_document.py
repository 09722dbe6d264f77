"""The PDF of a plan of more than sixty pages: what the bar of such a document asks."""

import re
from decimal import Decimal
from io import BytesIO
from time import perf_counter

import pikepdf
import pytest

from plans.documents.pdf import plan_pdf
from plans.documents.wording import shape
from plans.models import ActionCost, BudgetLine, Goal, PlanVersion, Risk, Text
from plans.outline import outline
from portal.text import blocks
from tests.plans.pdf_text import text_of
from tests.plans.test_documents import bookmarks, elements, is_descriptor, send_unchecked
from tests.situations import complete_draft, grow

pytestmark = pytest.mark.django_db

UNSEEN = re.compile("[\\s\u00ad\u200b-]+")


@pytest.fixture
def long_plan(cast):
    """A sent version of more than sixty pages, every paragraph and row of which is another."""
    version = complete_draft(cast)
    for text in Text.objects.filter(version=version):
        sentences = [
            " ".join(f"Akapit {number}, zdanie {place} części {text.key}." for place in range(55))
            for number in range(24)
        ]
        text.body = "\n\n".join([*sentences, "- zażółć\n- gęślą", "1. jaźń\n2. źdźbło"])
        text.save()
    grow(version, 60)
    for number, goal in enumerate(Goal.objects.filter(version=version, level="operational")):
        goal.description = f"Dlaczego cel numer {number}: " + "bo tak mówi diagnoza i debata. " * 6
        goal.save()
    for number in range(40):
        ActionCost.objects.create(version=version, year=2027, source="eu", amount=Decimal(1000 + number))
        BudgetLine.objects.create(version=version, year=2028, source="own", amount=Decimal(2000 + number))
        Risk.objects.create(version=version, name=f"Ryzyko {number}", response=f"Odpowiedź {number}")
    return send_unchecked(version)


def seen(text):
    """Return the text without what a line end may change."""
    return UNSEEN.sub("", text)


def said_in_order(version):
    """Every text of the page in its order, as far as the document shows it in the same words."""
    for part in outline(version):
        yield part.title
        yield from (item for _kind, items in blocks(part.text) for item in items)
        for table in (table for table in part.tables if table.rows):
            is_card = shape(table) == "cards"
            yield table.title
            for row in table.rows:
                # A card begins with the name of its row, as on the page.
                cells = sorted(row.cells, key=lambda cell: not cell.is_name) if is_card else row.cells
                yield from (item for cell in cells for _kind, items in cell.blocks for item in items)


def test_a_plan_of_sixty_pages_meets_the_bar(long_plan):
    seconds = []
    for _attempt in range(2):
        begun = perf_counter()
        data = plan_pdf(PlanVersion.objects.for_page().get(pk=long_plan.pk))
        seconds.append(perf_counter() - begun)
    print(f"seconds: {min(seconds):.2f}")

    with pikepdf.open(BytesIO(data)) as pdf:
        titles = [part.title for part in outline(long_plan)]
        children = bookmarks(pdf)[0][1]
        tables = [node for node in elements(pdf.Root.StructTreeRoot) if node.S == "/Table"]
        heads = [[str(element.S) for element in elements(table)] for table in tables]
        descriptors = [item for item in pdf.objects if is_descriptor(item)]

        print(f"pages: {len(pdf.pages)}, tables: {len(tables)}")
        assert len(pdf.pages) >= 60
        assert (bool(pdf.Root.MarkInfo.Marked), str(pdf.Root.Lang)) == (True, "pl-PL")
        assert [child for child in children if child in titles] == titles
        assert all("/THead" in names and names.count("/TH") > 1 for names in heads)
        assert all("/FontFile2" in item or "/FontFile3" in item for item in descriptors)
        assert in_order(text_of(pdf), said_in_order(long_plan)) == []
    assert min(seconds) < 3


def in_order(whole, said):
    """Return what of `said` does not stand in the whole after what was said before it."""
    whole, missing, place = seen(whole), [], 0
    # The contents come first and name every section; what is told begins after them.
    first, *rest = said
    place = whole.find(seen(first), whole.find(seen(first)) + 1)
    assert place > 0
    for text in rest:
        found = whole.find(seen(text), place)
        if found < 0:
            missing.append(text)
        else:
            place = found + len(seen(text))
    return missing


def test_the_order_of_the_text_is_really_looked_at(long_plan):
    with pikepdf.open(BytesIO(plan_pdf(long_plan))) as pdf:
        whole = text_of(pdf)
    said = list(said_in_order(long_plan))

    assert in_order(whole, [said[0], *reversed(said[1:])]) != []
