"""A plan that lacks an expert is found: where plans are given out, on ORE's desk, beside the decision."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.models import EditionSetup, Plan, PlanVersion
from tests.factories import ExpertFactory, JstFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


def plan_with(cast, name, *statuses):
    """A plan of another unit of the edition with a version in each of these states; returns the last."""
    plan = Plan.objects.create(
        participation=ParticipationFactory(edition=cast.setup.edition, jst=JstFactory(name=name)),
        template=cast.setup.template,
        scope="wide",
        title=f"Plan {name}",
        year_from=2026,
        year_to=2029,
    )
    for number, status in enumerate(statuses, start=1):
        version = PlanVersion.objects.create(
            plan=plan, number=number, status=status, sent_at=timezone.now(), comparison=[]
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
