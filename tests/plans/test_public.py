"""What everybody may see: the home page and the library, and nothing that was not published."""

from contextlib import contextmanager
from datetime import date
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.db.models.sql import compiler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jst.models import Jst
from plans.models import Evidence, Goal, Plan, PlanVersion, StoredFile, Text
from plans.publishing import publish_plan
from plans.workflow import VERSION
from tests.conftest import person_of
from tests.factories import EditionSetupFactory, JstFactory, ParticipationFactory
from tests.situations import about, complete_draft, decide, grow, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db

LIBRARY = reverse("plans:library")
XSS = "<script>alert('x')</script>"


@pytest.fixture
def setup(db):
    return EditionSetupFactory()


@pytest.fixture
def lubelskie(db):
    return JstFactory(code="06", kind="W", name="lubelskie")


def shelved(setup, name, number=0, **unit):
    """A published accepted plan, made at once: only what the lists read."""
    unit = {"kind": Jst.Kind.GW} | unit
    participation = ParticipationFactory(edition=setup.edition, jst=JstFactory(name=name, **unit))
    plan = Plan.objects.create(
        participation=participation,
        template=setup.template,
        scope=Plan.Scope.WIDE,
        published_on=date(2026, 1, 1 + number),
    )
    PlanVersion.objects.create(
        plan=plan, **about(f"Plan: {name}"), number=1, status="accepted", sent_at=timezone.now()
    )
    return plan


def published(cast):
    """The cast's plan, accepted and published; its version."""
    version = plan_version(cast, "accepted")
    publish_plan(version.plan, published=True, by=cast.lead)
    return PlanVersion.objects.get(pk=version.pk)


def page_of(plan):
    return reverse("plans:library_plan", args=[plan.pk])


def pdf_of(plan):
    return reverse("plans:library_document", args=[plan.pk])


def status_of(client, url):
    response = client.get(url)
    # A file is closed when it has been read.
    response.getvalue()
    return response.status_code


def titles(response):
    return [line.title for line in response.context["page"].object_list]


def said(response):
    return unescape(response.content.decode())


# --- Home -----------------------------------------------------------------------------------------


def test_home_is_open_to_everybody_and_shows_the_six_newest(browse, setup):
    for number in range(8):
        shelved(setup, f"Gmina {number}", number)

    response = browse(None).get(reverse("home"))

    assert response.status_code == 200
    assert [line.title for line in response.context["newest"]] == [
        f"Plan: Gmina {number}" for number in (7, 6, 5, 4, 3, 2)
    ]
    assert response.context["total"] == 8


def test_home_without_plans_says_when_one_appears(browse, db):
    response = browse(None).get(reverse("home"))

    assert response.context["newest"] == []
    assert "empty" in said(response)


def test_home_leads_to_the_sign_in_page_or_to_the_desk(browse, cast):
    main = said(browse(None).get(reverse("home"))).split("<main")[1]
    assert f'class="button" href="{reverse("account_login")}"' in main

    main = said(browse(cast.lead).get(reverse("home"))).split("<main")[1]
    assert f'class="button" href="{reverse("desk")}"' in main


def test_home_costs_one_query_and_sets_no_cookie(browse, setup, django_assert_num_queries):
    client = browse(None)
    for number in range(8):
        shelved(setup, f"Gmina {number}", number)

    with django_assert_num_queries(1):
        client.get(reverse("home"))
    assert len(client.cookies) == 0


# --- The library ----------------------------------------------------------------------------------


