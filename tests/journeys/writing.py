"""Somebody at a section: what is typed, what the line says, what the server holds; and a broken autosave."""

from playwright.sync_api import expect

from plans.models import SectionRevision, Text
from tests.journeys.acting import open_page

SCRIPT = "**/autosave.js"
SENTENCE = "Szkoły uczą tego, co się przyda. "


def stored(plan, key="wizja"):
    return Text.objects.get(version=plan.latest(), key=key).body


def outcomes(plan, key="wizja"):
    rows = SectionRevision.objects.filter(version=plan.latest(), key=key).order_by("pk")
    return list(rows.values_list("outcome", "revision"))


def open_section(page, plan, key="wizja"):
    open_page(page, "plans:section", plan.pk, key)


def type_in(page, text):
    page.locator("#id_body").press_sequentially(text)


def told(page, word):
    """Wait until the line says what the form keeps for `word`: saving, failed or expired."""
    sentence = page.locator("form[data-autosave]").get_attribute(f"data-{word}")
    expect(page.locator("#save-state")).to_have_text(sentence)


def with_script(page, old, new, script=SCRIPT):
    """Give the page another script, if not said otherwise another autosave: the control that must fail."""

    def change(route):
        answer = route.fetch()
        assert old in answer.text()
        route.fulfill(response=answer, body=answer.text().replace(old, new))

    page.route(script, change)
