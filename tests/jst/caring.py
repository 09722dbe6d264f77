"""Experts ready for work, and who cares for a unit: what the tests about experts share."""

from datetime import timedelta

from jst.models import ConflictStatement, ExpertAssignment, Jst
from jst.models.dated import today
from tests.factories import ExpertFactory, JstFactory

TODAY = today()
CARETAKER, DEPUTY = ExpertAssignment.Role.CARETAKER, ExpertAssignment.Role.DEPUTY


def in_days(count):
    return TODAY + timedelta(days=count)


def date_of(day):
    return day.strftime("%d.%m.%Y")


def ready_expert(edition, **fields):
    """Return an expert who has stated their conflicts in the edition."""
    expert = ExpertFactory(**fields)
    ConflictStatement.objects.create(expert=expert, edition=edition)
    return expert


def region(code="18"):
    return Jst.objects.filter(code=code).first() or JstFactory(code=code, kind="W", name=f"woj. {code}")


def caring(participation, day=TODAY):
    return [(row.role, row.expert) for row in participation.expert_assignments.on(day).caring()]


def address(participation, what="opiekun"):
    return f"/zespoly/{participation.pk}/opieka/{what}/"