def test_the_library_is_in_polish_order(browse, setup):
    for name in ("Łomża", "Żory", "Lublin", "Ćmielów", "Cedynia", "Zator"):
        shelved(setup, name)

    response = browse(None).get(LIBRARY)

    assert titles(response) == [
        f"Plan: {name}" for name in ("Cedynia", "Ćmielów", "Lublin", "Łomża", "Zator", "Żory")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Łódź", "Łęczna", "łukowski", "Sopot", "Świdnik"]),
        ({"szukaj": "lodz"}, ["Łódź"]),
        ({"szukaj": "ŁĘCZNA"}, ["Łęczna"]),
        ({"szukaj": "gmina leczna"}, ["Łęczna"]),
        ({"rodzaj": "miejskie"}, ["Łódź", "Sopot"]),
        ({"rodzaj": "wiejskie"}, ["Świdnik"]),
        ({"rodzaj": "miejsko-wiejskie"}, ["Łęczna"]),
        ({"rodzaj": "powiaty"}, ["łukowski"]),
        ({"wojewodztwo": "06"}, ["Łęczna", "łukowski", "Świdnik"]),
        ({"wojewodztwo": "06", "rodzaj": "wiejskie", "szukaj": "swid"}, ["Świdnik"]),
        ({"szukaj": "xyz"}, []),
        ({"rodzaj": "obce", "wojewodztwo": "99"}, ["Łódź", "Łęczna", "łukowski", "Sopot", "Świdnik"]),
    ],
)
def test_one_looks_by_name_kind_and_voivodeship(browse, setup, lubelskie, query, found):
    shelved(setup, "Łódź", kind="MNP", code="106101", county_code="1061")
    shelved(setup, "Łęczna", kind="GMW", code="061001", parent=lubelskie)
    shelved(setup, "łukowski", kind="P", code="0611", parent=lubelskie)
    shelved(setup, "Sopot", kind="GM", code="226401")
    shelved(setup, "Świdnik", kind="GW", code="061701", parent=lubelskie)

    response = browse(None).get(LIBRARY, query)

    assert sorted(titles(response)) == sorted(f"Plan: {name}" for name in found)
    assert response.context["page"].paginator.count == len(found)


def test_a_line_says_where_the_unit_lies(browse, setup, lubelskie):
    county = JstFactory(code="0611", kind="P", name="łukowski", parent=lubelskie)
    shelved(setup, "Łuków", kind="GM", code="061101", parent=county)

    line = browse(None).get(LIBRARY).context["page"].object_list[0]

    assert line.place == f"{county.full_name}, {lubelskie.full_name}"
    assert line.years == "2026–2029"


def test_twenty_plans_make_a_page(browse, setup):
    for number in range(23):
        shelved(setup, f"Gmina {number}")

    pages = [browse(None).get(LIBRARY, {"page": number}) for number in (1, 2, "x", "0")]

    assert [len(titles(page)) for page in pages] == [20, 3, 20, 20]


@pytest.mark.parametrize("number", ["3", "999999", "9" * 5000])
def test_a_page_that_is_not_there_leads_to_the_first(browse, setup, number):
    shelved(setup, "Piaski")

    response = browse(None).get(LIBRARY, {"szukaj": "piaski", "page": number})

    assert (response.status_code, response["Location"]) == (302, f"{LIBRARY}?szukaj=piaski")


def test_an_empty_library_and_an_empty_search_say_different_things(browse, setup):
    empty = browse(None).get(LIBRARY)
    shelved(setup, "Piaski")
    unmatched = browse(None).get(LIBRARY, {"szukaj": "xyz"})

    links = [said(page).split('class="empty"')[1].count(f'href="{LIBRARY}">') for page in (empty, unmatched)]
    assert links == [0, 1]


@contextmanager
def rows_read(monkeypatch):
    """Count the rows that Django fetches."""
    count = [0]
    fetch = compiler.cursor_iter

    def counted(*args):
        for rows in fetch(*args):
            count[0] += len(rows)
            yield rows

    with monkeypatch.context() as patch:
        patch.setattr(compiler, "cursor_iter", counted)
        yield count


def test_sixty_plans_cost_what_three_do(browse, setup, lubelskie, monkeypatch):
    costs = []
    for many in (3, 30, 60):
        for number in range(Plan.objects.count(), many):
            shelved(setup, f"Gmina {number}")
        with CaptureQueriesContext(connection) as queries, rows_read(monkeypatch) as rows:
            browse(None).get(LIBRARY)
        costs.append((len(queries), rows[0]))

    assert [queries for queries, _rows in costs] == [2, 2, 2]
    assert costs[1] == costs[2]


# --- A plan ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "sent", "in_review", "returned", "not_accepted", "accepted"])
def test_only_an_accepted_plan_is_shown_and_only_when_published(browse, cast, status):
    plan = plan_version(cast, status).plan
    call_command("jobs", "--once")

    def answers():
        clients = [browse(person_of(cast, role)) for role in ("anonymous", "lead", "coordinator")]
        return {status_of(client, url) for client in clients for url in (page_of(plan), pdf_of(plan))}

    before = answers()
    Plan.objects.filter(pk=plan.pk).update(published_on=date(2026, 3, 1))
    after = answers()

    assert before == {404}
    assert after == {200 if status == "accepted" else 404}


def test_an_unpublished_plan_is_answered_as_one_that_never_was(browse, cast):
    plan = plan_version(cast, "accepted").plan
    missing = browse(None).get(reverse("plans:library_plan", args=[plan.pk + 1000]))

    response = browse(None).get(page_of(plan))

    assert response.status_code == missing.status_code == 404
    assert response.content == missing.content


