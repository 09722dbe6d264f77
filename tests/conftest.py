"""The cast: one person for each role, around one participating unit and its plan."""

import os
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.dispatch import receiver
from django.test import Client
from django.test.signals import setting_changed

from jst.models.dated import today
from portal.groups import ADMINISTRATOR, AUDITOR, COORDINATOR
from portal.models import User
from portal.templatetags import same_for_all
from tests.factories import (
    AssignmentFactory,
    EditionSetupFactory,
    ExpertFactory,
    JstFactory,
    MembershipFactory,
    OperatorStaffFactory,
    ParticipationFactory,
    UserFactory,
)

ROLES = [
    "anonymous",
    "reader",
    "author",
    "lead",
    "signatory",
    "former_member",
    "other_team",
    "reviewer",
    "other_reviewer",
    "caretaker",
    "coordinator",
    "administrator",
    "auditor",
    "operator",
]


@receiver(setting_changed)
def draw_in_the_words_of_now(setting, **others):
    if setting == "LOCALE_PATHS":
        same_for_all.drawn.clear()


def staff(group, email):
    user = UserFactory(is_staff=True, email=email, last_name=group.split()[0])
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def cast(db):
    """Everybody who can meet a plan, by the name of the role; `participation` is theirs."""
    operator = OperatorStaffFactory(person=UserFactory(email="operator@example.org", last_name="Operator"))
    setup = EditionSetupFactory(edition__operator=operator.operator)
    participation = ParticipationFactory(edition=setup.edition, jst=JstFactory(name="Brzozów", kind="GMW"))
    other = ParticipationFactory(edition=setup.edition, jst=JstFactory(name="Zielonki"))

    def member(email, participation=participation, **rights):
        return MembershipFactory(
            participation=participation, person=UserFactory(email=email), **rights
        ).person

    yesterday = today() - timedelta(days=1)
    caretaker = ExpertFactory(person=UserFactory(email="caretaker@example.org", last_name="Opiekun"))
    AssignmentFactory(participation=participation, expert=caretaker)
    return SimpleNamespace(
        participation=participation,
        other_participation=other,
        setup=setup,
        reader=member("reader@example.org"),
        author=member("author@example.org", is_author=True),
        lead=member("lead@example.org", is_lead=True),
        signatory=member("signatory@example.org", is_signatory=True),
        former_member=member(
            "former@example.org", is_lead=True, is_author=True, since=date(2026, 1, 1), until=yesterday
        ),
        other_team=member("other@example.org", participation=other, is_lead=True, is_author=True),
        reviewer=ExpertFactory(
            person=UserFactory(email="reviewer@example.org", last_name="Recenzent")
        ).person,
        other_reviewer=ExpertFactory(person=UserFactory(email="reviewer2@example.org")).person,
        caretaker=caretaker.person,
        coordinator=staff(COORDINATOR, "coordinator@example.org"),
        administrator=staff(ADMINISTRATOR, "administrator@example.org"),
        auditor=staff(AUDITOR, "auditor@example.org"),
        operator=operator.person,
    )


@pytest.fixture
def browse():
    """Return a client signed in as the given person; None is an anonymous visitor."""

    def sign_in(person, **kwargs):
        client = Client(**kwargs)
        if person is not None:
            client.force_login(
                User.objects.get(pk=person.pk), "allauth.account.auth_backends.AuthenticationBackend"
            )
        return client

    return sign_in


def person_of(cast, role):
    """Return the cast's person for a role, fresh from the database; None for the anonymous visitor."""
    return None if role == "anonymous" else User.objects.get(pk=getattr(cast, role).pk)


def pytest_collection_modifyitems(items):
    """Whatever has a long figure belongs to the soak run, which reaches it."""
    for item in items:
        if "figures" in item.fixturenames:
            item.add_marker(pytest.mark.soak)


@pytest.fixture
def figures():
    """Return a chooser between the small count of the suite and the full figure of the soak run."""
    return lambda *, small, full: full if os.environ.get("PORTAL_SOAK") else small
