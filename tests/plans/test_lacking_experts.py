"""A plan that lacks an expert is found: where plans are given out, on ORE's desk, beside the decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.decisions import prepare_decision
from plans.models import EditionSetup, Plan, PlanVersion
from plans.waiting import waiting_for
from plans.workflow import REVIEW
from tests.conftest import person_of
from tests.factories import ExpertFactory, JstFactory, ParticipationFactory
from tests.situations import about, hand_in, judged, plan_version

pytestmark = pytest.mark.django_db


def plan_with(cast, name, *statuses):
    """A plan of another unit of the edition with a version in each of these states; returns the last."""
    plan = Plan.objects.create(
        participation=ParticipationFactory(edition=cast.setup.edition, jst=JstFactory(name=name)),
        template=cast.setup.template,
        scope="wide",
    )
    for number, status in enumerate(statuses, start=1):
        version = PlanVersion.objects.create(
            plan=plan,
            **about(f"Plan {name}"),
            number=number,
            status=status,
            sent_at=timezone.now(),
            comparison=[],
        )
    return version


def amendment(cast, name):
    return plan_with(cast, name, "accepted", "sent")


def setup_of(cast, **fields):
    EditionSetup.objects.filter(pk=cast.setup.pk).update(**fields)


def seats(cast, browse):
    """Return how many seats of each version stand on the page that gives plans out."""
    page = browse(cast.coordinator).get(f"/recenzenci/{cast.setup.edition.slug}/")
    found = {}
    for seat, _field in page.context["seats"]:
        found[seat.version] = found.get(seat.version, 0) + 1
    assert page.context["total"] == len(found)
    return found


# --- A change of an accepted plan -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "light", "expected"), [(2, 1, (2, 1)), (2, 0, (2, 0)), (1, 2, (1, 2)), (1, 1, (1, 1))]
)
def test_a_change_of_an_accepted_plan_lacks_the_experts_of_its_light_review(
    cast, browse, whole, light, expected
):
    setup_of(cast, reviews_needed=whole, amendment_reviews=light)
    first, change = plan_with(cast, "Alfa", "sent"), amendment(cast, "Beta")

    found = seats(cast, browse)

    assert (found.get(first, 0), found.get(change, 0)) == expected


def test_a_change_of_a_plan_that_was_only_returned_is_reviewed_whole(cast, browse):
    setup_of(cast, reviews_needed=2, amendment_reviews=0)
    corrected = plan_with(cast, "Alfa", "returned", "sent")

    assert seats(cast, browse) == {corrected: 2}


def test_an_expert_who_was_asked_takes_a_seat_of_a_change(cast, browse):
    setup_of(cast, reviews_needed=1, amendment_reviews=2)
    change = amendment(cast, "Beta")
    assign_reviewer(change, cast.reviewer.expert, by=cast.coordinator)

    assert seats(cast, browse) == {change: 1}


def test_changes_are_given_out_in_as_many_queries_for_two_as_for_twelve(cast, browse):
    setup_of(cast, reviews_needed=1, amendment_reviews=2)
    ExpertFactory()

    def cost(count):
        for number in range(count):
            amendment(cast, f"Gmina {count}-{number}")
        client = browse(cast.coordinator)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/recenzenci/{cast.setup.edition.slug}/")
        return len(asked)

    assert cost(2) == cost(10)


# --- A plan in review whose expert gave up --------------------------------------------------------


def given_up(cast, *, after=()):
    """The cast's plan in review by two, one of whom gave up; the reviews in `after` are handed in first."""
    version = plan_version(cast, "in_review")
    setup_of(cast, reviews_needed=2)
    second = assign_reviewer(version, cast.other_reviewer.expert, by=cast.coordinator)
    for person in after:
        hand_in(judged(version.reviews.get(expert__person=person)))
    REVIEW.perform(second, "recuse", by=cast.other_reviewer, comment="Choroba.")
    return version


def desk(cast):
    return [(row.title, row.reason, row.url) for row in waiting_for(person_of(cast, "coordinator"))]


def test_a_plan_in_review_that_lacks_an_expert_stands_once_on_the_desk_of_ore(cast):
    unit = cast.participation.jst.full_name
    version = given_up(cast, after=[cast.reviewer])
    page = f"/plany/{version.plan_id}/recenzenci/"

    assert desk(cast) == [(f"Ask experts: {unit}", "Reviews in: 1 of 2. 1 expert is lacking.", page)]

    third = assign_reviewer(version, ExpertFactory(), by=cast.coordinator)
    assert desk(cast) == []
    hand_in(judged(third))
    decision = f"/plany/{version.plan_id}/wersje/1/decyzja/"
    assert desk(cast) == [(f"Decide: {unit}", "All reviews are in.", decision)]


def test_a_plan_whose_only_expert_gave_up_is_not_lost(cast, browse):
    version = plan_version(cast, "in_review")
    REVIEW.perform(version.reviews.get(), "recuse", by=cast.reviewer, comment="Choroba.")

    assert [reason for _title, reason, _url in desk(cast)] == ["Reviews in: 0 of 1. 1 expert is lacking."]
    assert seats(cast, browse) == {version: 1}
    page = browse(cast.coordinator).get(f"/plany/{version.plan_id}/recenzenci/").content.decode()
    assert "Reviews in: 0 of 1. 1 expert is lacking." in " ".join(page.split())


def test_while_another_expert_writes_the_desk_asks_for_one_all_the_same(cast, browse):
    version = given_up(cast)

    assert [reason for _title, reason, _url in desk(cast)] == ["Reviews in: 0 of 2. 1 expert is lacking."]
    assert seats(cast, browse) == {version: 1}
    assert browse(cast.coordinator).get("/decyzje/").context["awaiting"] == []


def test_a_decision_stays_possible_and_says_how_many_reviews_are_in(cast, browse):
    version = given_up(cast, after=[cast.reviewer])
    client = browse(cast.coordinator)
    queue = client.get("/decyzje/")

    assert queue.context["awaiting"] == [version]
    assert "reviews in: 1 of 2" in queue.content.decode()
    page = client.get(f"/plany/{version.plan_id}/wersje/1/decyzja/").content.decode()
    assert "Reviews in: 1 of 2. 1 expert is lacking." in " ".join(page.split())
    assert f'href="/plany/{version.plan_id}/recenzenci/"' in page

    prepare_decision(version, outcome="refuse", reason="Powód", by=cast.coordinator)
    assert "reviews in: 1 of 2" in client.get("/decyzje/").content.decode()
    assert [title.partition(":")[0] for title, _reason, _url in desk(cast)] == ["Release the decision"]
    assert seats(cast, browse) == {}


def test_where_all_reviews_are_in_nothing_is_counted(cast, browse):
    version = plan_version(cast, "in_review")
    hand_in(judged(version.reviews.get()))

    queue = browse(cast.coordinator).get("/decyzje/")

    assert queue.context["awaiting"] == [version]
    assert "reviews in:" not in queue.content.decode()


def test_a_change_without_a_review_does_not_say_that_reviews_are_in(cast):
    setup_of(cast, amendment_reviews=0)
    plan_with(cast, "Beta", "accepted", "in_review")

    assert [reason for _title, reason, _url in desk(cast)] == ["This change needs no expert."]