def test_withdrawing_a_plan_hides_it_at_once_everywhere(browse, cast):
    version = published(cast)
    call_command("jobs", "--once")
    client = browse(None)
    addresses = [page_of(version.plan), pdf_of(version.plan)]
    assert [status_of(client, url) for url in addresses] == [200, 200]

    publish_plan(version.plan, published=False, by=cast.lead)

    assert [status_of(client, url) for url in addresses] == [404, 404]
    assert titles(client.get(LIBRARY)) == []
    assert client.get(reverse("home")).context["total"] == 0


def test_a_change_being_written_is_not_shown_until_it_is_accepted(browse, cast):
    version = published(cast)
    publish_plan(version.plan, published=True, later_too=True, by=cast.lead)
    VERSION.perform(version, "amend", by=cast.lead, comment="Nowa szkoła")
    draft = version.plan.latest()
    Text.objects.filter(version=draft, key="zespol").update(body="Zdanie ze szkicu.")
    assert "Zdanie ze szkicu." not in said(browse(None).get(page_of(version.plan)))

    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)
    hand_in(judged(draft.reviews.get()))
    decide(draft, "accept", by=cast.coordinator)

    assert "Zdanie ze szkicu." in said(browse(None).get(page_of(version.plan)))


def test_the_page_tells_the_facts_and_every_section(browse, cast):
    version = published(cast)

    response = browse(None).get(page_of(version.plan))

    assert [part.title for part in response.context["parts"]] == [
        section.title for section in version.plan.template.sections.all()
    ]
    assert response.context["accepted_at"] == version.events.get(event__kind="plans.version.accept").event.at
    assert version.register_number in said(response)


def test_of_attached_files_only_the_titles_are_public(browse, cast):
    version = complete_draft(cast)
    stored = StoredFile.objects.create(
        file=ContentFile(b"%PDF-", "Jan_Kowalski.pdf"),
        name="Jan_Kowalski.pdf",
        content_type="application/pdf",
        size=5,
        sha256="a" * 64,
        uploaded_by=cast.lead,
    )
    evidence = Evidence.objects.create(
        version=version, stored=stored, kind="minutes", title="Protokół debaty"
    )
    accept(version, cast)
    client = browse(None)

    page = said(client.get(page_of(version.plan)))
    file = client.get(reverse("plans:evidence_file", args=[version.plan_id, 1, evidence.uid]))

    assert "Protokół debaty" in page
    assert "Jan_Kowalski" not in page
    assert (file.status_code, file.get("Content-Disposition")) == (302, None)


def accept(version, cast):
    """Lead a draft to acceptance and publication, past what sending asks for."""
    PlanVersion.objects.filter(pk=version.pk).update(
        status="accepted", sent_at=timezone.now(), register_number="PS/2026/0001", sha256=f"{version.pk:064d}"
    )
    publish_plan(version.plan, published=True, by=cast.lead)


def test_what_people_wrote_is_text_and_never_markup(browse, cast):
    version = complete_draft(cast, title=XSS)
    Text.objects.filter(version=version).update(body=f"{XSS}\n\n- {XSS}")
    Goal.objects.filter(version=version).update(title=XSS, description=f"{XSS}\n- {XSS}")
    accept(version, cast)

    for url in (page_of(version.plan), LIBRARY, reverse("home")):
        body = browse(None).get(url).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_a_plan_of_sixty_goals_costs_the_queries_of_three(browse, cast):
    version = complete_draft(cast)
    accept(version, cast)
    client = browse(None)
    client.get(page_of(version.plan))
    counts = []
    for many in (3, 57):
        grow(version, many)
        # Another digest is another text: what was read before must not answer for it.
        PlanVersion.objects.filter(pk=version.pk).update(sha256=f"{many:064d}")
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(version.plan))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


# --- Its PDF --------------------------------------------------------------------------------------


def test_the_pdf_is_the_stored_one_and_opens_in_the_browser(browse, cast):
    version = published(cast)
    call_command("jobs", "--once")
    version.refresh_from_db()

    response = browse(None).get(pdf_of(version.plan))

    with version.document.open() as stored:
        assert response.getvalue() == stored.read()
    name = version.register_number.replace("/", "-")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{name}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_while_the_pdf_is_being_made_a_page_says_so(browse, cast):
    version = published(cast)

    response = browse(None).get(pdf_of(version.plan))

    assert response.status_code == 404
    assert f'href="{page_of(version.plan)}"' in said(response)
