"""Restricted data of participants: asked only where switched on, encrypted, and every reading recorded."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from jst import participants
from jst.models import FieldOption, JstEvent, ParticipantData, ParticipantDataSetup, ParticipantValue
from jst.participant_fields import FIELDS, ORDINARY
from portal import audit
from portal.benchmark import tallied
from portal.models import AccessRecord, Event
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

PESEL = "44051401359"  # a man born on 14 May 1944
WOMAN = "02070803628"  # a woman born on 8 July 1902
ASKED = ["sex", "birth_date", "education", "town", "street", "disability"]
GIVEN = {
    "sex": "mężczyzna",
    "birth_date": "1944-05-14",
    "education": "wyższe",
    "town": "Kraśniczyn Dolny",
    "disability": "-",
}
OWN = "/konto/dane-uczestnika/"


def setup_of(project, **fields):
    given = {
        "profile": "sl2014",
        "fields": list(ASKED),
        "purpose": "Rozliczenie projektu",
        "legal_basis": "art. 6 ust. 1 lit. c RODO",
    } | fields
    return ParticipantDataSetup(project=project, **given)


@pytest.fixture
def project(cast):
    """The project of the cast's edition, which asks six things and PESEL."""
    project = cast.participation.edition.project
    participants.set_up(setup_of(project, pesel=True, pesel_basis="art. 87 ustawy"), by=cast.coordinator)
    return project


def give(browse, person, project, **more):
    return browse(person).post(f"{OWN}{project.pk}/", GIVEN | more)


def page_of(project, person):
    return f"/dane-uczestnikow/{project.pk}/{person.pk}/"


def read_page(client, project, person, **more):
    return client.post(page_of(project, person), {"reason": "Korekta sprawozdania", **more})


def confirmed(client):
    """Let the client's person have given the password a moment ago."""
    from tests.factories import PASSWORD

    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    return client


# --- What is collected --------------------------------------------------------------------------


def test_pesel_is_off_until_a_law_is_named(cast):
    project = cast.participation.edition.project
    setup = participants.set_up(setup_of(project), by=cast.coordinator)
    assert [field.name for field in setup.switched_on()] == ASKED

    setup.pesel = True
    with pytest.raises(TransitionError, match="provision"):
        participants.set_up(setup, by=cast.coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ParticipantDataSetup.objects.update(pesel=True)

    assert not ParticipantDataSetup.objects.get().pesel
    assert Event.objects.get(kind="jst.data.setup").data["fields"] == ASKED


def test_switching_pesel_on_is_in_the_history_with_its_basis(project):
    event = Event.objects.get(kind="jst.data.setup")

    assert event.data["fields"] == ["pesel", *ASKED]
    assert event.comment == "art. 87 ustawy"


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"coordinator", "administrator"}])
def test_only_ores_coordinators_say_what_is_collected(cast, role):
    by = person_of(cast, role) or SimpleNamespace(is_authenticated=False)
    with pytest.raises(NotAllowed):
        participants.set_up(setup_of(cast.participation.edition.project), by=by)

    assert not ParticipantDataSetup.objects.exists()


def test_the_panel_switches_fields_on_by_the_same_verb(cast, browse):
    project = cast.participation.edition.project
    posted = {
        "project": project.pk,
        "profile": "sm_efs",
        "dictionary": "1",
        "fields": ["education", "citizenship"],
        "purpose": "Rozliczenie",
        "legal_basis": "art. 6",
        "pesel": "on",
        "pesel_basis": "",
    }
    address = "/admin/jst/participantdatasetup/add/"

    refused = browse(cast.coordinator).post(address, posted)
    accepted = browse(cast.coordinator).post(address, posted | {"pesel_basis": "art. 87"})

    assert (refused.status_code, accepted.status_code) == (200, 302)
    assert Event.objects.get(kind="jst.data.setup").data["fields"] == ["pesel", "citizenship", "education"]
    assert list(
        FieldOption.objects.filter(profile="sm_efs", field="sex").values_list("value", flat=True)
    ) == ["Kobieta", "Mężczyzna"]


