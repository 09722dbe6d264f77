"""Versions: copies keep their uids, what was sent never changes, and what changed can be told."""

import pytest

from plans.assigning import assign_reviewer
from plans.content import Content
from plans.copying import open_next
from plans.models import Action, Goal, PlanVersion, SchoolCommitment, SectionState, Text
from plans.sections import open_keys
from plans.workflow import VERSION
from portal.workflow import TransitionError
from tests.factories import EditionFactory, MembershipFactory, ParticipationFactory
from tests.plans.pages import both_texts
from tests.situations import complete_draft, grow, plan_version, started_plan

pytestmark = pytest.mark.django_db


def content(version):
    return Content(PlanVersion.objects.get(pk=version.pk))


def test_a_return_opens_a_copy_with_the_same_content_and_the_same_uids(cast):
    version = plan_version(cast, "returned")
    following = version.plan.latest()

    assert following.number == 2
    assert following.status == "draft"
    assert content(following).canonical() == content(version).canonical()
    assert content(following).sha256() == version.sha256


def test_rows_of_the_copy_point_to_rows_of_the_copy(cast):
    version = plan_version(cast, "returned")
    following = version.plan.latest()

    goal = Goal.objects.get(version=following, level="operational")
    action = Action.objects.get(version=following)
    assert goal.parent.version_id == following.pk
    assert action.goal == goal
    assert {school.version_id for school in action.schools.all()} == {following.pk}
    assert goal.competences.count() == 1


def test_changing_the_copy_leaves_the_sent_version_as_it_was(cast):
    version = plan_version(cast, "returned")
    following = version.plan.latest()
    Text.objects.filter(version=following, key="wizja").update(body="Inaczej")
    SchoolCommitment.objects.filter(version=following).update(area="Języki")

    assert content(version).sha256() == version.sha256
    assert content(following).sha256() != version.sha256


def test_nothing_is_ready_in_a_fresh_copy_but_what_is_filled_is_known(cast):
    version = plan_version(cast, "returned")
    states = SectionState.objects.filter(version=version.plan.latest())

    assert states.filter(done=True).count() == 0
    assert states.get(key="goals").filled is True
    assert states.get(key="evidence").filled is False


def test_the_digest_tells_any_change_of_content(cast):
    version = complete_draft(cast)
    before = content(version).sha256()

    Goal.objects.get(version=version, level="operational").competences.clear()

    assert content(version).sha256() != before


def test_copying_needs_the_same_number_of_queries_with_3_goals_and_with_60(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    version = complete_draft(cast)
    grow(version, 2)
    PlanVersion.objects.filter(pk=version.pk).update(status="returned")
    version.refresh_from_db()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            copy = open_next(version)
        PlanVersion.objects.filter(pk=copy.pk).update(status="returned")
        version.number = copy.number
        return len(captured)

    cost()
    few = cost()
    grow(version, 57)

    assert cost() == few


def test_what_changed_is_stored_when_the_next_version_is_sent(cast, browse, monkeypatch):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    Goal.objects.filter(version=draft, level="operational").update(description="Bo dzieci są ciekawe.")
    Text.objects.filter(version=draft, key="wizja").update(body="Nowa wizja")
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    def no_difference_is_looked_for(*_texts, **_options):
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr("difflib.SequenceMatcher", no_difference_is_looked_for)
        page = browse(cast.coordinator).get(f"{version.plan.get_absolute_url()}wersje/2/porownanie/")
    changes = [(c["section"], c["what"], c["field"], *both_texts(c["pieces"])) for c in draft.comparison]

    assert changes == [
        ("wizja", "changed", "", "Tekst o naszej gminie.", "Nowa wizja"),
        ("goals", "changed", "description", "", "Bo dzieci są ciekawe."),
    ]
    assert "<ins>Bo dzieci są ciekawe.</ins>" in page.content.decode()


def test_the_first_version_has_nothing_to_be_compared_with(cast):
    assert plan_version(cast, "sent").comparison is None


def test_each_sending_takes_the_next_number_of_the_year(cast):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    assert [v.register_number.rpartition("/")[2] for v in version.plan.versions.order_by("number")] == [
        "0001",
        "0002",
    ]


def test_the_same_experts_read_the_next_version(cast):
    version = plan_version(cast, "returned")
    draft = version.plan.latest()
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    assert [review.expert.person for review in draft.reviews.all()] == [cast.reviewer]


def test_taking_back_opens_a_copy_and_keeps_what_was_sent(cast):
    version = plan_version(cast, "taken_back")

    assert (version.status, version.plan.latest().number, version.plan.latest().status) == (
        "taken_back",
        2,
        "draft",
    )


def test_taking_a_corrected_plan_back_opens_no_other_sections_than_the_return_did(cast, browse):
    returned = plan_version(cast, "returned")
    corrected = returned.plan.latest()
    VERSION.perform(corrected, "ask_signature", by=cast.author)
    VERSION.perform(corrected, "send", by=cast.signatory)
    VERSION.perform(corrected, "take_back", by=cast.lead, comment="Pomyłka w budżecie")

    assert open_keys(returned.plan.latest()) == frozenset({"goals"})
    page = browse(cast.author).get(returned.plan.get_absolute_url())
    assert page.context["decision"] == returned.decision


def test_the_experts_asked_to_read_a_plan_read_it_when_it_is_sent_again(cast):
    version = plan_version(cast, "sent")
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    VERSION.perform(version, "take_back", by=cast.lead, comment="Pomyłka w budżecie")
    draft = version.plan.latest()
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)

    assert [review.expert.person for review in draft.reviews.all()] == [cast.reviewer]


def test_an_accepted_plan_stays_in_force_while_it_is_changed(cast):
    version = plan_version(cast, "accepted")

    VERSION.perform(version, "amend", by=cast.lead, comment="Nowa szkoła")

    assert version.status == "accepted"
    assert version.plan.in_force() == version
    assert version.plan.latest().status == "draft"
    with pytest.raises(TransitionError):
        VERSION.perform(version, "amend", by=cast.lead, comment="Drugi raz")


def test_starting_the_plan_twice_at_once_is_one_plan(cast):
    plan = started_plan(cast)

    assert started_plan(cast, title="Drugi") == plan
    assert PlanVersion.objects.count() == 1


def test_an_edition_without_a_form_of_the_plan_has_no_plan_to_start(cast, browse):
    participation = ParticipationFactory(edition=EditionFactory())
    MembershipFactory(participation=participation, person=cast.lead, is_lead=True)

    assert browse(cast.lead).get(f"/zespoly/{participation.pk}/plan/").status_code == 403


def test_a_plan_is_not_handed_over_where_nobody_may_sign_it(cast):
    version = complete_draft(cast)
    cast.signatory.memberships.update(is_signatory=False)

    with pytest.raises(TransitionError):
        VERSION.perform(version, "ask_signature", by=cast.author)


def test_a_plan_that_misses_something_cannot_be_sent(cast):
    version = complete_draft(cast)
    Goal.objects.filter(version=version).update(title="")

    with pytest.raises(TransitionError):
        VERSION.perform(version, "ask_signature", by=cast.author)

    version.refresh_from_db()
    assert version.status == "draft"
