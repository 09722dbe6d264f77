"""Figures of official statistics in the admin panel: everybody of ORE reads them, nobody changes them."""

from datetime import date

import pytest

from jst.models import ExamResult, Population, RegisterImport
from portal.benchmark import tallied
from tests.factories import JstFactory, SchoolFactory

pytestmark = pytest.mark.django_db
STAFF = ["coordinator", "administrator", "auditor"]


@pytest.fixture
def figures_of(cast):
    """Store the figures of some units and schools; returns their addresses in the admin panel."""

    def store(count):
        source = RegisterImport.objects.create(
            source="population",
            file_name="ludność 2024.csv",
            as_of=date(2024, 12, 31),
            applied_by=cast.auditor,
        )
        for number in range(count):
            unit = JstFactory(name=f"Łężyce {number}", kind="GW")
            unit.spell()
            unit.save()
            school = SchoolFactory(name=f"Szkoła w Łężycach {number}", authority=unit)
            school.spell()
            school.save()
            population = Population.objects.create(jst=unit, year=2024, people=14520, register_import=source)
            result = ExamResult.objects.create(
                school=school, year=2025, subject="polski", takers=14, mean="63.36", register_import=source
            )
        return {
            f"/admin/jst/population/{population.pk}/": "14 520",
            f"/admin/jst/examresult/{result.pk}/": "63,36",
        }

    return store


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


@pytest.mark.parametrize("role", STAFF)
def test_staff_read_figures_with_their_file_and_find_them_without_polish_letters(
    cast, browse, figures_of, role
):
    client = browse(getattr(cast, role))
    for address, figure in figures_of(2).items():
        page = plain(client.get(address + "change/"))
        assert figure in page
        assert "ludność 2024.csv" in page
        assert 'name="_save"' not in page
        listed = address.rpartition("/")[0].rpartition("/")[0] + "/"
        assert plain(client.get(listed, {"q": "lezyc"})).count(figure) == 2
        assert plain(client.get(listed, {"q": "krakow"})).count(figure) == 0


@pytest.mark.parametrize("role", STAFF)
def test_nobody_adds_changes_or_deletes_a_figure(cast, browse, figures_of, role):
    client = browse(getattr(cast, role))
    for address in figures_of(1):
        listed = address.rpartition("/")[0].rpartition("/")[0] + "/"
        answers = [
            client.get(listed + "add/"),
            client.post(listed + "add/", {"year": 2020}),
            client.post(address + "change/", {"year": 2020}),
            client.post(address + "delete/", {"post": "yes"}),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert (Population.objects.get().year, ExamResult.objects.get().year) == (2024, 2025)


@pytest.mark.parametrize("role", ["lead", "reviewer", "operator"])
def test_others_do_not_come_in(cast, browse, figures_of, role):
    for address in figures_of(1):
        assert browse(getattr(cast, role)).get(address + "change/").status_code in {302, 403, 404}


def test_a_list_asks_the_same_however_long_it_is(cast, browse, figures_of):
    client = browse(cast.coordinator)

    def asked(listed):
        with tallied() as tally:
            assert client.get(listed).status_code == 200
        return tally.queries

    lists = ["/admin/jst/population/", "/admin/jst/examresult/"]
    figures_of(1)
    short = [asked(listed) for listed in lists]
    figures_of(9)
    assert [asked(listed) for listed in lists] == short
