"""An expert opens attached files beside the criteria: by the keyboard, narrow, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.acting import open_page
from tests.plans.attached import HOSTILE, PICTURE, attached, real_pdf
from tests.situations import plan_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(cast, tmp_path):
    review = plan_version(cast, "in_review").reviews.get()
    attached(review.version, "protokol.pdf", real_pdf(tmp_path), by=cast.author, title="Protokół debaty")
    attached(review.version, "mapa.png", PICTURE, by=cast.author, title="Mapa szkół")
    attached(review.version, "strona.pdf", HOSTILE, by=cast.author, title="Strona")
    return review


def opened(page, number):
    """Open the place of one file by the keyboard; return it."""
    place = page.locator("details[data-shown]").nth(number)
    place.locator("summary").press("Enter")
    return place


@pytest.mark.parametrize("width", [320, 1280])
def test_a_pdf_and_a_picture_open_inside_once_asked_for(cast, review, page_of, check, width):
    page = page_of(cast.reviewer, width)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "?pokaz" in request.url else None)
    open_page(page, "plans:review", review.pk)
    assert asked == []

    document, picture = opened(page, 0), opened(page, 1)

    expect(document.locator("iframe")).to_have_attribute("title", "Protokół debaty")
    expect(picture.locator("img")).to_have_js_property("naturalWidth", 1)
    page.wait_for_timeout(500)
    # The viewer of the browser has taken the document: the frame is no page of an error.
    assert any(frame.url.startswith("chrome-extension://") for frame in page.frames)
    box = document.locator("iframe").bounding_box()
    assert box["width"] <= width
    assert box["height"] >= 300
    check(page, f"review-files-inside-{width}")
    for _again in range(2):
        document.locator("summary").press("Enter")
    assert document.locator("iframe").count() == 1


def test_a_file_that_pretends_to_be_a_pdf_runs_nothing_on_the_page(cast, review, page_of):
    page = page_of(cast.reviewer)
    open_page(page, "plans:review", review.pk)
    title = page.title()

    expect(opened(page, 2).locator("iframe")).to_be_visible()
    page.wait_for_timeout(500)

    assert page.title() == title
    assert not [cookie for cookie in page.context.cookies() if cookie["value"] == "taken"]
    frame = next(frame for frame in page.frames if "?pokaz" in frame.url)
    assert frame.evaluate("document.contentType") == "application/pdf"


def test_without_scripts_the_place_holds_the_link_to_a_new_tab(cast, review, page_of):
    page = page_of(cast.reviewer, java_script_enabled=False)
    open_page(page, "plans:review", review.pk)

    link = opened(page, 0).locator("a")

    assert link.get_attribute("href").endswith("?pokaz")
    assert page.locator("iframe").count() == 0
