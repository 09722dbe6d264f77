"""Scoring, deciding, the quota meter, the list and its files: what those who run a call do."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from jst import deciding
from jst.admission import reconciled
from jst.invitations import accept, token
from jst.models import (
    Application,
    ApplicationDecision,
    ApplicationScore,
    Invitation,
    JstEvent,
    Participation,
    Quota,
    SchoolScope,
)
from jst.quotas import Meter, free_places
from jst.teams import end_participation
from portal import outbox
from portal.models import Message
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError
from tests.factories import CallFactory, JstFactory, ParticipationFactory, SchoolFactory
from tests.jst.calls import close, decided, fresh, open_call, scored, sent

pytestmark = pytest.mark.django_db


def prepared(application, outcome, by, **fields):
    scored(application, by)
    return deciding.prepare(application, outcome=outcome, reason="Bo tak.", by=by, **fields)


# --- Scoring ------------------------------------------------------------------------------------


def test_the_operator_scores_by_the_published_criteria_and_the_event_keeps_the_points(cast, browse):
    call = open_call(cast)
    one = call.criteria.create(label="Potrzeby", max_points=10)
    two = call.criteria.create(label="Zespół", max_points=5)
    application = sent(call)
    data = {f"points_{one.pk}": 8, f"points_{two.pk}": 5}
    data |= {f"rationale_{one.pk}": "Dobra diagnoza.", f"rationale_{two.pk}": "Doświadczony zespół."}

    response = browse(cast.operator).post(reverse("jst:application_score", args=[application.pk]), data)

    assert response.url == reverse("jst:application_decision", args=[application.pk])
    assert sorted(application.scores.values_list("points", flat=True)) == [5, 8]
    event = JstEvent.objects.get(event__kind="jst.application.score").event
    assert event.data["points"] == {str(one.pk): 8, str(two.pk): 5}


@pytest.mark.parametrize(("points", "rationale"), [("11", "Za dużo."), ("-1", "Za mało."), ("5", "")])
def test_points_beyond_the_criterion_or_without_a_rationale_are_not_kept(cast, browse, points, rationale):
    call = open_call(cast)
    criterion = call.criteria.create(label="Potrzeby", max_points=10)
    application = sent(call)
    data = {f"points_{criterion.pk}": points, f"rationale_{criterion.pk}": rationale}

    response = browse(cast.coordinator).post(reverse("jst:application_score", args=[application.pk]), data)

    assert (response.status_code, ApplicationScore.objects.count()) == (422, 0)


def test_the_applicant_sees_neither_points_nor_prepared_decisions(cast, browse):
    application = sent(open_call(cast), applicant=cast.reader)
    prepared(application, "refuse", cast.coordinator)

    page = browse(cast.reader).get(application.get_absolute_url()).content.decode()

    assert "Jasno opisane." not in page
    assert "scored the application" not in page
    assert "Bo tak." not in page
    assert (
        browse(cast.reader).get(reverse("jst:application_decision", args=[application.pk])).status_code == 403
    )


# --- Deciding -----------------------------------------------------------------------------------


def test_a_prepared_decision_is_told_to_nobody_until_it_is_released(cast, browse):
    application = sent(open_call(cast))
    letters = Message.objects.count()
    decision = prepared(application, "refuse", cast.coordinator)
    before = (fresh(application).status, Message.objects.count() - letters)
    address = reverse("jst:decision_release", args=[application.call.slug])

    browse(cast.coordinator).post(address, {"decision": f"{decision.pk} {decision.prepared_at.timestamp()}"})

    assert before == ("sent", 0)
    assert fresh(application).status == "refused"
    outbox.send_due(timezone.now() + timedelta(minutes=5))
    letter = [one for one in mail.outbox if one.to == [application.applicant.email]][-1]
    assert "Bo tak." in letter.body


def test_accepting_enters_the_unit_its_schools_and_invites_its_people(cast):
    application = decided(sent(open_call(cast)), "accept", cast.operator)

    participation = Participation.objects.get(pk=application.participation_id)
    assert (participation.jst, participation.status) == (application.jst, "qualified")
    scopes = SchoolScope.objects.filter(participation=participation)
    assert {scope.school for scope in scopes} == {row.school for row in application.schools.all()}
    invited = Invitation.objects.filter(participation=participation).order_by("email")
    assert [(one.email, one.is_lead, one.is_author, one.invited_by) for one in invited] == [
        (person.email, person.is_lead, person.is_author, cast.operator)
        for person in application.people.order_by("email")
    ]
    kinds = JstEvent.objects.filter(participation=participation).values_list("event__kind", flat=True)
    assert list(kinds.order_by("event__sequence")) == [
        "jst.participation.qualify",
        *["jst.invitation.invite"] * 2,
    ]


def test_decisions_are_released_together_or_not_at_all(cast):
    call = open_call(cast, places=1)
    decisions = [prepared(sent(call), "accept", cast.coordinator) for _number in range(2)]

    with pytest.raises(TransitionError, match="places"):
        deciding.release(decisions, by=cast.coordinator)

    assert set(Application.objects.values_list("status", flat=True)) == {"sent"}
    assert not ApplicationDecision.objects.exclude(released_at=None).exists()


def test_a_decision_that_changed_since_it_was_read_is_not_released(cast, browse):
    application = sent(open_call(cast))
    old = prepared(application, "refuse", cast.coordinator)
    deciding.prepare(application, outcome="accept", reason="Jednak tak.", by=cast.administrator)

    with pytest.raises(TransitionError):
        deciding.release([old], by=cast.coordinator)
    address = reverse("jst:decision_release", args=[application.call.slug])
    response = browse(cast.coordinator).post(address, {"decision": f"{old.pk} {old.prepared_at.timestamp()}"})

    assert (response.status_code, fresh(application).status) == (409, "sent")


def test_acceptance_needs_every_criterion_scored_and_refusal_does_not(cast):
    call = open_call(cast)
    call.criteria.create(label="Potrzeby", max_points=10)
    one, two = sent(call), sent(call)
    accepted = deciding.prepare(one, outcome="accept", reason="Tak.", by=cast.coordinator)
    refused = deciding.prepare(two, outcome="refuse", reason="Nie.", by=cast.coordinator)

    with pytest.raises(TransitionError, match="Score every criterion"):
        deciding.release([accepted], by=cast.coordinator)
    deciding.release([refused], by=cast.coordinator)

    assert [fresh(row).status for row in (one, two)] == ["sent", "refused"]


def test_a_decision_without_a_reason_is_not_prepared(cast, browse):
    application = sent(open_call(cast))
    address = reverse("jst:application_decision", args=[application.pk])

    response = browse(cast.coordinator).post(address, {"outcome": "refuse", "reason": " "})

    assert (response.status_code, ApplicationDecision.objects.count()) == (422, 0)


def test_who_does_not_run_the_edition_decides_nothing(cast):
    foreign = sent(CallFactory())

    for person in (cast.operator, cast.auditor, cast.lead):
        with pytest.raises(NotAllowed):
            deciding.prepare(foreign, outcome="refuse", reason="Nie.", by=person)


def test_what_is_decided_is_not_decided_again(cast):
    application = decided(sent(open_call(cast)), "refuse", cast.coordinator)

    with pytest.raises(AlreadyMoved):
        deciding.prepare(application, outcome="accept", reason="Jednak.", by=cast.coordinator)


def test_a_unit_that_is_in_the_edition_is_not_accepted_again(cast):
    application = sent(open_call(cast))
    ParticipationFactory(edition=application.call.edition, jst=application.jst)

    with pytest.raises(TransitionError, match="in the edition already"):
        decided(application, "accept", cast.coordinator)


# --- Quotas -------------------------------------------------------------------------------------


def test_the_meter_counts_what_is_taken_offered_and_prepared(cast):
    region = JstFactory(code="14", kind="W", name="mazowieckie")
    call = open_call(cast, places=5)
    Quota.objects.create(call=call, kind="GM", limit=1)
    Quota.objects.create(call=call, voivodeship=region, limit=2)
    decided(sent(call, jst=JstFactory(code="140101", kind="MNP")), "accept", cast.coordinator)
    prepared(sent(call, jst=JstFactory(code="140102", kind="GM")), "accept", cast.coordinator)
    sent(call, jst=JstFactory(code="140103"))

    found = {
        line.label: (line.taken, line.prepared, line.limit, line.would_exceed) for line in Meter(call).lines()
    }

    # The city with county rights counts as an urban gmina.
    assert found == {
        "all places": (1, 1, 5, 0),
        "urban gmina": (1, 1, 1, 1),
        "mazowieckie voivodeship": (1, 1, 2, 0),
    }


def test_beyond_a_quota_a_unit_is_accepted_only_with_a_reason_that_stays(cast):
    call = open_call(cast, places=5)
    Quota.objects.create(call=call, kind="GW", limit=1)
    decided(sent(call), "accept", cast.coordinator)
    second = sent(call)

    with pytest.raises(TransitionError, match="exceed the quota"):
        decided(second, "accept", cast.coordinator)
    second = decided(second, "accept", cast.coordinator, over_quota="Zgoda dyrektora")

    event = JstEvent.objects.get(application=second, event__kind="jst.application.accept").event
    assert (second.status, event.data["beyond_quota"]) == ("accepted", "Zgoda dyrektora")


def test_a_unit_that_withdrew_gives_its_place_back(cast):
    call = open_call(cast, places=1)
    application = decided(sent(call), "accept", cast.coordinator)
    before = free_places(call)

    end_participation(
        application.participation,
        "withdraw",
        on=timezone.localdate(),
        by=cast.coordinator,
        comment="Rezygnacja",
    )

    assert (before, free_places(call)) == (0, 1)


# --- Declared and covered -----------------------------------------------------------------------


def test_declared_beside_covered_is_on_the_page_of_the_team(cast, browse):
    application = decided(sent(open_call(cast)), "accept", cast.coordinator)
    participation = application.participation
    scope = SchoolScope.objects.get(participation=participation)
    scope.until = timezone.localdate()
    scope.save()
    added = SchoolFactory(authority=application.jst, name="Szkoła Nowa")
    SchoolScope.objects.create(participation=participation, school=added)
    joined = Invitation.objects.filter(participation=participation).first()
    accept(
        joined, secret=token(joined), password="cztery konie na strychu", first_name="Ewa", last_name="Lis"
    )

    found = reconciled(participation)
    page = browse(cast.coordinator).get(participation.get_absolute_url()).content.decode()

    assert (found.schools.declared, found.schools.covered) == (1, 1)
    assert (found.schools.gone, found.schools.added) == ([scope.school], [added])
    assert (found.people.declared, found.people.covered, len(found.people.gone)) == (2, 1, 1)
    assert "Declared and covered" in page
    assert "Szkoła Nowa" in page


# --- The list -----------------------------------------------------------------------------------


def test_the_list_is_sorted_by_points_and_filtered(cast, browse):
    call = open_call(cast)
    JstFactory(code="14", kind="W", name="mazowieckie")
    low = sent(call, jst=JstFactory(code="140101", name="Alfa"))
    high = sent(call, jst=JstFactory(code="140201", name="Beta", kind="GMW"))
    other = sent(call, jst=JstFactory(code="020101", name="Gamma"))
    scored(low, cast.coordinator, points=2)
    scored(high, cast.coordinator, points=9)
    client = browse(cast.operator)

    def shown(**query):
        page = client.get(reverse("jst:applications", args=[call.slug]), query)
        return [row["application"].pk for row in page.context["rows"]]

    assert shown() == [high.pk, low.pk, other.pk]
    assert shown(wojewodztwo="14") == [high.pk, low.pk]
    assert shown(rodzaj="GMW") == [high.pk]
    assert shown(szukaj="alfa") == [low.pk]
    assert shown(status="refused") == []


def test_files_hold_what_is_shown_and_run_nothing(cast, browse):
    call = open_call(cast)
    sent(call, jst=JstFactory(code="140101", name="Alfa"), contact_name="=HYPERLINK(1)")
    sent(call, jst=JstFactory(code="020101", name="Beta"))
    client = browse(cast.coordinator)

    csv, book = (
        client.get(reverse("jst:application_file", args=[call.slug, form]), {"szukaj": "alfa"}).getvalue()
        for form in ("csv", "xlsx")
    )

    text = csv.decode("utf-8-sig")
    assert len(text.split("\r\n\r\n")[0].splitlines()) == 2
    assert "'=HYPERLINK(1)" in text
    assert ";140101;" in text
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    assert (sheet.count("<row "), "=HYPERLINK(1)" in sheet) == (2, True)
    assert ("<f>" in sheet, "Beta" in sheet) == (False, False)


def test_the_xlsx_opens_as_a_workbook(cast, browse):
    call = open_call(cast)
    sent(call)
    address = reverse("jst:application_file", args=[call.slug, "xlsx"])
    content = browse(cast.coordinator).get(address).getvalue()

    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

    assert (len(rows), rows[0][0], rows[1][0]) == (2, "Number", 1)


def test_the_list_costs_the_same_with_3_applications_and_with_30(cast, browse):
    call = open_call(cast)
    client = browse(cast.coordinator)
    address = reverse("jst:applications", args=[call.slug])
    costs = []
    for count in (3, 27):
        for _number in range(count):
            sent(call)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        costs.append(len(captured))

    assert costs[0] == costs[1]
    assert costs[0] <= 16


def test_the_desk_of_a_runner_says_how_many_wait_once_the_call_is_closed(cast, browse):
    call = open_call(cast)
    sent(call)
    client = browse(cast.operator)
    words = reverse("jst:applications", args=[call.slug])
    before = words in client.get("/moje/").content.decode()
    close(call)

    after = client.get("/moje/").content.decode()

    assert (before, words in after) == (False, True)
    assert words not in browse(cast.auditor).get("/moje/").content.decode()
