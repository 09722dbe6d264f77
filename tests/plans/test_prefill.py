"""What is already known, beside an empty section: from registers, recruitment and earlier answers."""

from datetime import date

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html

from jst.models import Application, ApplicationSchool, ExamResult, Population, RegisterImport, School
from jst.models.dated import today
from plans.copying import start_plan
from plans.models import PlanVersion, SchoolCommitment, SectionRevision, SectionState, Text
from plans.publishing import publish_plan
from tests.factories import (
    ApplicationFactory,
    EditionSetupFactory,
    MembershipFactory,
    ParticipationFactory,
    SchoolFactory,
)
from tests.plans.pages import address
from tests.plans.test_costs import queries_of
from tests.situations import complete_draft, plan_version, started_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return started_plan(cast).latest()


@pytest.fixture
def register(cast):
    """What the registers know of the unit: people in two years, a second school, exam results."""

    def brought_in(source, day):
        return RegisterImport.objects.create(source=source, as_of=day, applied_by=cast.coordinator)

    jst = cast.participation.jst
    population = brought_in("population", date(2024, 12, 31))
    for year, people in ((2023, 12340), (2024, 12100)):
        Population.objects.create(jst=jst, year=year, people=people, register_import=population)
    own = School.objects.filter(authority=jst).first() or SchoolFactory(authority=jst)
    schools = [
        own,
        SchoolFactory(authority=jst, name="SP w Izdebkach"),
    ]
    School.objects.filter(authority=jst).update(last_seen=date(2025, 9, 30), pupils=100)
    exams = brought_in("exams", date(2025, 7, 4))
    for school, takers, mean in zip(schools, (10, 30), (40, 60), strict=True):
        ExamResult.objects.create(
            school=school, year=2025, subject="matematyka", takers=takers, mean=mean, register_import=exams
        )
    return schools


def offered(page):
    """Return (code, title, source) of what the page offers."""
    found = html.fromstring(page.content).xpath("//details[@class='fact']")
    return [
        (
            one.xpath(".//button/@value")[0],
            one.xpath("./summary/text()")[0].strip(),
            one.xpath("./summary/span/text()")[0],
        )
        for one in found
    ]


def put_in(client, version, key, code):
    """Press the button of a fact, with what its form holds."""
    page = html.fromstring(client.get(address(version, key)).content)
    button = f".//button[@value='{code}']"
    form = next(form for form in page.forms if form.xpath(button) and form.action.endswith("/wstaw/"))
    fields = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"} | {
        "fact": code
    }
    return client.post(form.action, fields), fields


def body(version, key):
    return Text.objects.get(version=version, key=key).body


def test_the_registers_offer_what_they_know_with_source_and_day(cast, browse, version, register):
    client = browse(cast.author)

    assert [
        (code, source) for code, _title, source in offered(client.get(address(version, "demografia")))
    ] == [
        ("population", "GUS, as of 31.12.2024"),
        ("network", "RSPO, as of 30.09.2025"),
    ]
    assert [code for code, *_rest in offered(client.get(address(version, "wyniki")))] == ["exams"]


def test_a_fact_is_put_in_with_its_source_without_a_script(cast, browse, version, register):
    client = browse(cast.author)

    put_in(client, version, "demografia", "population")

    assert body(version, "demografia").splitlines()[1:] == [
        "- 2023: 12\xa0340", "- 2024: 12\xa0100", "", "Source: GUS, as of 31.12.2024.",
    ]  # fmt: skip
    assert SectionState.objects.get(version=version, key="demografia").filled
    assert SectionRevision.objects.get(version=version, key="demografia").by == cast.author


def test_the_mean_of_the_exam_counts_pupils_not_schools(cast, browse, version, register):
    put_in(browse(cast.author), version, "wyniki", "exams")

    assert "55,0%" in body(version, "wyniki")


def test_a_double_click_puts_a_fact_in_once(cast, browse, version, register):
    client = browse(cast.author)
    _first, fields = put_in(client, version, "demografia", "population")
    once = body(version, "demografia")

    again = client.post(f"{address(version, 'demografia')}wstaw/", fields)

    assert again.status_code == 302
    assert body(version, "demografia") == once


def test_a_stale_page_overwrites_nothing(cast, browse, version, register):
    client = browse(cast.author)
    client.post(address(version, "demografia"), {"revision": "0", "request_key": "x", "body": "Tekst kolegi"})

    response = client.post(
        f"{address(version, 'demografia')}wstaw/",
        {"revision": "0", "request_key": "y", "fact": "population"},
    )

    assert response.status_code == 409
    assert body(version, "demografia") == "Tekst kolegi"


def test_a_section_that_says_something_is_offered_nothing(cast, browse, register):
    version = complete_draft(cast)

    assert offered(browse(cast.author).get(address(version, "demografia"))) == []


def test_schools_are_put_in_as_rows_that_say_where_they_come_from(cast, browse, version, register):
    SchoolCommitment.objects.filter(version=version).delete()
    SectionState.objects.filter(version=version, key="schools").update(filled=False)
    client = browse(cast.author)

    _response, fields = put_in(client, version, "schools", "own_schools")
    client.post(f"{address(version, 'schools')}wstaw/", fields)

    rows = SchoolCommitment.objects.filter(version=version)
    assert {(row.school, row.origin) for row in rows} == {
        (school, "RSPO, as of 30.09.2025") for school in register
    }
    assert rows.count() == 2
    assert "RSPO, as of 30.09.2025" in client.get(address(version, "schools")).content.decode()


