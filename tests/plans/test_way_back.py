"""The tables go back to what an earlier portal knows, and forward again, with what people have stored."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from plans.decisions import prepare_decision
from plans.models import Decision, Review
from plans.workflow import REVIEW
from portal.models import Message
from tests.situations import plan_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back():
    """Move the tables of one app to an earlier migration, and afterwards forward again."""
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()

    def move(app, name):
        MigrationExecutor(connection).migrate([(app, name)])

    yield move
    MigrationExecutor(connection).migrate(leaves)


def forward():
    MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_letters_that_were_held_do_not_stop_the_way_back_and_forward(cast, back):
    version = plan_version(cast, "in_review")
    others = Message.objects.count()
    prepare_decision(version, outcome="refuse", reason="Tak wynika z recenzji.", by=cast.coordinator)
    back("portal", "0001_everything")

    forward()

    assert (Message.objects.count(), Decision.objects.count()) == (others, 1)


def test_reviews_without_an_opinion_go_back_as_given_up(cast, back):
    review = plan_version(cast, "in_review").reviews.get()
    REVIEW.perform(review, "abstain", by=cast.reviewer, comment="Znam inne szkoły.")
    back("plans", "0005_report_of_ore")

    forward()

    assert Review.objects.get(pk=review.pk).status == "recused"
