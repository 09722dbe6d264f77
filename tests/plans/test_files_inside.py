"""Attached files beside the review: which address may stand in a frame, and what such a file may do there."""

import re

import pytest
from django.urls import reverse

from tests.plans.attached import HOSTILE, PICTURE, attached
from tests.plans.posting import address
from tests.situations import hand_in, judged, plan_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast):
    return plan_version(cast, "in_review").reviews.get()


def file_of(review, evidence, query="?pokaz"):
    return reverse("plans:evidence_file", args=[review.version.plan_id, 1, evidence.uid]) + query


def asked(client, path):
    response = client.get(path)
    response.close()
    return response


def headers(response):
    names = ("Content-Type", "X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy")
    return [response[name] for name in names]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", HOSTILE], ids=["document", "hostile"])
def test_a_pdf_may_stand_in_a_frame_of_ours_and_is_never_a_page(cast, browse, review, content):
    evidence = attached(review.version, "protokol.pdf", content, by=cast.author)

    response = asked(browse(cast.reviewer), file_of(review, evidence))

    assert headers(response) == [
        "application/pdf",
        "nosniff",
        "SAMEORIGIN",
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    ]
    assert response["Content-Disposition"] == 'inline; filename="protokol.pdf"'


@pytest.mark.parametrize(
    ("name", "query", "disposition"),
    [
        ("plan.png", "?pokaz", "inline"),
        ("plan.png", "", "attachment"),
        ("protokol.pdf", "", "attachment"),
        ("umowa.docx", "?pokaz", "attachment"),
    ],
)
def test_no_other_answer_may_stand_in_a_frame_and_all_are_sandboxed(
    cast, browse, review, name, query, disposition
):
    evidence = attached(review.version, name, PICTURE, by=cast.author)

    response = asked(browse(cast.reviewer), file_of(review, evidence, query))

    assert headers(response)[1:] == ["nosniff", "DENY", "sandbox; default-src 'none'"]
    assert response["Content-Disposition"].partition(";")[0] == disposition


def test_only_the_page_of_a_review_may_hold_frames_and_itself_stands_in_none(cast, browse, review):
    client = browse(cast.reviewer)

    own, other = client.get(address(review)), client.get(review.version.get_absolute_url())

    assert "frame-src 'self'" in own["Content-Security-Policy"].split("; ")
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"].split("; ")
    assert own["X-Frame-Options"] == "DENY"
    assert "frame-src" not in other["Content-Security-Policy"]


@pytest.mark.parametrize("state", ["written", "handed in"])
def test_files_that_a_browser_shows_have_a_place_beneath_their_row_and_others_none(
    cast, browse, review, state
):
    for name in ("protokol.pdf", "mapa.png", "umowa.docx"):
        attached(review.version, name, PICTURE, by=cast.author, title=f"Plik {name}")
    if state == "handed in":
        hand_in(judged(review))

    page = browse(cast.reviewer).get(address(review)).content.decode()

    places = re.findall(r'<details data-shown="(\w+)" data-title="([^"]+)">', page)
    assert [(kind, name.partition("Plik ")[2]) for kind, name in places] == [
        ("iframe", "protokol.pdf"),
        ("img", "mapa.png"),
    ]
    # Nothing is asked for until a place is opened, and without scripts there is the link.
    assert "<iframe" not in page
    assert page.count('?pokaz" target="_blank"') == 2
