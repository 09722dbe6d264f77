"""Pages for people who are not signed in are kept, and are never older than the last event."""

import gzip

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from plans.publishing import publish_plan
from portal import public_pages
from tests.situations import plan_version

pytestmark = pytest.mark.django_db

HOME, LIBRARY = reverse("home"), reverse("plans:library")


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.KEEP_PUBLIC_PAGES = True
    public_pages.kept.clear()
    yield
    public_pages.kept.clear()


@pytest.fixture
def page(cast):
    """The address of a published plan."""
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    return reverse("plans:library_plan", args=[version.plan_id])


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    return len(captured), response


def test_the_second_visitor_costs_one_query_and_reads_the_same(browse, page):
    for url in (HOME, LIBRARY, page):
        first, shown = queries(browse(None), url)
        second, again = queries(browse(None), url)

        assert first > 1
        assert second == 1
        assert again.content == shown.content
        assert len(again.cookies) == 0


def test_a_withdrawn_plan_is_gone_at_once(browse, cast, page):
    client = browse(None)
    assert [client.get(url).status_code for url in (page, page)] == [200, 200]
    assert "Brzozów" in client.get(LIBRARY).content.decode()

    plan = cast.participation.plan
    publish_plan(plan, published=False, by=cast.lead)

    assert client.get(page).status_code == 404
    assert "Brzozów" not in client.get(LIBRARY).content.decode()
    assert "Brzozów" not in client.get(HOME).content.decode()


def test_the_guard_itself_without_the_stamp_a_withdrawn_plan_would_be_shown(browse, cast, page, monkeypatch):
    """The control: a stamp that does not change shows what the real one prevents."""

    class Unchanging:
        objects = property(lambda self: self)

        def values_list(self, *args, **kwargs):
            return self

        def first(self):
            return 1

    monkeypatch.setattr(public_pages, "ChainHead", Unchanging())
    monkeypatch.setattr(public_pages, "now", lambda: 1)
    client = browse(None)
    client.get(page)
    publish_plan(cast.participation.plan, published=False, by=cast.lead)

    assert client.get(page).status_code == 200


def test_a_signed_in_person_never_gets_or_leaves_a_kept_page(browse, cast, page):
    browse(None).get(page)

    shown = browse(cast.lead).get(page)

    assert "lead@example.org" in shown.content.decode() or "Sign out" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "Sign out" not in browse(None).get(page).content.decode()


def test_a_message_to_a_visitor_is_not_kept_for_others(browse, cast):
    client = browse(cast.lead)
    client.post(reverse("account_logout"))
    client.get(HOME)

    assert 'class="messages"' not in browse(None).get(HOME).content.decode()


def test_who_has_the_page_already_is_told_so(browse, page):
    client = browse(None)
    first = client.get(page)

    again = client.get(page, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first["Cache-Control"]
    assert client.head(page).status_code == 200


def test_a_withdrawn_plan_is_not_answered_with_what_the_browser_has(browse, cast, page):
    client = browse(None)
    etag = client.get(page)["ETag"]
    publish_plan(cast.participation.plan, published=False, by=cast.lead)

    assert client.get(page, headers={"If-None-Match": etag}).status_code == 404


def test_kept_pages_leave_compressed_for_those_who_can_read_it(browse, page):
    client = browse(None)
    plain = client.get(page).content

    packed = client.get(page, headers={"Accept-Encoding": "gzip"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain


def test_other_questions_are_other_pages(browse, page):
    client = browse(None)

    assert client.get(LIBRARY).content != client.get(LIBRARY, {"szukaj": "xyz"}).content


def test_no_more_is_kept_than_fits(browse, page, monkeypatch):
    monkeypatch.setattr(public_pages, "MOST_BYTES", 40_000)
    client = browse(None)
    for number in range(20):
        client.get(LIBRARY, {"szukaj": f"slowo{number}"})

    assert 0 < len(public_pages.kept) < 20


def test_what_is_missing_is_not_kept(browse, db):
    browse(None).get(reverse("plans:library_plan", args=[987]))

    assert len(public_pages.kept) == 0


@pytest.mark.parametrize("template", ["{% csrf_token %}", "{{ request.csp_nonce }}"])
def test_a_page_with_a_secret_of_this_answer_is_not_kept(rf, template, db):
    request = rf.get("/strona/")
    request.csp_nonce = SimpleLazyObject(lambda: setattr(request, "_csp_nonce", "x") or "x")

    public_pages.public_page(
        lambda request: HttpResponse(
            engines["django"].from_string(template).render({"request": request}, request)
        )
    )(request)

    assert len(public_pages.kept) == 0
