"""Restricted data of participants: asked only where switched on, checked, and stored encrypted."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from jst import participants
from jst.models import FieldOption, ParticipantData, ParticipantDataSetup, ParticipantValue
from jst.participant_fields import FIELDS, ORDINARY
from portal.models import Event
from portal.workflow import NotAllowed, TransitionError
from tests.conftest import ROLES, person_of
from tests.jst.participant_answers import (
    ASKED,
    GIVEN,
    OWN,
    PESEL,
    WOMAN,
    confirmed,
    give,
    read_page,
    setup_of,
)

pytestmark = pytest.mark.django_db


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
