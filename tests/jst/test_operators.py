"""Operators: who works for them, which editions they run, and what nobody does in both hats."""

from datetime import date, timedelta

import pytest

from jst import operators, teams
from jst.invitations import accept, invite, token
from jst.models import OperatorStaff, Participation, TeamMembership
from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.permissions import assignable_experts
from portal.accounts import place_in_groups
from portal.groups import COORDINATOR
from portal.models import Event, User
from portal.workflow import NotAllowed, TransitionError
from tests.factories import (
    EditionFactory,
    ExpertFactory,
    MembershipFactory,
    OperatorFactory,
    OperatorStaffFactory,
    ParticipationFactory,
    UserFactory,
)
from tests.situations import plan_version

pytestmark = pytest.mark.django_db


def employed(cast, person, **fields):
    given = {"operator": cast.setup.edition.operator, "person": person} | fields
    return operators.employ(OperatorStaff(**given), by=cast.coordinator)


def refused(act, *args, **kwargs):
    """Whether the verb refuses and leaves nothing behind."""
    before = Event.objects.count()
    with pytest.raises(TransitionError):
        act(*args, **kwargs)
    return Event.objects.count() == before


# --- Who works for an operator --------------------------------------------------------------------


def test_an_employee_begins_and_ends_with_events(cast):
    person = UserFactory()
    employee = employed(cast, person)
    operators.release(employee, until=today(), reason="Koniec umowy", by=cast.coordinator)

    events = list(Event.objects.values_list("kind", "jstevent__employee"))
    assert events == [("jst.operator.employ", employee.pk), ("jst.operator.release", employee.pk)]
    assert not Participation.objects.of_operator(person).exists()


def test_nobody_but_ore_s_coordinators_says_who_works_for_an_operator(cast):
    for by in (cast.operator, cast.auditor, cast.lead):
        employee = OperatorStaff(operator=cast.setup.edition.operator, person=UserFactory())
        with pytest.raises(NotAllowed):
            operators.employ(employee, by=by)
    with pytest.raises(NotAllowed):
        operators.release(OperatorStaff.objects.get(), until=today(), reason="x", by=cast.operator)


def test_the_admin_panel_makes_and_ends_employees_by_the_same_verbs(cast, browse):
    person = UserFactory()
    client = browse(cast.coordinator)
    given = {"operator": cast.setup.edition.operator.pk, "person": person.pk, "since": "01.09.2026"}
    client.post("/admin/jst/operatorstaff/add/", given)
    row = OperatorStaff.objects.get(person=person)

    ending = {"until": today().strftime("%d.%m.%Y"), "reason": "Koniec umowy"}
    client.post(f"/admin/jst/operatorstaff/{row.pk}/change/", ending)

    kinds = list(Event.objects.values_list("kind", flat=True))
    assert kinds == ["jst.operator.employ", "jst.operator.release"]


# --- Two hats -------------------------------------------------------------------------------------


def test_ore_s_staff_does_not_work_for_an_operator_nor_the_other_way_round(cast):
    assert refused(employed, cast, cast.coordinator)
    group = cast.coordinator.groups.get(name=COORDINATOR)
    for person in (cast.operator, cast.lead, cast.reviewer):
        assert refused(place_in_groups, person, [group])
        assert not User.objects.get(pk=person.pk).is_staff


def test_the_page_of_a_person_says_why_an_operator_s_employee_is_not_placed_at_ore(cast, browse):
    group = cast.coordinator.groups.get(name=COORDINATOR)
    fields = {"first_name": "Ewa", "last_name": "Nowa", "is_active": "on", "groups": [group.pk]}
    page = browse(cast.administrator).post(f"/admin/portal/user/{cast.operator.pk}/change/", fields)

    assert len(page.context["adminform"].form.non_field_errors()) == 1
    assert not User.objects.get(pk=cast.operator.pk).groups.exists()


def test_somebody_in_a_team_of_an_edition_does_not_work_for_its_operator(cast):
    assert refused(employed, cast, cast.reader)
    # The control: a team in somebody else's edition is no obstacle.
    employed(cast, MembershipFactory(participation=ParticipationFactory()).person)


def test_an_operator_s_employee_joins_no_team_of_its_editions(cast):
    membership = TeamMembership(participation=cast.participation, person=cast.operator)
    assert refused(teams.add_member, membership, by=cast.coordinator)

    invitation = invite(
        cast.participation, email=cast.operator.email, first_name="A", last_name="B", by=cast.lead
    )
    assert refused(accept, invitation, secret=token(invitation), by=cast.operator)
    assert not TeamMembership.objects.filter(person=cast.operator).exists()


