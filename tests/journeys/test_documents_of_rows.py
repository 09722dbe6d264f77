"""A document of rows is brought in: what it would change reads well on every width."""

import pytest

from plans.models import Risk
from tests.plans.pages import address
from tests.plans.section_tables import content_of, download, write
from tests.situations import complete_draft

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_document_goes_out_and_its_changes_are_shown(cast, browse, page_of, check, width):
    version = complete_draft(cast)
    Risk.objects.create(version=version, name="Nie ma w dokumencie")
    table = (document := download(browse(cast.author), version, "risks")).tables[0]
    table._tbl.remove(table.rows[2]._tr)
    write(table, 1, "Co zrobimy", "Szkolenia i stypendia")
    write(table, 2, "Co może się nie udać", "Brak pieniędzy")
    write(table, 3, "Co może się nie udać", "Zły wpis")
    write(table, 3, "Nasilenie skutków", "ogromny")
    page = page_of(cast.author, width)

    page.goto(address(version, "risks"))
    check(page, f"section-with-document-{width}")
    page.get_by_role("link", name="Wczytaj dokument").click()
    check(page, f"document-of-rows-bring-{width}")
    page.get_by_label("Dokument").set_input_files(
        {"name": "ryzyka.docx", "mimeType": "", "buffer": content_of(document)}
    )
    page.get_by_role("button", name="Pokaż").click()
    check(page, f"document-of-rows-preview-{width}")
    page.get_by_role("button", name="Wstaw").click()

    page.get_by_text("Wiersze zostały").wait_for()
    assert Risk.objects.filter(version=version).count() == 4
