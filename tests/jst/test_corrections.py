"""Corrections by hand: they stand beside what the register says, and only coordinators make them."""

from datetime import date

import pytest

from jst import corrections
from jst.imports.units import import_terc
from jst.models import RegisterChange, RegisterImport, School
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.factories import JstFactory, ParticipationFactory, SchoolFactory, SchoolScopeFactory
from tests.jst import terc_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(cast):
    return SchoolFactory(
        name="Szkoła nr 1", town="Brzozów", pupils=100, authority=None, authority_basis="undecided"
    )


def last():
    event = Event.objects.order_by("-sequence").first()
    return event.kind, event.data, event.comment


def test_a_correction_is_kept_beside_the_registers_value_and_told(cast, browse, school):
    client = browse(cast.coordinator)

    answer = client.post(f"/szkoly/{school.rspo}/popraw/pupils/", {"value": "120", "reason": "Pismo szkoły"})

    school.refresh_from_db()
    assert answer.url == f"/szkoly/{school.rspo}/"
    assert (school.pupils, school.corrected) == (120, {"pupils": 100})
    assert last() == (
        "jst.correction.correct",
        {"field": "pupils", "shown": "120", "register": 100},
        "Pismo szkoły",
    )
    page = client.get(answer.url).content.decode()
    assert "corrected by hand" in page
    assert "The register says: 100" in " ".join(page.replace("</span>", "").split())


def test_the_registers_value_is_taken_back(cast, browse, school):
    day = date(2025, 8, 31)
    corrections.correct(school, closed_on=day, is_public=True, by=cast.administrator, reason="Uchwała")
    school.refresh_from_db()
    assert (school.closed_on, school.corrected) == (day, {"closed_on": None, "is_public": None})

    browse(cast.coordinator).post(f"/szkoly/{school.rspo}/popraw/closed_on/", {"back": "1"})

    school.refresh_from_db()
    assert (school.closed_on, school.corrected) == (None, {"is_public": None})
    assert last()[0] == "jst.correction.undo"


def test_a_second_correction_keeps_what_the_register_said_first_and_its_own_value_ends_it(cast, school):
    for pupils in (120, 130):
        corrections.correct(school, pupils=pupils, by=cast.coordinator, reason="Pismo")
    assert School.objects.get(pk=school.pk).corrected == {"pupils": 100}

    corrections.correct(school, pupils=100, by=cast.coordinator, reason="Jednak nie")

    assert School.objects.get(pk=school.pk).corrected == {}


def test_search_and_order_follow_a_corrected_name(cast, school):
    corrections.correct(school, name="Źródło", by=cast.coordinator, reason="Akt")

    assert [found.pk for found in School.objects.search("zrodlo")] == [school.pk]


@pytest.mark.parametrize(
    "fields", [{"value": "", "reason": "Bo tak"}, {"value": "Szkoła nr 2", "reason": ""}]
)
def test_a_correction_needs_a_value_that_can_be_and_a_reason(cast, browse, school, fields):
    answer = browse(cast.coordinator).post(f"/szkoly/{school.rspo}/popraw/name/", fields)

    assert answer.status_code == 422
    assert School.objects.get(pk=school.pk).name == "Szkoła nr 1"


def test_what_is_so_already_and_what_is_impossible_is_refused(cast, school):
    with pytest.raises(TransitionError, match="already"):
        corrections.correct(school, pupils=100, by=cast.coordinator, reason="Pismo")
    with pytest.raises(TransitionError):
        corrections.correct(school, pupils=-5, by=cast.coordinator, reason="Pismo")
    with pytest.raises(TransitionError):
        corrections.uncorrect(school, "pupils", by=cast.coordinator)
    with pytest.raises(ValueError, match="rspo"):
        corrections.correct(school, rspo="1", by=cast.coordinator, reason="Pismo")
    assert School.objects.get(pk=school.pk).corrected == {}


@pytest.mark.parametrize("role", ["auditor", "operator", "lead", "caretaker"])
def test_nobody_else_corrects(cast, browse, school, role):
    person = getattr(cast, role)
    with pytest.raises(NotAllowed):
        corrections.correct(school, pupils=1, by=person, reason="Pismo")
    with pytest.raises(NotAllowed):
        corrections.decide_authority(school, authority=None, by=person, reason="Pismo")
    for page in ("popraw/pupils/", "organ/"):
        assert browse(person).post(f"/szkoly/{school.rspo}/{page}", {}).status_code == 403


def test_a_corrected_office_survives_a_file_of_the_register(cast, tmp_path):
    path = tmp_path / "terc.csv"
    path.write_text(terc_files.as_csv(terc_files.rows()))
    import_terc(path, apply=True)
    unit = type(cast.participation.jst).objects.get(code="020101")
    corrections.correct(unit, mailbox="urzad@example.org", by=cast.coordinator, reason="BIP")

    path.write_text(terc_files.as_csv(terc_files.rows("2026-01-01")))
    import_terc(path, apply=True)

    unit.refresh_from_db()
    assert (unit.mailbox, unit.corrected) == ("urzad@example.org", {"mailbox": ""})