def test_what_is_switched_off_is_erased_and_that_has_to_be_said(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    setup = project.data_setup
    setup.pesel, setup.fields = False, ["sex"]

    with pytest.raises(TransitionError, match="5 answers"):
        participants.set_up(setup, by=cast.coordinator)
    assert ParticipantValue.objects.count() == 6

    participants.set_up(setup, by=cast.coordinator, erase=True)

    assert list(ParticipantValue.objects.values_list("field", flat=True)) == ["sex"]
    assert ParticipantData.objects.get().pesel_index == ""
    assert Event.objects.filter(kind="jst.data.setup").latest("pk").data["erased"] == 5


def test_every_field_says_where_it_goes_in_the_official_files():
    from_portal = {"birth_date"}  # the age follows from it

    assert {field.name for field in FIELDS if not field.columns} == from_portal
    assert len({field.name for field in FIELDS}) == len(FIELDS) == len(ORDINARY) + 1


# --- One's own data -----------------------------------------------------------------------------


def test_the_form_asks_what_is_switched_on_and_nothing_else(cast, browse, project):
    form = browse(cast.reader).get(f"{OWN}{project.pk}/").context["form"]

    assert list(form.fields) == ["pesel", "no_pesel", *ASKED]
    assert browse(cast.reader).post(f"{OWN}{project.pk}/", {"phone": "600 100 200"}).status_code == 302
    assert not ParticipantValue.objects.exists()


def test_a_participant_gives_data_refuses_one_and_leaves_one_for_later(cast, browse, project):
    answer = give(browse, cast.reader, project)

    assert answer.status_code == 302
    stored = participants.answers_of(cast.reader, project)
    assert stored == {
        "sex": ("given", "mężczyzna"),
        "birth_date": ("given", "1944-05-14"),
        "education": ("given", "wyższe"),
        "town": ("given", "Kraśniczyn Dolny"),
        "disability": ("refused", ""),
    }
    event = Event.objects.get(kind="jst.data.save")
    assert (event.actor, sorted(event.data["fields"])) == (cast.reader, sorted(GIVEN))
    page = browse(cast.reader).get(OWN)
    assert [row["missing"] for row in page.context["rows"]] == [["PESEL number"]]


def test_saving_the_same_again_writes_nothing(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    tokens = sorted(ParticipantValue.objects.values_list("token", flat=True))
    give(browse, cast.reader, project, pesel=PESEL)

    assert sorted(ParticipantValue.objects.values_list("token", flat=True)) == tokens
    assert Event.objects.filter(kind="jst.data.save").count() == 1


@pytest.mark.parametrize(
    ("posted", "wrong"),
    [
        ({"pesel": "44051401358"}, ["pesel"]),
        ({"pesel": "4405140135"}, ["pesel"]),
        ({"pesel": PESEL, "no_pesel": "on"}, ["pesel"]),
        ({"pesel": WOMAN}, ["birth_date", "sex"]),
        ({"birth_date": "2999-01-01"}, ["birth_date"]),
        ({"sex": "inna"}, ["sex"]),
        ({"disability": "może"}, ["disability"]),
    ],
)
def test_what_is_given_is_checked_field_by_field(cast, browse, project, posted, wrong):
    answer = give(browse, cast.reader, project, **posted)

    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == wrong
    assert not ParticipantValue.objects.exists()


def test_a_later_birth_date_is_compared_with_the_number_given_before(cast, browse, project):
    give(browse, cast.reader, project, pesel="440514 01359")

    answer = give(browse, cast.reader, project, birth_date="1944-05-15")

    assert sorted(answer.context["form"].errors) == ["birth_date"]


def test_the_number_is_masked_even_for_its_owner_and_stays_when_left_empty(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    page = browse(cast.reader).get(f"{OWN}{project.pk}/").content.decode()
    give(browse, cast.reader, project, town="Opole")

    assert "•••••••1359" in page
    assert PESEL not in page
    assert participants.answers_of(cast.reader, project)["pesel"] == ("given", PESEL)


def test_who_has_no_pesel_says_so_and_is_not_missing_it(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    give(browse, cast.reader, project, no_pesel="on")

    assert participants.answers_of(cast.reader, project)["pesel"] == ("none", "")
    assert ParticipantData.objects.get().pesel_index == ""
    assert browse(cast.reader).get(OWN).context["rows"][0]["missing"] == []


def test_nobody_gives_data_for_another_and_only_sensitive_answers_are_refused(cast, project):
    with pytest.raises(NotAllowed):
        participants.save_answers(cast.reader, project, {"town": ("given", "X")}, by=cast.lead)
    with pytest.raises(TransitionError, match="cannot be refused"):
        participants.save_answers(cast.reader, project, {"sex": ("refused", "")}, by=cast.reader)
    with pytest.raises(TransitionError, match="no longer asks"):
        participants.save_answers(cast.reader, project, {"phone": ("given", "1")}, by=cast.reader)

    assert not ParticipantValue.objects.exists()


def test_equal_numbers_are_found_by_their_index_alone(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    give(browse, cast.author, project, pesel=PESEL)
    give(browse, cast.lead, project, pesel="90090515836", birth_date="", sex="")

    indexes = [
        ParticipantData.objects.get(person=person).pesel_index
        for person in (cast.reader, cast.author, cast.lead)
    ]
    assert len(indexes[0]) == 64
    assert (indexes[0] == indexes[1], indexes[0] == indexes[2]) == (True, False)


def dump():
    """Return every row of every table as text, as a dump of the database holds it."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_database_holds_no_value_in_clear(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    client = confirmed(browse(cast.coordinator))
    read_page(client, project, cast.reader, with_pesel="on")
    stored = dump()

    assert cast.reader.email in stored
    found = [value for value in (PESEL, PESEL[-4:] + "'", "Kraśniczyn", "1944-05-14") if value in stored]
    assert found == []


# --- Reading by others --------------------------------------------------------------------------


def test_a_page_hides_the_values_until_a_reason_is_given(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    client = browse(cast.coordinator)

    hidden = client.get(page_of(project, cast.reader)).content.decode()
    unreasoned = client.post(page_of(project, cast.reader), {"reason": " "})
    assert "Reading is recorded." in hidden
    assert [value for value in (PESEL, PESEL[-4:], "Kraśniczyn", "1944") if value in hidden] == []
    assert unreasoned.status_code == 422
    assert AccessRecord.objects.count() == 0

    shown = read_page(client, project, cast.reader).content.decode()
    assert "Kraśniczyn Dolny" in shown
    assert PESEL not in shown


@pytest.mark.parametrize("role", ["coordinator", "administrator", "operator"])
def test_every_reading_is_recorded_and_the_person_sees_it(cast, browse, project, role):
    give(browse, cast.reader, project)
    reader = person_of(cast, role)

    read_page(browse(reader), project, cast.reader)

    record = AccessRecord.objects.get()
    assert (record.person, record.event.actor, record.matter) == (cast.reader, reader, project.number)
    assert record.fields == sorted(ASKED)
    assert record.event.kind == "jst.data.read"
    assert record.event.comment == "Korekta sprawozdania"
    page = browse(cast.reader).get(OWN)
    assert [(row["reader"], row["reason"]) for row in page.context["readings"]] == [
        (reader, "Korekta sprawozdania")
    ]
    assert audit.verify()[1] is None


def test_a_record_that_is_altered_shows_in_the_chain(cast, browse, project):
    give(browse, cast.reader, project)
    read_page(browse(cast.coordinator), project, cast.reader)

    AccessRecord.objects.update(fields=["town"])

    assert audit.verify()[1].what == "altered"


def test_pesel_is_shown_only_after_the_password_was_given_again(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    client = browse(cast.coordinator)

    asked = read_page(client, project, cast.reader, with_pesel="on")
    assert asked.url.startswith("/konto/reauthenticate/")
    assert AccessRecord.objects.count() == 0

    from tests.factories import PASSWORD

    shown = client.post(asked.url, {"password": PASSWORD})
    assert PESEL in shown.content.decode()
    assert AccessRecord.objects.get().fields == sorted(["pesel", *ASKED])


def test_after_five_minutes_the_password_is_asked_again(cast, browse, project, monkeypatch):
    import time

    client = confirmed(browse(cast.coordinator))
    assert read_page(client, project, cast.reader, with_pesel="on").status_code == 200

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 5 * 60 + 1)

    assert read_page(client, project, cast.reader, with_pesel="on").status_code == 302


def test_operators_read_only_people_of_their_editions(cast, browse, project):
    stranger = MembershipFactory().person
    cast.participation.edition.operator.staff.update(until=date(2026, 2, 1))

    assert browse(cast.coordinator).get(page_of(project, stranger)).status_code == 404
    assert browse(cast.operator).get(page_of(project, cast.reader)).status_code == 404
    with pytest.raises(NotAllowed):
        participants.read(cast.reader, project, ["town"], reason="Ciekawość", by=cast.operator)
    assert AccessRecord.objects.count() == 0


def test_auditors_see_the_records_and_not_the_data(cast, browse, project):
    give(browse, cast.reader, project)
    read_page(browse(cast.coordinator), project, cast.reader)
    client = browse(cast.auditor)

    assert client.get(page_of(project, cast.reader)).status_code == 403
    with pytest.raises(NotAllowed):
        participants.read(cast.reader, project, ["town"], reason="Kontrola", by=cast.auditor)
    listed = client.get("/admin/portal/accessrecord/").content.decode()
    one = client.get(f"/admin/portal/accessrecord/{AccessRecord.objects.get().pk}/change/").content.decode()
    assert "Korekta sprawozdania" in listed
    assert "Kraśniczyn" not in listed + one
    assert browse(cast.coordinator).get("/admin/portal/accessrecord/").status_code == 403


# --- Whose data are missing ---------------------------------------------------------------------


def test_the_list_says_whose_data_are_missing_what_and_no_values(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)
    page = browse(cast.operator).get(f"/dane-uczestnikow/{project.pk}/")
    gaps = browse(cast.operator).get(f"/dane-uczestnikow/{project.pk}/?braki=on&szukaj=author@")

    missing = dict(page.context["rows"])
    assert (page.context["count"], page.context["incomplete"]) == (6, 5)
    assert missing[cast.reader] == []
    assert missing[cast.author] == [
        "PESEL number",
        "Sex",
        "Date of birth",
        "Education",
        "Town or village",
        "Has a disability",
    ]
    assert [person for person, _missing in gaps.context["rows"]] == [cast.author]
    assert "Kraśniczyn" not in page.content.decode()


def test_the_queries_of_the_list_do_not_grow(cast, browse, project):
    def queries():
        with tallied() as tally:
            browse(cast.coordinator).get(f"/dane-uczestnikow/{project.pk}/")
        return tally.queries

    few = queries()
    for _number in range(30):
        MembershipFactory(participation=cast.participation, person=UserFactory())

    assert queries() == few


def test_the_desk_asks_for_what_is_missing_until_it_is_given(cast, browse, project):
    def lines():
        return [row.url for row in browse(cast.reader).get("/moje/").context["waiting"]]

    assert lines() == [f"{OWN}{project.pk}/"]
    give(browse, cast.reader, project, pesel=PESEL)
    assert lines() == []


def test_no_event_carries_a_value(cast, browse, project):
    give(browse, cast.reader, project, pesel=PESEL)

    companions = JstEvent.objects.filter(event__kind="jst.data.save")
    assert [sorted(row.event.data) for row in companions] == [["fields", "participant_data"]]
