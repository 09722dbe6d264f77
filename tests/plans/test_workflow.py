"""The specification: who is offered which move in which state. Read the tables; the tests hold them in full.

Roles that are not named are offered nothing. The plan belongs to the team of the cast; `reviewer` reviews it.
"""

import pytest

from plans.corrections import locked_sections, unlock_section
from plans.flagging import raise_flag
from plans.models import Flag, PlanVersion, Remark, Review
from plans.remarks import answer_remark
from plans.workflow import FLAG, PROCESSES, REMARK, REVIEW, VERSION
from portal.workflow import NotAllowed
from tests.conftest import ROLES, person_of
from tests.situations import decide, hand_in, judged, plan_version, remark_on

pytestmark = pytest.mark.django_db

ORE = ("coordinator", "administrator")

# fmt: off
# State of the thing → moves → the roles to which they are offered.
OFFERED = {
    "version": {
        "draft":              {"ask_signature": ("author", "lead")},
        "awaiting_signature": {"recall": ("lead",), "decline": ("signatory",), "send": ("signatory",)},
        "sent":               {"take_back": ("lead",), "start_review": ORE},
        "taken_back":         {},
        "in_review":          {"return": ORE, "accept": ORE, "refuse": ORE},
        "returned":           {},
        "accepted":           {"amend": ("lead",)},
        "not_accepted":       {},
    },
    # While its version is in review.
    "review": {
        "assigned":           {"recuse": ("reviewer",), "abstain": ("reviewer",)},
        "in_progress":        {"hand_in": ("reviewer",), "recuse": ("reviewer",), "abstain": ("reviewer",)},
        "handed_in":          {"reopen": ORE},
        "recused":            {},
        "abstained":          {"reopen": ORE},
    },
    # On the version that came back, in review again; the team answers while it corrects (below).
    "remark": {
        "open":               {"confirm": ("reviewer", *ORE), "waive": ORE},
        "answered":           {"confirm": ("reviewer", *ORE), "uphold": ("reviewer", *ORE), "waive": ORE},
        "upheld":             {"confirm": ("reviewer", *ORE), "waive": ORE},
        "confirmed":          {},
        "waived":             {},
    },
    # Raised by the reviewer, put to the coordinator.
    "flag": {
        "open":               {"resolve": ORE},
        "resolved":           {"reopen": ("reviewer", *ORE)},
    },
}
# What is no move of a table: who answers a remark, and who opens one more section of a returned plan.
ANSWERS = {"draft": ("author", "lead"), "awaiting_signature": (), "in_review": ()}
UNLOCKS = {"draft": ORE, "awaiting_signature": (), "in_review": ()}
# fmt: on
TABLES = {"version": VERSION, "review": REVIEW, "remark": REMARK, "flag": FLAG}
CASES = [(process, status) for process, states in OFFERED.items() for status in states]


def people(cast):
    return {role: person for role in ROLES if (person := person_of(cast, role))}


def returned(cast):
    """The open draft of a plan that came back with one remark; returns (draft, remark)."""
    version = plan_version(cast, "in_review")
    remark = remark_on(version, cast.reviewer)
    hand_in(judged(version.reviews.get()))
    decide(version, "return", by=cast.coordinator)
    return PlanVersion.objects.for_page().get(pk=version.plan.latest().pk), remark


def review_again(cast, draft, remark):
    answer_remark(remark, "Dopisane.", by=cast.author)
    VERSION.perform(draft, "ask_signature", by=cast.author)
    VERSION.perform(draft, "send", by=cast.signatory)
    VERSION.perform(draft, "start_review", by=cast.coordinator)


def version_in(cast, status):
    return plan_version(cast, status)


def review_in(cast, status):
    review = plan_version(cast, "in_review").reviews.get()
    if status == "recused":
        REVIEW.perform(review, "recuse", by=cast.reviewer, comment="Znam autorów")
    elif status == "abstained":
        REVIEW.perform(review, "abstain", by=cast.reviewer, comment="To nie moja dziedzina")
    elif status != "assigned":
        judged(review)
        if status == "handed_in":
            hand_in(review)
    return review


def remark_in(cast, status):
    """A remark in its state, its plan in review for the second time."""
    draft, remark = returned(cast)
    review_again(cast, draft, remark)
    remark.refresh_from_db()
    if status == "open":
        # Of an expert who did not answer: a remark of the first round that the team left alone.
        Remark.objects.filter(pk=remark.pk).update(status=status)
    elif status != "answered":
        move = {"confirmed": "confirm", "upheld": "uphold", "waived": "waive"}[status]
        REMARK.perform(remark, move, by=cast.coordinator, comment="Tak.")
    return Remark.objects.get(pk=remark.pk)


def flag_in(cast, status):
    version = plan_version(cast, "in_review")
    words = {"kind": "doubt", "body": "Czy cel jest mierzalny?", "addressee": cast.coordinator}
    flag = raise_flag(version.plan, by=cast.reviewer, **words)
    if status == "resolved":
        FLAG.perform(flag, "resolve", by=cast.coordinator, comment="Jest.")
    return flag


MAKE = {"version": version_in, "review": review_in, "remark": remark_in, "flag": flag_in}


def test_every_state_of_every_process_is_in_the_table():
    models = {"version": PlanVersion, "review": Review, "remark": Remark, "flag": Flag}

    assert {name: set(states) for name, states in OFFERED.items()} == {
        name: set(model.Status.values) for name, model in models.items()
    }
    assert set(map(id, PROCESSES)) == set(map(id, TABLES.values()))


@pytest.mark.parametrize(("process", "status"), CASES)
def test_each_role_is_offered_exactly_its_moves(cast, process, status):
    thing = MAKE[process](cast, status)

    offered = {}
    for role, person in people(cast).items():
        for move in TABLES[process].available(thing, person):
            offered.setdefault(move.name, set()).add(role)

    assert thing.status == status
    assert offered == {move: set(roles) for move, roles in OFFERED[process][status].items()}


@pytest.mark.parametrize("status", ANSWERS)
def test_a_remark_is_answered_and_a_section_opened_only_while_the_plan_is_corrected(cast, status):
    draft, remark = returned(cast)
    if status == "awaiting_signature":
        answer_remark(remark, "Dopisane.", by=cast.author)
        VERSION.perform(draft, "ask_signature", by=cast.author)
    elif status == "in_review":
        review_again(cast, draft, remark)
    remark = Remark.objects.get(pk=remark.pk)
    answer = REMARK.transitions["answer"]

    answers = {role for role, person in people(cast).items() if answer.allowed(person, remark)}
    unlocks = {role for role, person in people(cast).items() if unlocked_by(draft, person)}

    assert answers == set(ANSWERS[status])
    assert unlocks == set(UNLOCKS[status])


def unlocked_by(draft, person):
    """Whether the person could open one more section now."""
    if not locked_sections(PlanVersion.objects.for_page().get(pk=draft.pk)):
        return False
    try:
        unlock_section(draft, locked_sections(draft)[0].key, reason="Trzeba.", by=person)
    except NotAllowed:
        return False
    return True
