"""The engine itself, on a small table of two moves over a real object."""

from types import SimpleNamespace

import pytest
from django.core import mail

from jst.models import JstEvent, Participation
from portal import conventions, outbox
from portal.models import ChainHead, Event, Message
from portal.workflow import AlreadyMoved, NotAllowed, Transition, TransitionError, Workflow, note
from tests.factories import ParticipationFactory, UserFactory

pytestmark = pytest.mark.django_db

QUALIFIED, IN_PROGRESS = Participation.Status.QUALIFIED, Participation.Status.IN_PROGRESS
COMPLETED = Participation.Status.COMPLETED


def about(participation):
    return JstEvent(participation=participation)


def set_since(participation, event):
    participation.since = event.at.date()
    participation.save(update_fields=["since"])


def has_no_school(participation):
    if not participation.school_scopes.exists():
        yield "There is no school."
        yield "Add one."


def by_anna(user, participation):
    return user.first_name == "Anna"


TABLE = Workflow(
    "jst.small",
    Transition("begin", "Begin", {QUALIFIED}, IN_PROGRESS, by_anna, then=set_since),
    Transition("complete", "Complete", {IN_PROGRESS}, COMPLETED, by_anna, obstacles=has_no_school),
    Transition("withdraw", "Withdraw", {IN_PROGRESS}, "withdrew", by_anna, needs_comment=True, hidden=True),
    about=about,
)


@pytest.fixture
def anna():
    return UserFactory(first_name="Anna")


@pytest.fixture
def participation():
    return ParticipationFactory(status=QUALIFIED)


def unchanged(participation):
    """Whether the database holds what it held before the move: the status, no event, no letter."""
    stored = Participation.objects.get(pk=participation.pk).status
    return (stored, Event.objects.count(), Message.objects.count()) == (participation.status, 0, 0)


@pytest.fixture
def offer(monkeypatch):
    """Return a function that adds a convention module, as an app would, for one test."""

    def add(name, **exported):
        modules = [*conventions.modules(name), SimpleNamespace(**exported)]
        monkeypatch.setitem(conventions.LOADED, name, modules)

    return add


def test_a_move_sets_the_status_and_writes_who_when_from_where_and_why(anna, participation):
    event = TABLE.perform(participation, "begin", by=anna, comment="  Zaczynamy. ", data={"on": "2026-03-01"})

    stored = Event.objects.get()
    assert stored == event
    assert (stored.kind, stored.actor, stored.old_status, stored.new_status, stored.comment, stored.data) == (
        "jst.small.begin",
        anna,
        "qualified",
        "in_progress",
        "Zaczynamy.",
        {"on": "2026-03-01"},
    )
    assert stored.jstevent.participation == participation
    assert Participation.objects.get().status == "in_progress"


def test_what_belongs_to_the_move_is_done_with_it(anna, participation):
    event = TABLE.perform(participation, "begin", by=anna)

    assert Participation.objects.get().since == event.at.date()


def test_somebody_without_the_right_changes_nothing(participation):
    with pytest.raises(NotAllowed):
        TABLE.perform(participation, "begin", by=UserFactory(first_name="Jan"))

    assert unchanged(participation)


def test_a_move_from_another_status_changes_nothing(anna, participation):
    with pytest.raises(AlreadyMoved):
        TABLE.perform(participation, "complete", by=anna)

    assert unchanged(participation)


def test_the_same_move_twice_is_made_once_even_with_an_old_copy_of_the_object(anna, participation):
    old_copy = Participation.objects.get()
    TABLE.perform(participation, "begin", by=anna)

    with pytest.raises(AlreadyMoved):
        TABLE.perform(old_copy, "begin", by=anna)

    assert [event.kind for event in Event.objects.all()] == ["jst.small.begin"]


def test_every_obstacle_is_named_and_nothing_changes(anna):
    participation = ParticipationFactory(status=IN_PROGRESS)

    with pytest.raises(TransitionError) as stopped:
        TABLE.perform(participation, "complete", by=anna)

    assert stopped.value.sentences == ["There is no school.", "Add one."]
    assert unchanged(participation)


@pytest.mark.parametrize("comment", ["", "   ", "\n"])
def test_a_move_that_needs_a_reason_is_not_made_without_one(anna, comment):
    participation = ParticipationFactory(status=IN_PROGRESS)

    with pytest.raises(TransitionError):
        TABLE.perform(participation, "withdraw", by=anna, comment=comment)

    assert unchanged(participation)


def test_the_buttons_are_the_moves_of_the_status_that_the_person_may_make(anna):
    participation = ParticipationFactory(status=IN_PROGRESS)

    assert [move.name for move in TABLE.available(participation, anna)] == ["complete"]
    assert TABLE.available(participation, UserFactory(first_name="Jan")) == []


def test_a_reaction_follows_in_the_same_transaction(anna, participation, offer):
    followed = []
    offer("reactions", REACTIONS={"jst.small.begin": followed.append})

    event = TABLE.perform(participation, "begin", by=anna)

    assert followed == [event]


def test_a_reaction_may_veto_and_then_nothing_changed(anna, participation, offer):
    def veto(event):
        raise TransitionError("Not on a Sunday.")

    offer("reactions", REACTIONS={"jst.small.begin": veto})

    with pytest.raises(TransitionError, match=r"^Not on a Sunday\.$"):
        TABLE.perform(participation, "begin", by=anna)

    participation.refresh_from_db()
    assert unchanged(participation)
    assert participation.status == "qualified"
    assert not ChainHead.objects.exists()


def test_the_letters_of_a_move_are_queued_with_it_and_the_actor_is_not_written_to(anna, participation, offer):
    other, gone = UserFactory(), UserFactory(is_active=False)
    everybody = [anna, other, gone, "urzad@example.org", other]
    offer("notifications", RECIPIENTS={"jst.small.begin": lambda event: everybody})

    event = TABLE.perform(participation, "begin", by=anna)

    letters = Message.objects.order_by("pk")
    assert [(letter.address, letter.recipient, letter.event) for letter in letters] == [
        (other.email, other, event),
        ("urzad@example.org", None, event),
    ]
    assert {letter.template for letter in letters} == {"emails/jst/small.begin.txt"}
    outbox.send_due()
    assert mail.outbox == []


def test_something_outside_a_process_is_recorded_with_the_same_consequences(anna, participation, offer):
    followed = []
    offer("reactions", REACTIONS={"jst.remark.made": followed.append})

    event = note("jst.remark.made", by=anna, about=about(participation), comment="Uwaga")

    assert followed == [event]
    assert Event.objects.get().comment == "Uwaga"


def test_the_table_draws_itself_for_the_manual():
    assert TABLE.mermaid() == (
        "stateDiagram-v2\n"
        "    qualified --> in_progress: begin\n"
        "    in_progress --> completed: complete\n"
        "    in_progress --> withdrew: withdraw"
    )