def test_an_operator_s_employee_reviews_no_plan_of_its_editions(cast):
    version = plan_version(cast, "sent")
    expert = ExpertFactory(person=cast.operator)

    assert expert not in assignable_experts(version.plan)
    assert refused(assign_reviewer, version, expert, by=cast.coordinator)
    # The control: whoever works for no operator may.
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)


def test_whoever_reviews_a_plan_of_an_edition_does_not_work_for_its_operator(cast):
    assign_reviewer(plan_version(cast, "sent"), cast.reviewer.expert, by=cast.coordinator)

    assert refused(employed, cast, cast.reviewer)
    employed(cast, cast.reviewer, operator=OperatorFactory())


def test_an_edition_is_not_entrusted_to_an_operator_whose_employee_reviews_or_writes_in_it(cast):
    assign_reviewer(plan_version(cast, "sent"), cast.reviewer.expert, by=cast.coordinator)
    edition = cast.setup.edition
    for person in (cast.reviewer, cast.author):
        other = OperatorStaffFactory(person=person).operator
        assert refused(operators.entrust, edition, other, by=cast.coordinator)
        edition.refresh_from_db()
    free = OperatorStaffFactory().operator

    operators.entrust(edition, free, by=cast.coordinator)

    event = Event.objects.last()
    assert (event.kind, event.data["operator"]) == ("jst.edition.entrust", free.pk)
    assert not Participation.objects.of_operator(cast.operator).exists()


def test_the_admin_panel_entrusts_an_edition_by_the_same_verb(cast, browse):
    edition, other = cast.setup.edition, OperatorStaffFactory(person=cast.author).operator
    fields = {
        "project": edition.project_id,
        "name": "Inna nazwa",
        "slug": edition.slug,
        "kind": edition.kind,
        "since": "01.01.2026",
        "until": "31.12.2027",
        "team_min": 2,
        "team_max": 5,
    }
    client, where = browse(cast.coordinator), f"/admin/jst/edition/{edition.pk}/change/"

    refusal = client.post(where, fields | {"operator": other.pk})
    edition.refresh_from_db()
    assert (refusal.status_code, edition.name != "Inna nazwa") == (200, True)

    client.post(where, fields | {"operator": OperatorFactory().pk})
    edition.refresh_from_db()
    assert (edition.name, Event.objects.last().kind) == ("Inna nazwa", "jst.edition.entrust")


# --- What operators see ---------------------------------------------------------------------------


def labels(browse, person):
    return [url for _label, url, _about in browse(person).get("/moje/").context["ways"]]


def test_an_operator_s_menu_leads_to_its_editions_teams_and_plans_and_not_to_the_admin_panel(cast, browse):
    own = ["/edycje/", "/zespoly/", "/eksperci/", "/samorzady/"]
    assert labels(browse, cast.operator) == [*own, "/nabory/", "/plany/", "/przyjete-plany/"]
    assert browse(cast.operator).get("/admin/").status_code in {302, 403}


def test_an_operator_sees_its_own_editions_and_teams_and_no_others(cast, browse):
    other = ParticipationFactory(edition=EditionFactory(operator=OperatorFactory()))
    client = browse(cast.operator)

    assert list(client.get("/edycje/").context["page"].object_list) == [cast.setup.edition]
    assert client.get(f"/edycje/{other.edition.slug}/").status_code == 404
    assert client.get(f"/zespoly/{other.pk}/").status_code == 404
    seen = {row["pk"] for row in client.get("/zespoly/").context["rows"]}
    assert seen == {cast.participation.pk, cast.other_participation.pk}


def test_an_operator_sees_nothing_from_the_day_its_employment_ends(cast, browse):
    OperatorStaff.objects.filter(person=cast.operator).update(until=today())

    client = browse(cast.operator)
    assert client.get(f"/edycje/{cast.setup.edition.slug}/").status_code == 404
    assert client.get("/edycje/").status_code == 403
    assert labels(browse, cast.operator) == ["/nabory/", "/przyjete-plany/"]


def test_an_employment_that_begins_tomorrow_opens_nothing_today(cast, browse):
    tomorrow = today() + timedelta(days=1)
    person = employed(cast, UserFactory(), since=tomorrow).person

    assert browse(person).get("/edycje/").status_code == 403


def test_an_operator_is_told_of_its_teams_without_a_lead_and_of_no_others(cast, browse):
    ParticipationFactory(edition=cast.setup.edition)
    ParticipationFactory(since=date(2026, 1, 1))

    rows = browse(cast.operator).get("/moje/").context["waiting"]

    assert [row.reason.split()[0] for row in rows if "bez_lidera" in row.url] == ["1"]
    assert len(browse(cast.operator).get("/zespoly/?bez_lidera=on").context["rows"]) == 1
