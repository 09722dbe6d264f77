"""The lists of units, schools and people: who sees them, what they find, what they cost, what they save."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jst.models import Jst, School
from portal.benchmark import tallied
from portal.models import User
from tests.factories import JstFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def shown(client, path, **query):
    return client.get(path, query).context["page"].rows


@pytest.fixture
def places(cast):
    """Two rural gminas of the same name, in counties of the same voivodeship."""
    region = JstFactory(code="30", kind="W", name="wielkopolskie")
    counties = [
        JstFactory(code="3004", kind="P", name="gostyński", parent=region),
        JstFactory(code="3012", kind="P", name="krotoszyński", parent=region),
    ]
    return [JstFactory(code=f"{county.code}05", name="Piaski", parent=county) for county in counties]


# --- Units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Łódź",
        "lodz",
        "LÓDZ",
        "miasto Łódź",
        "łódź miasto",
        "magistrat",
        "Zgierz",
        "zgierz magistrat lodz",
        "106101",
    ],
)
def test_a_unit_is_found_by_its_name_its_office_its_town_and_its_code(cast, browse, words):
    fields = {"office_name": "Magistrat w Łodzi", "town": "Zgierz", "code": "106101", "kind": "MNP"}
    found = JstFactory(name="Łódź", **fields)

    assert [row["pk"] for row in shown(browse(cast.coordinator), "/samorzady/", szukaj=words)] == [found.pk]


def test_units_of_one_name_are_told_apart_by_kind_county_and_voivodeship(cast, browse, places):
    rows = shown(browse(cast.operator), "/samorzady/", szukaj="piaski")

    assert [row["unit"] for row in rows] == [
        "rural gmina Piaski (gostyński county, wielkopolskie voivodeship)",
        "rural gmina Piaski (krotoszyński county, wielkopolskie voivodeship)",
    ]


def test_the_choices_of_the_admin_tell_units_of_one_name_apart_too(cast, browse, places):
    query = {"app_label": "jst", "model_name": "participation", "field_name": "jst", "term": "piaski"}

    found = browse(cast.coordinator).get("/admin/autocomplete/", query).json()["results"]

    assert [row["text"] for row in found] == [place.placed_name for place in places]


def test_units_stand_in_the_order_of_the_polish_alphabet(cast, browse):
    for name in ("Łomża", "Lublin", "Ćmielów", "Czersk"):
        JstFactory(name=name)

    names = [row["name"] for row in shown(browse(cast.auditor), "/samorzady/")]

    assert names == ["Brzozów", "Czersk", "Ćmielów", "Lublin", "Łomża", "Zielonki"]


def test_units_are_filtered_and_nonsense_filters_nothing(cast, browse, places):
    Jst.objects.filter(pk=places[0].pk).update(abolished_on="2026-01-01")
    client = browse(cast.coordinator)

    def codes(**query):
        return [row["code"] for row in shown(client, "/samorzady/", **query)]

    assert codes(rodzaj="P") == ["3004", "3012"]
    assert codes(wojewodztwo="30", rodzaj="GW") == ["300405", "301205"]
    assert codes(wojewodztwo="30", rodzaj="GW", stan="sa") == ["301205"]
    assert codes(stan="brak") == ["300405"]
    assert len(codes(rodzaj="nic", wojewodztwo="99", po="x", przed="-1")) == Jst.objects.count()
    assert b"No unit matches" in client.get("/samorzady/", {"szukaj": "nie ma takiej"}).content


# --- Schools ------------------------------------------------------------------------------------


def test_schools_are_filtered_by_authority_place_kind_basis_complex_and_state(cast, browse, places):
    gmina = places[0]
    one = SchoolFactory(authority=gmina, place_code="3004052", authority_basis="register", kind="Technikum")
    other = SchoolFactory(authority=None, place_code="3012052", authority_basis="undecided", is_complex=True)
    closed = SchoolFactory(authority=places[1], place_code="1465011", closed_on="2024-08-31")
    absent = SchoolFactory(authority=places[1], absent_since="2026-01-01")
    client = browse(cast.operator)

    def pks(**query):
        return {row["pk"] for row in shown(client, "/szkoly/", **query)}

    assert pks(organ="3004052") == pks(organ="3004") == pks(rodzaj="Technikum") == {one.pk}
    assert pks(organ="30") == {one.pk, closed.pk, absent.pk}
    assert pks(wojewodztwo="30") == {one.pk, other.pk}
    assert pks(podstawa="undecided") == pks(zespoly="tylko") == {other.pk}
    assert pks(zespoly="bez") == {one.pk, closed.pk, absent.pk}
    assert pks(stan="dziala") == {one.pk, other.pk}
    assert (pks(stan="zamknieta"), pks(stan="brak")) == ({closed.pk}, {absent.pk})
    assert pks(podstawa="x", stan="y") == {one.pk, other.pk, closed.pk, absent.pk}


def test_a_school_is_found_by_words_in_any_order_and_by_its_number(cast, browse):
    found = SchoolFactory(name="SZKOŁA PODSTAWOWA IM. ŻWIRKI", town="Żory", rspo="12345")
    SchoolFactory(town="Żory")
    client = browse(cast.coordinator)

    for words in ("zwirki szkola", "Żory żwirki", "12345"):
        assert [row["pk"] for row in shown(client, "/szkoly/", szukaj=words)] == [found.pk]


# --- People -------------------------------------------------------------------------------------


def test_a_person_is_found_by_names_and_address_and_stands_with_the_roles_of_today(cast, browse):
    person = UserFactory(first_name="Łucja", last_name="Żak", email="zak@example.org")
    MembershipFactory(person=person, participation=cast.participation)
    MembershipFactory(person=person, participation=cast.other_participation)
    client = browse(cast.auditor)

    rows = shown(client, "/osoby/", szukaj="zak lucja")

    assert [row["email"] for row in rows] == ["zak@example.org"]
    assert sorted(rows[0]["roles"]) == ["team: rural gmina Zielonki", "team: urban-rural gmina Brzozów"]
    roles = {row["email"]: row["roles"] for row in shown(client, "/osoby/")}
    assert roles["former@example.org"] == []
    assert roles["caretaker@example.org"] == ["expert"]
    assert roles["coordinator@example.org"] == ["Koordynator ORE"]
    assert roles["operator@example.org"] == [f"operator: {cast.setup.edition.operator}"]


def test_people_stand_by_their_last_names_in_polish_and_a_new_name_moves_them(cast, browse):
    person = UserFactory(last_name="Łukasik", email="pl@example.org")
    UserFactory(last_name="Lis", email="lis@example.org")
    client = browse(cast.coordinator)

    def order():
        names = [row["email"] for row in shown(client, "/osoby/")]
        return names.index("lis@example.org") < names.index("pl@example.org")

    assert order()
    person.last_name = "Adamska"
    person.save(update_fields=["last_name"])
    assert not order()


def test_people_are_filtered_by_role(cast, browse):
    client = browse(cast.administrator)

    def emails(role):
        return {row["email"] for row in shown(client, "/osoby/", rola=role)}

    assert emails("ekspert") == {"caretaker@example.org", "reviewer@example.org", "reviewer2@example.org"}
    assert emails("operator") == {"operator@example.org"}
    assert "former@example.org" not in emails("zespol")
    assert "lead@example.org" in emails("zespol")
    assert emails("ore") == {f"{role}@example.org" for role in ("coordinator", "administrator", "auditor")}


# --- Pages and their price ----------------------------------------------------------------------


def many(count, make):
    rows = [make(number) for number in range(count)]
    for row in rows:
        row.spell()
    return type(rows[0]).objects.bulk_create(rows, batch_size=500)


MANY = {
    "/samorzady/": lambda n: Jst(code=f"{200000 + n}", kind="GW", name=f"Gmina {n:05}"),
    "/szkoly/": lambda n: School(rspo=str(100000 + n), name=f"Szkoła nr {n:05}", kind="Bursa"),
    "/osoby/": lambda n: User(email=f"{n:05}@example.org", last_name=f"Żak{n:05}", password="!"),
}


@pytest.mark.parametrize("path", MANY)
def test_every_row_stands_on_one_page_forwards_and_backwards(cast, browse, path):
    many(120, MANY[path])
    client = browse(cast.coordinator)

    def walk(address, way):
        found = []
        while address:
            page = client.get(path + address).context["page"]
            found.append([row["pk"] for row in page.rows])
            address = getattr(page, way)
        return found

    forwards = walk("?", "next")
    backwards = walk("?koniec=1", "previous")

    everything = [pk for page in forwards for pk in page]
    assert everything == [pk for page in reversed(backwards) for pk in page]
    assert len(everything) == len(set(everything)) == client.get(path).context["page"].total
    assert client.get(path, {"po": everything[-1]}).context["page"].rows[0]["pk"] == everything[0]


@pytest.mark.parametrize("query", ["", "?koniec=1", "?szukaj=0"])
@pytest.mark.parametrize("path", MANY)
def test_a_page_costs_the_same_of_a_hundred_rows_and_of_thousands(cast, browse, figures, path, query):
    client = browse(cast.coordinator)
    many(100, MANY[path])
    client.get(path + query)
    with tallied() as few:
        short = client.get(path + query)
    many(figures(small=1500, full=9900), lambda number: MANY[path](number + 100))

    with tallied() as more:
        long = client.get(path + query)

    # A search that finds few rows looks once and needs no count of its own.
    assert few.queries <= more.queries <= 6
    assert abs(few.rows - more.rows) <= 2
    assert abs(len(short.content) - len(long.content)) <= len(short.content) / 50
    assert len(long.content) < 60_000
    assert max(part.count("<option") for part in long.content.decode().split("</select>")) <= 50


# --- Files --------------------------------------------------------------------------------------


def body(answer):
    return b"".join(answer.streaming_content)


def test_the_schools_shown_are_saved_as_csv_that_no_spreadsheet_runs(cast, browse, places):
    SchoolFactory(name="=1+1", authority=places[0], rspo="7", town="@Piaski", kind="Technikum")
    SchoolFactory(name="Inna", kind="Bursa")

    answer = browse(cast.operator).get("/szkoly/plik/csv/", {"rodzaj": "Technikum"})

    lines = body(answer).decode("utf-8-sig").splitlines()
    assert len(lines) == 5
    assert lines[1].startswith("7;'=1+1;Technikum;no;;'@Piaski;")
    assert lines[1].endswith(";rural gmina Piaski (gostyński county, wielkopolskie voivodeship)")
    assert lines[2] == ""
    assert (lines[3][:8], lines[4]) == ("Made on;", "Kind of school;Technikum")


def test_the_units_shown_are_saved_as_a_workbook_with_its_filters(cast, browse, places):
    answer = browse(cast.coordinator).get("/samorzady/plik/xlsx/", {"szukaj": "piaski"})

    book = CalamineWorkbook.from_filelike(io.BytesIO(body(answer)))
    table = book.get_sheet_by_name("Table").to_python()
    notes = book.get_sheet_by_name("About this file").to_python()
    assert [row[0] for row in table] == ["TERC code", "300405", "301205"]
    assert table[1][8:] == ["gostyński", "wielkopolskie"]
    assert notes[2] == ["Name, office, town or code", "piaski"]


def test_a_file_of_thousands_is_read_in_one_statement(cast, browse):
    many(2500, MANY["/szkoly/"])
    client = browse(cast.coordinator)

    with tallied() as tally:
        lines = body(client.get("/szkoly/plik/csv/")).splitlines()

    assert len(lines) == 2504
    assert tally.queries <= 4


def test_there_is_no_other_kind_of_file(cast, browse):
    assert browse(cast.coordinator).get("/szkoly/plik/exe/").status_code == 404


def test_the_menu_marks_the_entry_to_which_a_page_belongs(cast, browse):
    page = browse(cast.coordinator).get(reverse("jst:schools"))

    assert f'<a href="{reverse("jst:units")}" aria-current="true">' in page.content.decode()
    assert f'<a href="{reverse("jst:calls")}">' in page.content.decode()