# --- Who runs a school --------------------------------------------------------------------------


def test_staff_look_for_the_unit_that_runs_an_undecided_school_and_choose_it(cast, browse, school):
    gmina = JstFactory(name="Łęczna", code="061002")
    client = browse(cast.coordinator)
    path = f"/szkoly/{school.rspo}/organ/"
    found = client.get(path, {"szukaj": "leczna"})
    assert found.context["units"] == [("061002", "rural gmina Łęczna")]

    client.post(f"{path}?szukaj=leczna", {"authority": "061002", "reason": "Akt założycielski"})

    school.refresh_from_db()
    assert (school.authority, school.authority_basis) == (gmina, "staff")
    assert school.corrected == {"authority": "", "authority_basis": "undecided"}
    kind, data, comment = last()
    assert (kind, data["shown"], comment) == (
        "jst.correction.correct",
        "rural gmina Łęczna",
        "Akt założycielski",
    )
    assert "podstawa=undecided" in client.get("/szkoly/").content.decode()
    assert client.get("/szkoly/", {"podstawa": "undecided"}).context["page"].rows == []


def test_a_school_may_be_run_by_another_body_and_the_register_may_be_right_after_all(cast, browse, school):
    client = browse(cast.coordinator)
    path = f"/szkoly/{school.rspo}/organ/"
    client.post(path, {"authority": "inny", "reason": "Prowadzi ją fundacja"})
    school.refresh_from_db()
    assert (school.authority, school.authority_basis) == (None, "other")

    client.post(path, {"back": "1"})

    school.refresh_from_db()
    assert (school.authority, school.authority_basis, school.corrected) == (None, "undecided", {})


def test_without_words_the_units_of_the_place_are_offered_and_only_those_found_can_be_chosen(
    cast, browse, school
):
    county = JstFactory(code="0610", kind="P", name="łęczyński")
    JstFactory(code="061002", name="Łęczna", parent=county)
    other = JstFactory(code="999999")
    School.objects.filter(pk=school.pk).update(place_code="0610025")
    client = browse(cast.coordinator)
    path = f"/szkoly/{school.rspo}/organ/"

    assert {code for code, _name in client.get(path).context["units"]} == {"061002", "0610"}
    assert client.post(path, {"authority": other.code, "reason": "Bo tak"}).status_code == 422
    assert School.objects.get(pk=school.pk).authority is None


# --- The pages ----------------------------------------------------------------------------------


def test_the_page_of_a_unit_tells_its_schools_editions_and_changes(cast, browse):
    unit = cast.participation.jst
    SchoolFactory(authority=unit)
    SchoolFactory(authority=unit, is_complex=True)
    SchoolFactory(authority=unit, closed_on="2020-08-31")
    terc, rspo = (
        RegisterImport.objects.create(source=source, as_of="2026-01-01", applied_by=cast.coordinator)
        for source in ("terc", "rspo")
    )
    for imported in (terc, rspo):
        RegisterChange.objects.create(
            register_import=imported, code=unit.code, name="Brzozów", what="kind", before="GW", after="GMW"
        )

    context = browse(cast.coordinator).get(f"/samorzady/{unit.code}/").context

    assert context["runs"] == {"schools": 1, "complexes": 1}
    assert list(context["participations"]) == [cast.participation]
    # The number of a school may look like the code of a unit.
    assert [row["imported"] for row in context["changes"]] == [terc]
    assert context["changes"][0]["sentence"] == "was “rural gmina”, is “urban-rural gmina”"


def test_an_operator_sees_on_these_pages_only_the_units_of_its_own_editions(cast, browse):
    unit = cast.participation.jst
    elsewhere = ParticipationFactory(jst=unit)
    scope = SchoolScopeFactory(participation=elsewhere)
    client = browse(cast.operator)

    assert list(client.get(f"/samorzady/{unit.code}/").context["participations"]) == [cast.participation]
    assert list(client.get(f"/szkoly/{scope.school.rspo}/").context["scopes"]) == []


def test_the_page_of_a_complex_lists_its_parts_and_each_part_names_the_complex(cast, browse):
    whole = SchoolFactory(is_complex=True)
    part = SchoolFactory(parent_rspo=whole.rspo)
    lost = SchoolFactory(parent_rspo="999")
    client = browse(cast.auditor)

    assert list(client.get(f"/szkoly/{whole.rspo}/").context["parts"]) == [part]
    assert client.get(f"/szkoly/{part.rspo}/").context["complex"] == whole
    assert "not in the portal" in client.get(f"/szkoly/{lost.rspo}/").content.decode()
