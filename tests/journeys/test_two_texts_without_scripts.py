"""With scripts switched off two people in one section lose nothing either."""

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import open_page, press, write
from tests.situations import started_plan

pytestmark = pytest.mark.django_db(transaction=True)

READY = 'button[name="done"][value="ready"]'


@pytest.fixture
def plain(page_of):
    """Return a maker of pages in a browser that runs no scripts."""
    return lambda person: page_of(person, java_script_enabled=False)


def too_late(cast, plain):
    """Return a plan and the page of its lead, whose text came after the author's."""
    plan = started_plan(cast)
    first, second = plain(cast.author), plain(cast.lead)
    for page, text in ((first, "Tekst autora."), (second, "Tekst lidera.")):
        open_page(page, "plans:section", plan.pk, "wizja")
        write(page, body=text)
    press(first, READY)
    press(second, READY)
    return plan, second


def test_a_conflict_shows_both_texts(cast, plain):
    plan, second = too_late(cast, plain)

    expect(second.locator("[role=alert]")).to_contain_text(str(cast.author))
    expect(second.locator("details.stored")).to_contain_text("Tekst autora.")
    assert second.locator("#id_body").input_value() == "Tekst lidera."
    press(second, READY)
    assert plan.latest().text_rows.get(key="wizja").body == "Tekst lidera."


def test_two_texts_are_put_together_by_choosing(cast, plain):
    plan, second = too_late(cast, plain)
    open_page(second, "plans:section_merge", plan.pk, "wizja")
    press(second, "form:has([name=record]) button")

    body = plan.latest().text_rows.get(key="wizja").body
    assert "Tekst autora." in body
    assert "Tekst lidera." in body
