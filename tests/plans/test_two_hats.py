"""Nobody both decides about a plan and writes or judges it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jst.experts import appoint
from jst.invitations import accept, invite, token
from jst.models import Expert, TeamMembership
from jst.teams import add_member
from plans.decisions import prepare_decision
from plans.models import Decision, Evidence
from portal import outbox
from portal.models import Message
from portal.workflow import TransitionError
from tests.plans.test_attachments import attach
from tests.situations import plan_version, started_plan

pytestmark = pytest.mark.django_db


def test_people_of_ore_are_put_into_no_team(cast):
    membership = TeamMembership(participation=cast.participation, person=cast.coordinator, is_lead=True)

    with pytest.raises(TransitionError):
        add_member(membership, by=cast.administrator)

    assert not cast.coordinator.memberships.exists()


def test_people_of_ore_become_no_experts(cast):
    with pytest.raises(TransitionError):
        appoint(Expert(person=cast.coordinator), by=cast.administrator)

    assert not Expert.objects.filter(person=cast.coordinator).exists()


def test_an_invitation_to_an_address_of_ore_cannot_be_accepted(cast):
    invitation = invite(
        cast.participation, email=cast.coordinator.email, first_name="Ewa", last_name="Lis", by=cast.lead
    )

    with pytest.raises(TransitionError):
        accept(invitation, secret=token(invitation), by=cast.coordinator)

    assert not cast.coordinator.memberships.exists()


def test_a_reviewer_cannot_join_the_team_whose_plan_they_review(cast):
    plan_version(cast, "in_review")
    membership = TeamMembership(participation=cast.participation, person=cast.reviewer)

    with pytest.raises(TransitionError):
        add_member(membership, by=cast.coordinator)

    assert not cast.reviewer.memberships.exists()


def test_a_prepared_decision_is_seen_by_coordinators_alone(cast):
    version = plan_version(cast, "in_review")
    prepare_decision(version, outcome="refuse", reason="Braki", by=cast.coordinator)

    seen = {
        role: Decision.objects.visible_to(getattr(cast, role)).count()
        for role in ("coordinator", "administrator", "auditor", "lead", "reviewer")
    }

    assert seen == {"coordinator": 1, "administrator": 1, "auditor": 0, "lead": 0, "reviewer": 0}


def test_a_letter_to_somebody_deactivated_meanwhile_is_not_sent(cast, mailoutbox):
    plan_version(cast, "sent")
    type(cast.coordinator).objects.filter(pk=cast.coordinator.pk).update(is_active=False)

    outbox.send_due(timezone.now() + timedelta(hours=1))

    assert cast.coordinator.email not in {address for letter in mailoutbox for address in letter.to}
    assert Message.objects.get(recipient=cast.coordinator).status == Message.Status.CANCELLED


def test_a_file_that_the_disk_has_lost_is_missing_and_no_crash(cast, browse):
    version = started_plan(cast).latest()
    client = browse(cast.author)
    attach(client, version)
    evidence = Evidence.objects.get()
    evidence.stored.file.storage.delete(evidence.stored.file.name)

    response = client.get(f"/plany/{version.plan_id}/wersje/1/zalaczniki/{evidence.uid}/")

    assert response.status_code == 404
