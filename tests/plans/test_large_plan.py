"""A plan of three hundred rows in its fifth version costs no page more than its own rows.

Queries are equal for a small plan and a large one, for two versions and for five. Rows are those of the
version that the page shows: earlier versions, and sections that are not shown, are not read.
"""

from dataclasses import astuple

import pytest
from django.db import transaction

from jst.models import Participation
from plans.assigning import assign_reviewer
from plans.models import Goal, Text
from plans.sections import sections_of
from plans.workflow import VERSION
from portal.benchmark import tallied
from tests.situations import complete_draft, decide, grow, hand_in, judged

pytestmark = pytest.mark.django_db

# Each goal brings an action, a cost and an indicator.
SMALL, LARGE = 5, 75

# Rows that a page reads for each further goal: a goal and its competence, an action with the goal it points
# to and the cost, an indicator and its goal; whoever reads or checks the whole plan has all of it.
OWN_ROWS = {"goals": 2, "actions": 3, "indicators": 2, "problems": 5, "text": 5}


def to_review(version, cast):
    VERSION.perform(version, "ask_signature", by=cast.author)
    VERSION.perform(version, "send", by=cast.signatory)
    review = assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    return review


def draft_of(cast, *, goals, number):
    """Return the `number`-th version of a plan with so many goals, as a draft; each says something new."""
    version = complete_draft(cast)
    grow(version, goals)
    while version.number < number:
        hand_in(judged(to_review(version, cast)))
        every = [section.key for section in sections_of(version.plan)]
        decide(version, "return", by=cast.coordinator, sections=every)
        version = version.plan.latest()
        Text.objects.filter(version=version, key="wizja").update(body=f"Wizja {version.number}.")
        Goal.objects.filter(version=version, position=1).update(title=f"Cel zmieniony {version.number}")
    return version


def cost(client, address):
    """Return (queries, rows read) of a page, the second time it is opened."""
    client.get(address)
    with tallied() as tally:
        assert client.get(address).status_code == 200
    return astuple(tally)


def writing(cast, browse, **size):
    version = draft_of(cast, **size)
    client, plan = browse(cast.lead), version.plan.get_absolute_url()
    keys = ("wizja", "goals", "actions", "indicators", "costs")
    pages = {key: f"{plan}sekcje/{key}/" for key in keys if key in {s.key for s in sections_of(version.plan)}}
    pages |= {"plan": plan, "problems": f"{plan}czego-brakuje/"}
    return {name: cost(client, address) for name, address in pages.items()}


def reviewing(cast, browse, **size):
    version = draft_of(cast, **size)
    review = to_review(version, cast)
    expert, coordinator = browse(cast.reviewer), browse(cast.coordinator)
    return {
        "review": cost(expert, review.get_absolute_url()),
        "only changes": cost(expert, f"{review.get_absolute_url()}?tylko=zmiany"),
        "comparison": cost(expert, f"{version.get_absolute_url()}porownanie/"),
        "text": cost(expert, version.get_absolute_url()),
        "dashboard": cost(coordinator, "/recenzje/wszystkie/"),
    }


def undone(measured, cast, browse, **size):
    """Measure a plan of this size and take it back, so that another can be measured beside it."""
    with transaction.atomic():
        cast.participation = Participation.objects.get(pk=cast.participation.pk)
        found = measured(cast, browse, **size)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("measured", [writing, reviewing])
def test_five_versions_cost_what_two_do(cast, browse, measured):
    two = undone(measured, cast, browse, goals=SMALL, number=2)
    five = undone(measured, cast, browse, goals=SMALL, number=5)
    # The page of a plan tells its whole history, the dashboard has a line for each review.
    for page in {"plan", "dashboard"} & two.keys():
        assert five.pop(page)[0] == two.pop(page)[0]
    assert five == two


@pytest.mark.parametrize("measured", [writing, reviewing])
def test_three_hundred_rows_cost_no_more_queries(cast, browse, measured):
    small = undone(measured, cast, browse, goals=SMALL, number=5)
    large = undone(measured, cast, browse, goals=LARGE, number=5)
    assert {page: queries for page, (queries, _rows) in large.items()} == {
        page: queries for page, (queries, _rows) in small.items()
    }
    more = {page: rows - small[page][1] for page, (_queries, rows) in large.items()}
    assert {page: rows for page, rows in more.items() if rows} == {
        page: times * (LARGE - SMALL) for page, times in OWN_ROWS.items() if page in more
    }
