"""The demonstration: its figures are the deck's, its history is whole, its plans are in every state."""

import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from jst import overview
from jst.models import Edition, ExpertAssignment, Participation, SchoolScope, Target, TeamMembership
from plans.models import Decision, InternalComment, Plan, PlanVersion, Remark, Review
from plans.problems import blockers
from plans.remarks import answer_remark
from plans.workflow import VERSION
from portal import audit, demo, outbox
from portal.models import Event, Message, User

ENTRY, COMPLETION = date(2017, 4, 1), date(2018, 3, 31)


@pytest.fixture(scope="module")
def pilot(django_db_setup, django_db_blocker):
    """The demo as `start.py` builds it, once for this file; everything is undone in the end."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("pl"):
        yield demo.build_all("pilot", seed=1)
        transaction.set_rollback(True)


def taking_part(day):
    return Participation.objects.filter(
        Q(until=None) | Q(until__gt=day), edition__slug="pilot", since__lte=day
    )


@pytest.mark.parametrize(
    ("day", "units", "people", "schools"),
    [
        (ENTRY, {"GW": 7, "GM": 8, "P": 8, "GMW": 9}, 101, 250),
        (COMPLETION, {"GW": 7, "GM": 8, "P": 7, "GMW": 9}, 102, 261),
    ],
)
def test_dated_rows_give_the_figures_of_the_deck(pilot, day, units, people, schools):
    part = taking_part(day)
    # A city with county rights counts as an urban gmina.
    kinds = Counter(kind.replace("MNP", "GM") for kind in part.values_list("jst__kind", flat=True))
    members = TeamMembership.objects.on(day).filter(participation__in=part)
    scopes = SchoolScope.objects.on(day).filter(participation__in=part)

    assert kinds == units
    assert len(set(members.values_list("person", flat=True))) == people
    assert len(set(scopes.values_list("school", flat=True))) == schools


@pytest.mark.parametrize(
    ("day", "units", "people", "schools"),
    [
        (ENTRY, (32, {"GW": 7, "GM": 8, "GMW": 9, "P": 8}), 101, 250),
        (COMPLETION, (31, {"GW": 7, "GM": 8, "GMW": 9, "P": 7}), 102, 261),
    ],
)
def test_the_report_and_the_page_of_the_edition_say_what_the_deck_says(
    pilot, client, capsys, day, units, people, schools
):
    call_command("report", "pilot", "--on", day.isoformat(), "--json")
    rows = {row["code"]: row for row in json.loads(capsys.readouterr().out)["indicators"]}
    client.force_login(pilot.people["auditor"], "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/edycje/pilot/", {"dzien": day.isoformat()})

    assert (rows["units"]["value"], rows["units"]["breakdown"]) == units
    assert (rows["people"]["value"], rows["schools"]["value"]) == (people, schools)
    shown = {figure.indicator.code: figure.value for figure in page.context["figures"]}
    assert shown == {code: row["value"] for code, row in rows.items()}
    for code, value in shown.items():
        listed = client.get(f"/edycje/pilot/{code}/", {"dzien": day.isoformat()})
        assert (code, listed.context["page"].paginator.count) == (code, value)


def test_the_competition_stage_and_the_second_stage_have_the_sums_of_the_deck(pilot):
    stages = {stage.lines[0].project.stage: stage for stage in overview.stages(pilot.day)}
    competition, second = stages["competition"], stages["second"]

    assert [len(call.lines) for call in competition.calls] == [9, 7]
    assert [cell.target for cell in competition.total.cells[:2]] == [1032, 3500]
    assert competition.total.budget == competition.allocation == Decimal("23458400.00")
    calls = [set(call.competition.voivodeships.values_list("name", flat=True)) for call in competition.calls]
    assert [len(calls[0]), len(calls[1]), len(calls[0] | calls[1])] == [9, 7, 16]
    assert "warmińsko-mazurskie" in calls[0]
    project = second.lines[0].project
    assert (project.budget, project.partner) == (Decimal("3170002.00"), "Związek Miast Polskich")
    assert (project.since, project.until) == (date(2018, 4, 1), date(2020, 11, 30))
    assert project.editions.get().kind == "advisory"


def test_targets_that_no_document_says_are_samples(pilot):
    known = Target.objects.filter(is_sample=False)

    assert {target.source for target in known} & {""} == set()
    opolskie = known.get(project__title__endswith="opolskie", indicator="people")
    assert (opolskie.value, opolskie.women, opolskie.men) == (96, 52, 44)
    samples = Target.objects.filter(is_sample=True, project__stage="competition", indicator="units")
    assert samples.count() == 13


def test_the_operator_runs_the_current_edition_and_sees_no_other(pilot):
    seen = Edition.objects.run_by(pilot.people["operator"])

    assert [edition.slug for edition in seen] == [f"edycja-{pilot.day.year}"]


def test_the_unit_that_withdrew_has_a_reason_and_no_plan(pilot):
    participation = Participation.objects.get(status=Participation.Status.WITHDREW)
    event = Event.objects.get(kind="jst.participation.withdraw")

    assert participation.until == date(2017, 10, 16)
    assert event.comment.startswith("Rada powiatu zaczęła łączyć szkoły.")
    assert not Plan.objects.filter(participation=participation).exists()
    assert not TeamMembership.objects.today().filter(participation=participation).exists()


def test_the_31_units_that_stayed_wrote_plans_and_one_was_not_accepted(pilot):
    plans = Plan.objects.filter(participation__edition__slug="pilot")

    assert Counter(plan.latest().status for plan in plans) == {"accepted": 30, "not_accepted": 1}
    assert plans.published().count() == 26


def test_every_unit_has_one_caretaker_on_any_day(pilot):
    for day in (ENTRY, date(2017, 9, 11), date(2017, 12, 4)):
        caretakers = ExpertAssignment.objects.on(day).filter(
            role=ExpertAssignment.Role.CARETAKER, participation__edition__slug="pilot"
        )
        units = caretakers.values_list("participation", flat=True)
        assert sorted(units) == sorted(taking_part(day).values_list("pk", flat=True))


def test_plans_are_in_every_state_and_reviews_too(pilot):
    current = PlanVersion.objects.exclude(plan__participation__edition__slug="pilot")

    assert {version.status for version in current} == set(PlanVersion.Status.values)
    assert set(Review.objects.values_list("status", flat=True)) == set(Review.Status.values)
    assert set(Remark.objects.values_list("status", flat=True)) == set(Remark.Status.values)


def test_what_was_sent_could_be_sent(pilot):
    versions = PlanVersion.objects.for_page().exclude(status__in=PlanVersion.UNSENT)
    # The remarks upheld against a plan that was not accepted came after it was sent.
    sent = versions.exclude(status=PlanVersion.Status.NOT_ACCEPTED)

    assert [(str(version), problem) for version in sent for problem in blockers(version)] == []
    assert versions.count() == sent.count() + 2


def test_no_two_plans_read_the_same(pilot):
    plans = list(Plan.objects.all())
    diagnoses = [plan.latest().text_rows.get(key="wyniki").body for plan in plans]
    written = [text for text in diagnoses if text]

    assert len({plan.latest().title for plan in plans}) == len(plans) == 42
    assert len(set(written)) == len(written) == 40
    assert not [text for text in written if "{" in text]


def test_history_is_whole_and_in_the_order_of_time(pilot):
    number, finding = audit.verify()
    # The register of units was loaded when the demo was built.
    moments = list(Event.objects.order_by("sequence").values_list("at", flat=True))[1:]

    assert (number, finding) == (Event.objects.count(), None)
    assert moments == sorted(moments)


def test_letters_carry_the_year_in_which_they_were_sent(pilot):
    numbers = PlanVersion.objects.exclude(sent_at=None).values_list("register_number", "sent_at__year")

    assert [number for number, year in numbers if not number.startswith(f"PS/{year}/")] == []


def test_nothing_is_mailed_about_the_past(pilot):
    """Only the letters of decisions that somebody may still release are kept, and held."""
    kept = Message.objects.exclude(status=Message.Status.CANCELLED)
    waiting = Decision.objects.filter(released_at=None).values_list("version", flat=True)
    assert {message.held_for for message in kept} == {f"plans.version:{version}" for version in waiting}
    assert outbox.send_due(timezone.now() + timedelta(days=365)) == 0


@pytest.mark.parametrize("account", demo.ACCOUNTS, ids=lambda account: account.role)
def test_every_role_signs_in_by_one_click(pilot, client, settings, account):
    settings.DEMO = True

    response = client.post(reverse("demo_sign_in"), {"email": account.email}, follow=True)

    assert response.redirect_chain == [(reverse("desk"), 302)]
    assert response.context["user"].email == account.email


def test_a_visitor_corrects_the_returned_plan_and_sends_it(pilot):
    people = {account.role: User.objects.get(email=account.email) for account in demo.ACCOUNTS}
    plan = Plan.objects.get(participation__memberships__person=people["reader"])
    draft = plan.latest()
    remarks = Remark.objects.filter(plan=plan, status=Remark.Status.OPEN).exclude(kind="suggestion")

    assert [version.status for version in plan.versions.all()] == ["returned", "draft"]
    assert [problem.section for problem in blockers(draft)] == ["wyniki", "indicators"]

    with transaction.atomic():
        for remark in remarks:
            answer_remark(remark, "Poprawiliśmy.", by=people["author"])
        VERSION.perform(draft, "ask_signature", by=people["author"])
        VERSION.perform(draft, "send", by=people["signatory"])
        reviewers = [review.expert.person for review in draft.reviews.all()]
        transaction.set_rollback(True)

    assert reviewers == [people["reviewer"]]


def test_the_team_of_the_returned_plan_has_shared_out_the_work_and_talks_about_it(pilot):
    lead = User.objects.get(email="lider@demo.example")
    plan = Plan.objects.get(participation__memberships__person=lead)
    requested = set(plan.versions.get(status="returned").change_request.sections)
    cared_for = plan.latest().section_states.exclude(owner=None)
    talk = InternalComment.objects.visible_to(lead).filter(plan=plan)

    assert set(cared_for.values_list("key", flat=True)) == {"wyniki", "indicators"} <= requested
    assert Counter(talk.values_list("by_caretaker", flat=True)) == {False: 3, True: 1}
    assert talk.unsettled().count() == 3


def test_the_expert_has_a_queue_and_the_other_one_none(pilot):
    def waiting(role):
        person = User.objects.get(email=next(a.email for a in demo.ACCOUNTS if a.role == role))
        reviews = Review.objects.of(person).filter(version__status=PlanVersion.Status.IN_REVIEW)
        return sorted(reviews.values_list("status", flat=True))

    assert waiting("reviewer") == ["assigned", "in_progress"]
    assert waiting("other_reviewer") == []


def build_small():
    """Build the small demo, undo it, and return what its plans say."""
    with transaction.atomic(), translation.override("pl"):
        demo.build_all("small", seed=7)
        versions = PlanVersion.objects.order_by("plan", "number")
        said = [(version.title, version.number, version.status, version.sha256) for version in versions]
        units = Participation.objects.count()
        transaction.set_rollback(True)
    return units, said


@pytest.mark.django_db
def test_the_small_demo_is_one_edition_and_the_same_for_the_same_seed():
    units, said = build_small()

    assert units == 6
    assert Counter(status for _title, _number, status, _digest in said) == {
        "draft": 2,
        "returned": 2,
        "in_review": 2,
        "accepted": 1,
        "awaiting_signature": 1,
    }
    assert build_small() == (units, said)
