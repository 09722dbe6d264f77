"""Beginning an application by a letter, filling it in, and sending it once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jst import applicants, applications
from jst.models import ApplicantLink, Application, Call, JstEvent
from jst.offers import forget_unsent
from jst.problems import problems
from portal import outbox
from portal.models import Message, User
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.factories import ApplicationFactory, JstFactory, SchoolFactory, UserFactory
from tests.jst.calls import close, fresh, open_call, sent

pytestmark = pytest.mark.django_db

NEW = "sekretarz@urzad.example.org"
JOIN = {"first_name": "Ewa", "last_name": "Nowa", "password": "cztery konie na strychu"}


@pytest.fixture(autouse=True)
def no_limits_left():
    cache.clear()


def ask(call, email=NEW, client=None):
    return (client or Client()).post(reverse("jst:apply", args=[call.slug]), {"email": email})


def link_in_letter():
    outbox.send_due()
    return re.search(r"http://testserver(/zgloszenie/\S+)", mail.outbox[-1].body)[1]


def opened(link, client=None):
    client = client or Client()
    assert client.get(link).url == "/zgloszenie/"
    return client


# --- The letter ---------------------------------------------------------------------------------


def test_a_person_without_an_account_begins_by_a_letter_whose_button_opens_an_account(cast):
    call = open_call(cast)
    ask(call, NEW.upper())
    client = opened(link_in_letter())
    assert not User.objects.filter(email=NEW).exists()

    response = client.post("/zgloszenie/", JOIN)

    draft = Application.objects.get()
    assert response.url == f"/wnioski/{draft.pk}/"
    assert (draft.applicant.email, draft.status, draft.call) == (NEW, "draft", call)
    assert client.get(response.url).status_code == 200


def test_the_answer_does_not_tell_who_has_an_account(cast):
    call = open_call(cast)
    pages = [ask(call, email).content.decode().replace(email, "") for email in (NEW, cast.reader.email)]

    plain = [
        re.sub(r'(nonce|value|content)="[^"]{20,}"|\{"X-CSRFToken": "[^"]+"\}', "", page) for page in pages
    ]
    assert plain[0] == plain[1]


def test_five_looks_of_a_mail_scanner_change_nothing(cast):
    ask(open_call(cast))
    link = link_in_letter()

    for _look in range(5):
        opened(link).get("/zgloszenie/")

    assert (User.objects.filter(email=NEW).count(), Application.objects.count()) == (0, 0)
    assert ApplicantLink.objects.get().used_at is None


def test_a_link_works_once_and_leads_nobody_else_anywhere(cast, browse):
    ask(open_call(cast))
    link = link_in_letter()
    other = opened(link, browse(cast.lead))
    assert other.post("/zgloszenie/").status_code == 404
    opened(link).post("/zgloszenie/", JOIN)

    second = opened(link).post("/zgloszenie/", JOIN | {"first_name": "Jan"})

    assert (second.status_code, Application.objects.count()) == (404, 1)


def test_an_owner_of_an_account_signs_in_and_comes_back(cast, browse):
    call = open_call(cast)
    ask(call, cast.reader.email)
    link = link_in_letter()
    page = opened(link).post("/zgloszenie/", JOIN)
    assert "Sign in" in page.content.decode()
    assert not Application.objects.exists()

    response = opened(link, browse(cast.reader)).post("/zgloszenie/")

    assert response.url == f"/wnioski/{Application.objects.get(applicant=cast.reader).pk}/"


def test_an_expired_link_and_an_unknown_one_answer_alike(cast):
    ask(open_call(cast))
    link = link_in_letter()
    ApplicantLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answers = {opened(path).get("/zgloszenie/").status_code for path in (link, "/zgloszenie/nigdy-nie/")}

    assert answers == {404}


def test_neither_the_database_nor_a_sent_letter_holds_the_secret(cast):
    ask(open_call(cast))
    secret = link_in_letter().split("/")[2]

    assert len(secret) >= 43
    assert secret not in str(list(ApplicantLink.objects.values()))
    assert Message.objects.get(address=NEW).body == ""


def test_an_address_gets_at_most_five_letters_a_day_and_the_page_stays_the_same(cast):
    call = open_call(cast)

    answers = {ask(call).status_code for _time in range(7)}

    assert answers == {200}
    assert Message.objects.filter(address=NEW).count() == applicants.LETTERS_PER_DAY


def test_one_network_address_cannot_ask_for_letters_without_end(cast):
    call = open_call(cast)

    answers = [ask(call, f"osoba{number}@example.org").status_code for number in range(22)]

    assert answers == [200] * 20 + [429] * 2


def test_people_who_work_at_ore_send_no_applications(cast, browse):
    response = browse(cast.auditor).post(reverse("jst:apply", args=[open_call(cast).slug]))

    assert (response.status_code, Application.objects.count()) == (409, 0)


def test_two_presses_of_the_button_find_one_draft(cast, browse):
    call = open_call(cast)
    client = browse(cast.reader)

    first, second = (client.post(reverse("jst:apply", args=[call.slug])) for _time in range(2))

    assert first.url == second.url
    assert Application.objects.count() == 1


def test_nothing_begins_before_a_call_opens_or_after_it_closes(cast, browse):
    scheduled = open_call(cast, opens=timezone.now() + timedelta(hours=1))
    closed = open_call(cast)
    close(closed)

    for call in (scheduled, closed):
        assert browse(cast.reader).post(reverse("jst:apply", args=[call.slug])).status_code == 409
        assert ask(call).status_code == 422
    assert (Application.objects.count(), ApplicantLink.objects.count()) == (0, 0)


# --- Filling in ---------------------------------------------------------------------------------


@pytest.fixture
def draft(cast):
    return applications.begin(open_call(cast), by=cast.reader)


def part(draft, key):
    return reverse("jst:application_part", args=[draft.pk, key])


def test_the_unit_is_found_by_its_name_office_or_town_and_told_apart_from_its_namesake(cast, browse, draft):
    region = JstFactory(code="30", kind="W", name="wielkopolskie")
    county = JstFactory(code="3004", kind="P", name="gostyński", parent=region)
    village = JstFactory(
        name="Piaski", kind="GW", parent=county, town="Szelejewo", office_name="Urząd Gminy Piaski"
    )
    JstFactory(name="Piaski", kind="GMW", parent=JstFactory(code="0617", kind="P", name="świdnicki"))
    client = browse(cast.reader)

    both = client.get(part(draft, "jednostka"), {"szukaj": "piaski"}).content.decode()
    town = client.get(part(draft, "jednostka"), {"szukaj": "szelejewo"}).content.decode()
    client.post(part(draft, "jednostka"), {"jst": village.pk})

    for words in (
        "rural gmina Piaski",
        "gostyński",
        "wielkopolskie",
        "urban-rural gmina Piaski",
        "świdnicki",
    ):
        assert words in both
    assert f'value="{village.pk}"' in town
    assert fresh(draft).jst == village


@pytest.mark.parametrize("given", ["Gmina Piaski", "0", "999999999", "99999999999999999999", ""])
def test_a_unit_is_never_typed(cast, browse, draft, given):
    browse(cast.reader).post(part(draft, "jednostka"), {"jst": given})

    assert fresh(draft).jst is None


def test_only_the_units_own_open_schools_are_offered_and_a_complex_by_its_parts(cast, browse, draft):
    unit = JstFactory()
    applications.choose_unit(draft, unit, by=cast.reader)
    complexes = SchoolFactory(authority=unit, is_complex=True, name="Zespół Szkół")
    shown = SchoolFactory(authority=unit, parent_rspo=complexes.rspo, name="Liceum")
    others = [
        complexes,
        SchoolFactory(authority=unit, closed_on=timezone.localdate()),
        SchoolFactory(authority=unit, absent_since=timezone.localdate()),
        SchoolFactory(),
    ]
    client = browse(cast.reader)
    page = client.get(part(draft, "szkoly")).content.decode()

    response = client.post(part(draft, "szkoly"), {"schools": [shown.pk, others[-1].pk]})
    client.post(part(draft, "szkoly"), {"schools": [shown.pk]})

    assert [f"rspo-{school.rspo}" in page for school in (shown, *others)] == [True, *[False] * 4]
    assert response.status_code == 422
    assert [row.school for row in draft.schools.all()] == [shown]


def test_another_unit_drops_the_schools_declared_before(cast):
    draft = ApplicationFactory(call=open_call(cast), applicant=cast.reader)

    applications.choose_unit(draft, JstFactory(), by=cast.reader)

    assert draft.schools.count() == 0


def test_an_unfinished_person_is_kept_and_told_as_missing(cast, browse, draft):
    data = {"form-TOTAL_FORMS": 5, "form-INITIAL_FORMS": 0, "form-0-first_name": "Ewa"}

    response = browse(cast.reader).post(part(draft, "osoby"), data)

    assert response.status_code == 302
    assert [(one.first_name, one.email) for one in draft.people.all()] == [("Ewa", "")]
    controls = {problem.control for problem in problems(fresh(draft)) if problem.part == "osoby"}
    assert {"id_form-0-email", "id_form-0-first_name"} <= controls


def test_every_problem_links_to_a_control_that_is_there(cast, browse, draft):
    applications.choose_unit(draft, SchoolFactory().authority, by=cast.reader)
    applications.declare_people(draft, [{"first_name": "Ewa", "last_name": "", "email": ""}], by=cast.reader)
    client = browse(cast.reader)
    page = client.get(reverse("jst:application_problems", args=[draft.pk])).content.decode()

    links = re.findall(r'href="(/wnioski/\d+/czesci/\w+/)#([^"]+)"', page)

    assert len(links) == 5
    for path, control in links:
        assert f'id="{control}"' in client.get(path).content.decode()


def test_nobody_else_sees_a_draft(cast, browse, draft):
    for person in (cast.lead, cast.coordinator, cast.operator, cast.auditor):
        assert browse(person).get(draft.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        applications.choose_unit(draft, JstFactory(), by=cast.lead)


# --- Sending ------------------------------------------------------------------------------------


def test_sending_numbers_the_application_and_writes_to_the_sender_and_to_the_office(cast, browse):
    unit = JstFactory(mailbox="gmina@urzad.example.org")
    draft = ApplicationFactory(call=open_call(cast), applicant=cast.reader, jst=unit)

    response = browse(cast.reader).post(reverse("jst:application_send", args=[draft.pk]))

    found = fresh(draft)
    assert (response.url, found.status, found.number) == (draft.get_absolute_url(), "sent", 1)
    outbox.send_due()
    assert {letter.to[0] for letter in mail.outbox} == {cast.reader.email, unit.mailbox}
    assert all(found.reference in letter.body for letter in mail.outbox)
    page = browse(cast.reader).get(draft.get_absolute_url()).content.decode()
    assert found.reference in page


def test_an_incomplete_draft_is_saved_and_not_sent(cast, browse, draft):
    response = browse(cast.reader).post(reverse("jst:application_send", args=[draft.pk]))

    assert (response.status_code, fresh(draft).status) == (409, "draft")
    assert Call.objects.get().last_number == 0


def test_what_was_sent_never_changes(cast, browse):
    found = sent(open_call(cast), applicant=cast.reader)
    client = browse(cast.reader)

    client.post(part(found, "jednostka"), {"jst": JstFactory().pk})
    with pytest.raises(AlreadyMoved):
        applications.choose_unit(found, JstFactory(), by=cast.reader)

    assert fresh(found).jst == found.jst


def test_a_second_press_sends_nothing_and_shows_the_same_page(cast, browse):
    draft = ApplicationFactory(call=open_call(cast), applicant=cast.reader)
    client = browse(cast.reader)
    address = reverse("jst:application_send", args=[draft.pk])

    urls = [client.post(address).url for _time in range(2)]

    assert urls == [draft.get_absolute_url()] * 2
    assert JstEvent.objects.filter(event__kind="jst.application.send").count() == 1


def test_after_the_bell_nothing_is_saved_or_sent(cast):
    draft = ApplicationFactory(call=open_call(cast), applicant=cast.reader)
    close(draft.call)

    for attempt in (
        lambda: applications.send(draft, by=cast.reader),
        lambda: applications.choose_unit(draft, JstFactory(), by=cast.reader),
    ):
        with pytest.raises(TransitionError, match="closed"):
            attempt()
    assert fresh(draft).status == "draft"


def test_a_unit_sends_one_application_to_a_call_whoever_began_it(cast):
    first = sent(open_call(cast))
    second = ApplicationFactory(call=first.call, jst=first.jst)

    with pytest.raises(TransitionError):
        applications.send(second, by=second.applicant)
    applications.withdraw(first, by=first.applicant)
    applications.send(fresh(second), by=second.applicant)

    assert [fresh(one).number for one in (first, second)] == [1, 2]


def test_numbers_have_no_gap_where_a_sending_was_refused(cast):
    call = open_call(cast)
    sent(call)
    bad = ApplicationFactory(call=call, reasons="")
    with pytest.raises(TransitionError):
        applications.send(bad, by=bad.applicant)

    assert sent(call).number == 2


def test_drafts_are_forgotten_a_month_after_the_call_has_closed(cast):
    kept, old = ApplicationFactory(call=open_call(cast)), ApplicationFactory(call=open_call(cast))
    standing = sent(old.call)
    Call.objects.filter(pk=old.call_id).update(
        opens=timezone.now() - timedelta(days=60), closes=timezone.now() - timedelta(days=31)
    )

    forget_unsent()

    assert set(Application.objects.all()) == {kept, standing}


def test_the_desk_reminds_of_a_draft_until_the_call_closes(cast, browse):
    draft = ApplicationFactory(call=open_call(cast), applicant=UserFactory())
    client = browse(draft.applicant)
    before = draft.get_absolute_url() in client.get("/moje/").content.decode()
    close(draft.call)

    assert (before, draft.get_absolute_url() in client.get("/moje/").content.decode()) == (True, False)