def test_schools_of_the_start_say_where_they_come_from_and_of_when(cast, version):
    """The list of the participation is a source like any other."""
    (row,) = SchoolCommitment.objects.filter(version=version)

    assert row.origin == f"the list of schools taking part, as of {date_format(today(), 'SHORT_DATE_FORMAT')}"


def test_beside_the_schools_of_the_start_those_are_offered_that_are_not_there(
    cast, browse, version, register
):
    (there,) = SchoolCommitment.objects.filter(version=version)
    assert SectionState.objects.get(version=version, key="schools").filled
    client = browse(cast.author)
    page = client.get(address(version, "schools"))
    (fact,) = [fact for fact in page.context["facts"] if fact.code == "own_schools"]
    assert fact.rows == ({"school": str(register[1].pk)},)
    assert fact.text == "- SP w Izdebkach"

    _response, fields = put_in(client, version, "schools", "own_schools")
    client.post(f"{address(version, 'schools')}wstaw/", fields)

    rows = SchoolCommitment.objects.filter(version=version).order_by("position")
    assert [(row.school, row.origin) for row in rows] == [
        (there.school, there.origin),
        (register[1], "RSPO, as of 30.09.2025"),
    ]
    assert [row.position for row in rows] == [0, 1]
    assert offered(client.get(address(version, "schools"))) == []


def test_beside_rows_that_somebody_wrote_nothing_is_offered(cast, browse, version, register):
    SectionState.objects.filter(version=version, key="schools").update(revision=1)

    assert offered(browse(cast.author).get(address(version, "schools"))) == []


def test_recruitment_offers_declared_schools_and_reasons(cast, browse, version, register):
    SchoolCommitment.objects.filter(version=version).delete()
    SectionState.objects.filter(version=version, key="schools").update(filled=False)
    application = ApplicationFactory(jst=cast.participation.jst, declared=False)
    Application.objects.filter(pk=application.pk).update(
        participation=cast.participation, sent_at=timezone.now().replace(year=2026, month=2, day=3)
    )
    ApplicationSchool.objects.create(application=application, school=register[1])
    client = browse(cast.author)

    put_in(client, version, "schools", "declared_schools")
    put_in(client, version, "zespol", "reasons")

    assert [row.school for row in SchoolCommitment.objects.filter(version=version)] == [register[1]]
    assert body(version, "zespol").split("\n\n") == [
        "Chcemy lepiej uczyć matematyki.",
        "Source: the application of 03.02.2026.",
    ]


# --- Earlier answers ------------------------------------------------------------------------------


@pytest.fixture
def earlier(cast):
    """The unit's accepted plan of an earlier edition, and the empty one of this edition."""
    before = plan_version(cast, "accepted")
    Text.objects.filter(version=before, key="wizja").update(body="Szkoła, która bada świat.")
    later = ParticipationFactory(edition=EditionSetupFactory().edition, jst=cast.participation.jst)
    return before, later


def draft_of(participation, person):
    MembershipFactory(participation=participation, person=person, is_lead=True)
    return start_plan(
        participation, by=person, scope="wide", title="Nowy plan", year_from=2027, year_to=2029
    ).latest()


def test_what_the_team_wrote_in_an_earlier_edition_is_played_back(cast, browse, earlier):
    version = draft_of(earlier[1], cast.lead)
    client = browse(cast.lead)

    put_in(client, version, "wizja", "earlier")

    assert body(version, "wizja").startswith("Szkoła, która bada świat.\n\nSource: ")
    assert (
        PlanVersion.objects.get(pk=earlier[0].pk).text_rows.get(key="wizja").body
        == "Szkoła, która bada świat."
    )


def test_another_team_of_the_unit_sees_the_earlier_plan_only_once_it_is_public(cast, browse, earlier):
    """A team of one edition does not read another's; what was published everybody reads."""
    version = draft_of(earlier[1], cast.other_team)
    client = browse(cast.other_team)
    hidden = offered(client.get(address(version, "wizja")))

    publish_plan(earlier[0].plan, published=True, by=cast.lead)
    shown = offered(client.get(address(version, "wizja")))

    assert (hidden, [code for code, *_rest in shown]) == ([], ["earlier"])


@pytest.mark.parametrize("role", ["reader", "signatory", "caretaker"])
def test_who_does_not_write_puts_nothing_in(cast, browse, version, register, role):
    response = browse(getattr(cast, role)).post(
        f"{address(version, 'demografia')}wstaw/", {"revision": "0", "fact": "population"}
    )

    assert response.status_code == 403
    assert body(version, "demografia") == ""


def test_a_fact_nobody_offers_is_not_put_in(cast, browse, version):
    response = browse(cast.author).post(
        f"{address(version, 'demografia')}wstaw/", {"revision": "0", "fact": "secret"}
    )

    assert response.status_code == 302
    assert body(version, "demografia") == ""


def test_an_empty_section_asks_a_fixed_number_of_queries(cast, browse, version, register):
    """Facts cost a few queries, only while the section is empty, however many schools there are."""
    client = browse(cast.author)
    keys = ["demografia", "wyniki", "zespol"]
    for key in keys:
        client.get(address(version, key))
    few = [queries_of(client, address(version, key)) for key in keys]
    for place in range(20):
        school = SchoolFactory(authority=cast.participation.jst)
        results = register[0].exam_results.values("year", "subject", "register_import_id").get()
        ExamResult.objects.create(school=school, takers=place + 1, mean=50, **results)

    assert [queries_of(client, address(version, key)) for key in keys] == few
    assert max(few) <= 13
