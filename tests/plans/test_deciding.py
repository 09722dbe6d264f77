"""ORE asks experts, prepares decisions and releases them, one or many."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jst.models.dated import today
from plans.assigning import assign_reviewer
from plans.decisions import prepare_decision, release_decisions
from plans.models import ChangeRequest, Decision, Plan, PlanEvent, PlanVersion, Remark, Review
from portal.workflow import TransitionError
from tests.factories import (
    ConflictFactory,
    ExpertFactory,
    MembershipFactory,
    ParticipationFactory,
)
from tests.situations import about, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(cast):
    return plan_version(cast, "in_review")


def page_of(version):
    return f"/plany/{version.plan_id}/wersje/{version.number}/decyzja/"


def words(**changes):
    return {"outcome": "refuse", "reason": "Tak wynika z recenzji.", "seen": ""} | changes


def prepared(version, by, outcome="refuse", **fields):
    fields = {"sections": ["goals"], "due": today() + timedelta(days=14)} | fields
    return prepare_decision(version, outcome=outcome, reason="Powód.", by=by, **fields)


def stamp(decision):
    return f"{decision.pk}:{decision.prepared_at.isoformat()}"


def status_of(version):
    return PlanVersion.objects.get(pk=version.pk).status


def in_review(cast):
    """Another plan in review, of another unit, with its review handed in."""
    participation = ParticipationFactory(edition=cast.setup.edition)
    plan = Plan.objects.create(
        participation=participation,
        template=cast.setup.template,
        scope="wide",
    )
    version = PlanVersion.objects.create(
        plan=plan, **about(), number=1, status="in_review", sent_at="2026-05-01T10:00Z"
    )
    Review.objects.create(version=version, expert=cast.reviewer.expert, status="handed_in")
    return version


# --- Asking experts -----------------------------------------------------------------------------


def test_the_coordinator_asks_an_expert_and_the_review_may_start(cast, browse):
    version = plan_version(cast, "sent")
    url = f"/plany/{version.plan_id}/recenzenci/"
    client = browse(cast.coordinator)
    before = client.get(url)
    assert before.context["may_start"] is False

    due = today() + timedelta(days=10)
    response = client.post(url, {"expert": cast.reviewer.expert.pk, "due": due.strftime("%d.%m.%Y")})

    review = Review.objects.get()
    assert (review.version, review.expert, review.due) == (version, cast.reviewer.expert, due)
    assert response["Location"] == url
    after = client.get(url)
    assert after.context["may_start"] is True
    assert f"/plany/{version.plan_id}/wersje/1/ruch/start_review/" in after.content.decode()


def test_experts_with_a_conflict_are_named_and_not_offered(cast, browse):
    version = plan_version(cast, "sent")
    kin = ExpertFactory()
    ConflictFactory(expert=kin, jst=cast.participation.jst)
    colleague = ExpertFactory()
    MembershipFactory(
        participation=cast.participation, person=colleague.person, since=date(2026, 1, 1), until=today()
    )
    context = browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/").context

    offered = {expert.person for expert in context["page"].object_list}
    named = {expert.person for expert, _reason in context["unavailable"]}
    assert offered == {cast.reviewer, cast.other_reviewer}
    assert named == {cast.caretaker, kin.person, colleague.person}


def test_an_expert_with_a_conflict_is_refused_even_when_posted(cast, browse):
    version = plan_version(cast, "sent")
    due = (today() + timedelta(days=10)).strftime("%d.%m.%Y")
    response = browse(cast.coordinator).post(
        f"/plany/{version.plan_id}/recenzenci/", {"expert": cast.caretaker.expert.pk, "due": due}
    )
    assert response.status_code == 422
    assert Review.objects.count() == 0


def test_the_least_busy_experts_come_first_and_a_name_can_be_searched(cast, browse, version):
    other = in_review(cast)
    PlanVersion.objects.filter(pk=other.pk).update(status="sent")
    client = browse(cast.coordinator)
    url = f"/plany/{other.plan_id}/recenzenci/"
    Review.objects.filter(version=other).delete()
    rows = client.get(url).context["page"].object_list
    loads = [(expert.person, expert.open_reviews) for expert in rows]
    assert loads[-1] == (cast.reviewer, 1)
    assert [load for _person, load in loads[:-1]] == [0] * (len(loads) - 1)
    found = client.get(url, {"szukaj": "Recenzent"}).context["page"].object_list
    assert [expert.person for expert in found] == [cast.reviewer]


@pytest.mark.parametrize("wrong", [{"expert": ""}, {"expert": "999"}, {"due": ""}, {"due": "01.01.2020"}])
def test_an_expert_and_a_day_to_come_are_needed(cast, browse, wrong):
    version = plan_version(cast, "sent")
    data = {"expert": cast.reviewer.expert.pk, "due": (today() + timedelta(days=3)).strftime("%d.%m.%Y")}
    response = browse(cast.coordinator).post(f"/plany/{version.plan_id}/recenzenci/", data | wrong)
    assert response.status_code == 422
    assert Review.objects.count() == 0


def test_nobody_can_be_asked_about_a_draft(cast, browse):
    version = plan_version(cast, "draft")
    url = f"/plany/{version.plan_id}/recenzenci/"
    data = {"expert": cast.reviewer.expert.pk, "due": (today() + timedelta(days=3)).strftime("%d.%m.%Y")}
    assert browse(cast.coordinator).get(url).context["is_open"] is False
    assert browse(cast.coordinator).post(url, data).status_code == 409
    assert Review.objects.count() == 0


def test_the_list_of_experts_asks_the_same_for_few_and_for_many(cast, browse):
    version = plan_version(cast, "sent")
    client = browse(cast.coordinator)
    url = f"/plany/{version.plan_id}/recenzenci/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    ExpertFactory.create_batch(60)
    with CaptureQueriesContext(connection) as many:
        response = client.get(url)
    assert len(response.context["page"].object_list) == 50
    assert len(many) == len(few)


# --- Preparing ----------------------------------------------------------------------------------


def test_ore_sees_the_reviews_side_by_side_and_only_those_handed_in(cast, browse, version):
    first = hand_in(judged(version.reviews.get(), recommendation="return"), "Dla porządku.")
    second = assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    judged(second)
    Review.objects.filter(pk=second.pk).update(summary="Tajne jeszcze")

    response = browse(cast.coordinator).get(page_of(version))

    opinions = response.context["opinions"]
    assert [review.pk for review in opinions.handed_in] == [first.pk]
    assert {len(answers) for _label, _weight, answers in opinions.criteria} == {1}
    assert len(opinions.criteria) == 8
    assert "Widać to w planie." in response.content.decode()
    assert "Tajne jeszcze" not in response.content.decode()


def test_a_prepared_decision_moves_nothing_and_tells_nobody(cast, browse, version):
    events = PlanEvent.objects.count()
    response = browse(cast.coordinator).post(page_of(version), words())
    decision = Decision.objects.get()
    assert response["Location"] == page_of(version)
    assert (decision.outcome, decision.prepared_by, decision.released_at) == (
        "refuse",
        cast.coordinator,
        None,
    )
    assert (status_of(version), PlanEvent.objects.count()) == ("in_review", events)
    assert browse(cast.lead).get(f"/plany/{version.plan_id}/").content.decode().count("Tak wynika") == 0


def test_a_return_suggests_the_sections_with_remarks_and_bad_verdicts(cast, browse, version):
    review = judged(version.reviews.get())
    review.verdicts.filter(key="budget").update(verdict="gap")
    remark_on(version, cast.reviewer, section="wizja")
    remark_on(version, cast.reviewer, section="risks", kind="suggestion")
    hand_in(review, "Brak w budżecie da się uzupełnić.")
    form = browse(cast.coordinator).get(page_of(version)).context["form"]
    assert form.initial["sections"] == ["budget", "wizja"]
    assert form.initial["due"] == today() + timedelta(days=14)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "return", "due": "31.12.2030"}, "sections"),
        ({"outcome": "return", "sections": ["goals"]}, "due"),
        ({"outcome": "return", "sections": ["goals"], "due": "01.01.2020"}, "due"),
        ({"outcome": "return", "sections": ["nosuch"], "due": "31.12.2030"}, "sections"),
        ({"outcome": "accept"}, "without_reviews"),
        ({"seen": "1:x"}, "__all__"),
    ],
)
def test_a_decision_is_whole_or_not_prepared(cast, browse, version, changes, field):
    response = browse(cast.coordinator).post(page_of(version), words(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Decision.objects.count() == 0


def test_a_prepared_decision_is_changed_and_dropped(cast, browse, version):
    client = browse(cast.coordinator)
    client.post(page_of(version), words())
    seen = stamp(Decision.objects.get())
    client.post(page_of(version), words(outcome="return", sections=["goals"], due="31.12.2030", seen=seen))
    decision = Decision.objects.get()
    assert (decision.outcome, decision.sections, decision.due) == ("return", ["goals"], date(2030, 12, 31))
    client.post(page_of(version), {"drop": "1"})
    assert Decision.objects.count() == 0
    assert client.post(page_of(version), {"drop": "1"}).status_code == 302


def test_two_coordinators_do_not_overwrite_each_other(cast, browse, version):
    browse(cast.administrator).post(page_of(version), words(reason="Pierwszy."))
    response = browse(cast.coordinator).post(page_of(version), words(reason="Drugi."))
    assert response.status_code == 422
    assert Decision.objects.get().reason == "Pierwszy."
    again = words(reason="Drugi.", seen=stamp(Decision.objects.get()))
    assert f'value="{again["seen"].replace("+", "&#x2B;")}"' in response.content.decode().replace(
        "+", "&#x2B;"
    )
    assert browse(cast.coordinator).post(page_of(version), again).status_code == 302


def test_a_version_that_is_not_in_review_gets_no_decision(cast, browse):
    version = plan_version(cast, "sent")
    response = browse(cast.coordinator).post(page_of(version), words())
    assert response.status_code == 409
    assert Decision.objects.count() == 0


# --- Releasing ----------------------------------------------------------------------------------


def test_many_decisions_are_released_together_after_one_question(cast, browse, version):
    others = [in_review(cast), in_review(cast)]
    hand_in(judged(version.reviews.get()))
    accept = prepared(version, cast.coordinator, "accept")
    refuse = prepared(others[0], cast.coordinator, "refuse")
    kept = prepared(others[1], cast.coordinator, "refuse")
    client = browse(cast.coordinator)
    listed = client.get("/decyzje/").context["page"].object_list
    assert [decision.pk for decision in listed] == [accept.pk, refuse.pk, kept.pk]
    chosen = [stamp(accept), stamp(refuse)]

    asked = client.post("/decyzje/", {"decision": chosen})
    assert asked.status_code == 200
    assert status_of(version) == "in_review"
    done = client.post("/decyzje/", {"decision": chosen, "confirm": "1"})

    assert done["Location"] == "/decyzje/"
    assert [status_of(one) for one in (version, *others)] == ["accepted", "not_accepted", "in_review"]
    released = Decision.objects.exclude(released_at=None)
    assert {one.released_by for one in released} == {cast.coordinator}


def test_nothing_is_released_where_one_plan_cannot_be_accepted(cast, browse, version):
    other = in_review(cast)
    remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    decisions = [prepared(other, cast.coordinator, "refuse"), prepared(version, cast.coordinator, "accept")]
    response = browse(cast.coordinator).post(
        "/decyzje/", {"decision": [stamp(one) for one in decisions], "confirm": "1"}
    )
    assert response.status_code == 409
    [sentence] = response.context["refusal"]
    assert sentence.startswith(str(version.plan))
    assert [status_of(one) for one in (version, other)] == ["in_review", "in_review"]
    assert Decision.objects.exclude(released_at=None).count() == 0


def test_a_decision_changed_after_the_question_is_not_released(cast, browse, version):
    decision = prepared(version, cast.coordinator)
    old = stamp(decision)
    prepared(version, cast.administrator, "return")
    response = browse(cast.coordinator).post("/decyzje/", {"decision": [old], "confirm": "1"})
    assert response.status_code == 409
    assert status_of(version) == "in_review"


def test_only_the_decision_that_was_read_is_released(cast, version):
    read = prepared(version, cast.coordinator, "accept")
    prepared(version, cast.administrator, "return")

    with pytest.raises(TransitionError):
        release_decisions([read], by=cast.coordinator)
    assert status_of(version) == "in_review"


@pytest.mark.parametrize("stamps", [[], ["x"], ["999:x"], ["-1:x"], ["²:x"]])
def test_releasing_nothing_says_so(cast, browse, version, stamps):
    response = browse(cast.coordinator).post("/decyzje/", {"decision": stamps, "confirm": "1"})
    assert response.status_code == 422


def test_a_released_return_opens_the_next_version_with_only_its_sections(cast, browse, version):
    remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get(), recommendation="return"))
    client = browse(cast.coordinator)
    due = today() + timedelta(days=20)
    data = words(outcome="return", sections=["goals", "budget"], due=due.strftime("%d.%m.%Y"))
    client.post(page_of(version), data)
    client.post("/decyzje/", {"decision": [stamp(Decision.objects.get())], "confirm": "1"})

    request = ChangeRequest.objects.get()
    assert (status_of(version), request.sections, request.due) == ("returned", ["goals", "budget"], due)
    assert version.plan.latest().number == 2
    assert client.get(page_of(version)).context["decision"].released_by == cast.coordinator
    assert Remark.objects.get().status == "open"


def test_plans_whose_experts_are_ready_wait_for_a_decision(cast, browse, version):
    client = browse(cast.coordinator)
    assert list(client.get("/decyzje/").context["awaiting"]) == []
    hand_in(judged(version.reviews.get()))
    assert list(client.get("/decyzje/").context["awaiting"]) == [version]
    prepared(version, cast.coordinator)
    assert list(client.get("/decyzje/").context["awaiting"]) == []


def test_the_list_of_decisions_asks_the_same_for_one_and_for_many(cast, browse, version):
    prepared(version, cast.coordinator)
    in_review(cast)
    client = browse(cast.coordinator)
    client.get("/decyzje/")
    with CaptureQueriesContext(connection) as few:
        client.get("/decyzje/")
    for _number in range(6):
        prepared(in_review(cast), cast.coordinator)
        in_review(cast)
    with CaptureQueriesContext(connection) as many:
        response = client.get("/decyzje/")
    assert len(response.context["page"].object_list) == 7
    assert len(many) == len(few)


# --- Who decides --------------------------------------------------------------------------------

STRANGERS = ["other_team", "former_member", "other_reviewer"]
INSIDERS = ["reader", "author", "lead", "signatory", "reviewer", "caretaker", "auditor"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_coordinators_decide(cast, browse, version, method):
    pages = [page_of(version), f"/plany/{version.plan_id}/recenzenci/"]
    found = {}
    for role in [*STRANGERS, *INSIDERS]:
        client = browse(getattr(cast, role))
        found[role] = {getattr(client, method)(page, words()).status_code for page in pages}
    assert found == {role: {404} for role in STRANGERS} | {role: {403} for role in INSIDERS}
    assert Decision.objects.count() == 0


def test_only_coordinators_see_the_list_of_decisions(cast, browse, version):
    decision = prepared(version, cast.coordinator)
    for role in [*STRANGERS, *INSIDERS]:
        client = browse(getattr(cast, role))
        assert client.get("/decyzje/").status_code == 403
        data = {"decision": [stamp(decision)], "confirm": "1"}
        assert client.post("/decyzje/", data).status_code == 403
    assert status_of(version) == "in_review"


def test_a_stranger_learns_nothing_from_the_decision_of_a_published_plan(cast, browse):
    version = plan_version(cast, "accepted")
    Plan.objects.update(published_on=today())
    assert browse(cast.other_team).get(page_of(version)).status_code == 404
