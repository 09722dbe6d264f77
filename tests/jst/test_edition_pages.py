"""The pages of editions: each number opens the list that it counts, as a page and as a file."""

import csv
import io
from datetime import date

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jst.models import LogoLine, Target
from portal.benchmark import tallied
from portal.indicators import indicators
from tests.factories import (
    EditionFactory,
    JstFactory,
    MembershipFactory,
    ParticipationFactory,
    SchoolFactory,
    SchoolScopeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def unit(edition, name="Nowa Wieś", kind="GW", people=1, schools=1, **dates):
    """A unit with people and schools, all for the same time."""
    participation = ParticipationFactory(edition=edition, jst=JstFactory(name=name, kind=kind), **dates)
    dates.pop("status", None)
    MembershipFactory.create_batch(people, participation=participation, **dates)
    for _number in range(schools):
        SchoolScopeFactory(
            participation=participation,
            school=SchoolFactory(authority=participation.jst, town="Łąka"),
            **dates,
        )
    return participation


@pytest.fixture
def edition(cast):
    """An edition of three units, one of which withdrew in June."""
    edition = EditionFactory(slug="proba", operator=cast.setup.edition.operator)
    unit(edition, "Łódź", "MNP", people=3, schools=4)
    unit(edition, "Buk", "GMW", people=2, schools=2)
    unit(edition, "Gostyń", "P", people=2, schools=3, until=JUNE, status="withdrew")
    return edition


def values(response):
    return {figure.indicator.code: figure.value for figure in response.context["figures"]}


def test_figures_stand_as_of_any_day_with_target_and_per_cent(cast, browse, edition):
    Target.objects.create(edition=edition, indicator="people", value=4, women=3, men=1)
    page = browse(cast.operator).get("/edycje/proba/", {"dzien": "2026-05-31"})
    assert values(page) == {"units": 3, "people": 7, "schools": 9, "plans_sent": 0, "plans_accepted": 0}

    page = browse(cast.auditor).get("/edycje/proba/", {"dzien": "2026-06-01"})
    assert values(page) == {"units": 2, "people": 5, "schools": 6, "plans_sent": 0, "plans_accepted": 0}
    percents = {figure.indicator.code: figure.percent for figure in page.context["figures"]}
    assert percents == dict.fromkeys(indicators()) | {"people": 125}
    text = page.content.decode()
    assert "women: 3, men: 1" in text


def test_every_definition_is_on_the_page(cast, browse, edition):
    text = browse(cast.coordinator).get("/edycje/proba/").content.decode()

    assert [code for code, indicator in indicators().items() if str(indicator.definition) not in text] == []


@pytest.mark.parametrize("day", [MARCH, JUNE])
@pytest.mark.parametrize("code", ["units", "people", "schools", "plans_sent", "plans_accepted"])
def test_every_number_opens_as_many_records_as_it_says(cast, browse, edition, code, day):
    client = browse(cast.operator)
    page = client.get("/edycje/proba/", {"dzien": day.isoformat()})
    figure = next(figure for figure in page.context["figures"] if figure.indicator.code == code)

    def listed(**query):
        found = client.get(f"/edycje/proba/{code}/", {"dzien": day.isoformat()} | query)
        assert len(found.context["rows"]) == found.context["page"].paginator.count
        return found.context["page"].paginator.count

    assert f"/edycje/proba/{code}/?dzien={day.isoformat()}" in page.content.decode()
    assert listed() == figure.value
    assert {kind: listed(rodzaj=kind) for kind in figure.breakdown} == figure.breakdown


def test_a_person_in_two_teams_is_one_line(cast, browse, edition):
    person = UserFactory(last_name="Ćwik")
    for participation in edition.participations.all():
        MembershipFactory(participation=participation, person=person)

    rows = browse(cast.operator).get("/edycje/proba/people/", {"dzien": "2026-03-01"}).context["rows"]

    assert len([row for row in rows if "Ćwik" in dict(row).values()]) == 1
    assert len(rows) == 8


def test_a_day_that_cannot_be_read_is_the_default_day(cast, browse):
    over = EditionFactory(slug="dawna", since=date(2017, 3, 1), until=date(2018, 5, 31))
    unit(over, since=date(2017, 3, 1), until=date(2018, 5, 31), status="completed")
    client = browse(cast.coordinator)

    for query in ({}, {"dzien": "wczoraj"}, {"dzien": "2017-02-30"}):
        page = client.get("/edycje/dawna/", query)
        assert (page.context["day"], values(page)["units"]) == (date(2018, 5, 30), 1)
    assert client.get("/edycje/dawna/nic/").status_code == 404


# --- Files --------------------------------------------------------------------------------------


def test_the_csv_has_the_same_rows_and_says_day_filter_and_time(cast, browse, edition):
    query = {"dzien": "2026-03-01", "rodzaj": "GM"}
    answer = browse(cast.operator).get("/edycje/proba/schools/csv/", query)

    assert answer["Content-Disposition"] == 'attachment; filename="proba-schools-2026-03-01.csv"'
    text = answer.getvalue().decode("utf-8-sig")
    listed, about = text.split("\r\n\r\n", 1)
    told = list(csv.reader(io.StringIO(about), delimiter=";"))
    rows = list(csv.reader(io.StringIO(listed), delimiter=";"))
    assert [told[0][1], told[3][1], told[4][1]] == [edition.name, "2026-03-01", "urban gmina"]
    assert str(timezone.localdate().year) in told[5][1]
    assert (len(rows), {row[0] for row in rows[1:]}) == (1 + 4, {"city of Łódź"})


def test_the_xlsx_has_the_list_and_a_sheet_about_it(cast, browse, edition):
    answer = browse(cast.operator).get("/edycje/proba/people/xlsx/", {"dzien": "2026-03-01"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    listed, about = (book.get_sheet_by_index(number).to_python() for number in range(2))
    assert len(listed) == 1 + 7
    assert [row[1] for row in about if row[1] == "2026-03-01"] == ["2026-03-01"]


def test_an_empty_list_is_a_file_with_its_headings(cast, browse, edition):
    client = browse(cast.operator)
    answer = client.get("/edycje/proba/plans_sent/xlsx/")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    assert len(book.get_sheet_by_index(0).to_python()[0]) == 6
    assert client.get("/edycje/proba/plans_sent/pdf/").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_looks_like_a_formula_is_text_in_a_file(cast, browse, edition, start, form):
    evil = f"{start}1+1"
    SchoolScopeFactory(participation=edition.participations.first(), school=SchoolFactory(name=evil))

    answer = browse(cast.operator).get(f"/edycje/proba/schools/{form}/", {"dzien": "2026-03-01"})

    if form == "csv":
        text = answer.getvalue().decode("utf-8-sig").split("\r\n\r\n", 1)[0]
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    # In CSV an apostrophe stands before it; in XLSX the cell is a text, which nothing runs.
    assert (f"'{evil}" in cells, evil in cells) == (form == "csv", form == "xlsx")


# --- Two days -----------------------------------------------------------------------------------


def test_two_days_compared_say_who_left_and_what_joined(cast, browse, edition):
    stays = edition.participations.get(jst__name="Buk")
    SchoolScopeFactory(participation=stays, school=SchoolFactory(name="Nowa szkoła"), since=JUNE)
    page = browse(cast.operator).get("/edycje/proba/zmiany/", {"od": "2026-06-01", "do": "2026-03-01"})

    found = {change.indicator.code: change for change in page.context["changes"]}
    assert [page.context["first"], page.context["second"]] == [MARCH, JUNE]
    assert (found["units"].before, found["units"].after, found["units"].difference) == (3, 2, -1)
    assert [line[0] for line in found["units"].left] == ["Gostyń county"]
    assert found["units"].joined == []
    assert (len(found["people"].left), found["people"].joined) == (2, [])
    assert len(found["schools"].left) == 3
    assert [line[1] for line in found["schools"].joined] == ["Nowa szkoła"]


# --- Costs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/edycje/", 6),
        ("/edycje/proba/", 12),
        ("/edycje/proba/people/", 8),
        ("/edycje/proba/zmiany/", 20),
        ("/edycje/proba/people/csv/", 7),
    ],
)
def test_a_page_costs_the_same_for_three_units_and_for_sixty(cast, browse, edition, address, most):
    client = browse(cast.operator)
    client.get(address)
    with tallied() as few:
        client.get(address)
    for number in range(57):
        unit(edition, f"Gmina {number}")

    with tallied() as many:
        client.get(address)

    assert few.queries == many.queries <= most


# --- Logos --------------------------------------------------------------------------------------


@pytest.fixture
def project_page(cast, browse, edition, settings, tmp_path):
    """Post a line of logos to the page of the project in the admin panel."""
    settings.MEDIA_ROOT = tmp_path
    project, client = edition.project, browse(cast.coordinator)
    fields = {
        "number": project.number,
        "title": project.title,
        "stage": "other",
        "reporting": "none",
        "since": "01.01.2026",
        "until": "31.12.2027",
        "logo_lines-TOTAL_FORMS": "1",
        "logo_lines-INITIAL_FORMS": "0",
        "logo_lines-0-alternative": "Fundusze Europejskie, Rzeczpospolita Polska, Unia Europejska",
        "logo_lines-0-since": "01.01.2026",
    }

    def post(content, name="znaki.png"):
        picture = io.BytesIO(content)
        picture.name = name
        where = f"/admin/jst/project/{project.pk}/change/"
        return client.post(where, fields | {"logo_lines-0-picture": picture})

    return post


def test_the_owner_s_line_of_logos_is_shown_with_its_words(cast, browse, edition, project_page):
    assert browse(None).get(f"/projekty/{edition.project_id}/znaki/").status_code == 404
    project_page(PNG)

    picture = browse(None).get(f"/projekty/{edition.project_id}/znaki/")
    assert (b"".join(picture), picture["Content-Type"]) == (PNG, "image/png")
    page = browse(cast.operator).get("/edycje/proba/").content.decode()
    assert 'alt="Fundusze Europejskie, Rzeczpospolita Polska, Unia Europejska"' in page


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"\x89PNG" + b"0" * 9, PNG + b"0" * 2**20])
def test_what_is_no_picture_is_not_taken(edition, project_page, content):
    assert project_page(content).status_code == 200
    assert not LogoLine.objects.exists()
