"""Restricted data read by others: after a reason, recorded, seen by the person; who is missing what."""

import io
import time
import zipfile
from datetime import date

import pytest

from jst import participants
from jst.merging import two_drafts
from jst.models import Application, JstEvent
from portal import audit
from portal.benchmark import tallied
from portal.extract import extract
from portal.models import AccessRecord, User
from portal.workflow import NotAllowed
from tests.conftest import person_of
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.jst.calls import open_call
from tests.jst.participant_answers import ASKED, OWN, PESEL, confirmed, give, page_of, read_page

pytestmark = pytest.mark.django_db

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

    shown = client.post(asked.url, {"password": PASSWORD})
    assert PESEL in shown.content.decode()
    assert AccessRecord.objects.get().fields == sorted(["pesel", *ASKED])


def test_after_five_minutes_the_password_is_asked_again(cast, browse, project, monkeypatch):
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


def test_an_extract_made_by_somebody_else_is_recorded_as_a_reading_and_ones_own_is_not(cast, browse, project):
    give(browse, cast.reader, project)
    reader = User.objects.get(pk=cast.reader.pk)

    extract(reader, by=reader)
    assert AccessRecord.objects.count() == 0
    content = extract(reader, by=cast.administrator)[1]

    record = AccessRecord.objects.get()
    assert (record.person, record.event.actor, record.matter) == (reader, cast.administrator, project.number)
    assert "birth_date" in record.fields
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        assert "Kraśniczyn Dolny" in folder.read("dane.json").decode()


def test_two_people_who_fill_in_applications_to_one_call_are_not_merged_yet(cast):
    call = open_call(cast)
    first, second = UserFactory(), UserFactory()
    for person in (first, second):
        Application.objects.create(call=call, applicant=person)

    assert [sentence[:39] for sentence in two_drafts(first, second)] == [
        "Both fill in an application to the same"
    ]
    assert two_drafts(first, cast.lead) == []
