"""The plans of the closed pilot: 31 of them, 30 accepted, most of those published, one not accepted."""

from datetime import date, timedelta

from jst.demo_pilot import ENDED
from jst.demo_register import WITHDREW
from jst.demo_units import moment
from plans.deadlines import end_of_day
from plans.demo_story import Days

FIRST_YEAR = 2018
FIRST_SENT = date(2018, 1, 8)
DEADLINE = date(2018, 2, 15)
PUBLISHED = date(2018, 6, 5)
RETURNED = frozenset("281104 241602 2813 182105 061401 226401 143201 302903 0601".split())
RETURNED_TWICE = "160602"
NOT_ACCEPTED = "0416"
# Accepted, but the team has not agreed to publish.
UNPUBLISHED = frozenset({"260902", "100201", "240902", "2602"})
# One remark was settled by ORE, not by the expert.
WAIVED = "061401"
# The expert who was asked first gave the review up.
RECUSED = frozenset({"302903", "120617"})
# Another expert was asked as well, read the plan and had no opinion.
ABSTAINED = "2602"


def build(demo, office, units):
    """Write the stories of the pilot into the diary."""
    experts = demo.made["experts"]
    writing = [unit for unit in units if unit.code != WITHDREW]
    for number, unit in enumerate(writing):
        days = Days(FIRST_SENT + timedelta(days=number), minute=number * 7 % 60)
        story = office.story(
            unit,
            scope="narrow" if number % 4 == 3 else "wide",
            reviewer=free_expert(experts, unit, number + 4),
            first_year=FIRST_YEAR,
            until=days.date(0),
        )
        tell(story, number, days, free_expert(experts, unit, number + 7))
    demo.later(moment(ENDED, 14), close, office.setup)


def free_expert(experts, unit, number):
    """Return the expert of this number, or the next one who never cared for the unit."""
    order = [experts[(number + step) % len(experts)] for step in range(len(experts))]
    return next(expert for expert in order if expert not in unit.caretakers)


def close(setup, *, at):
    """Give the pilot the deadline it had; while it had it, nobody could have sent a plan of 2018 today."""
    setup.deadline = end_of_day(DEADLINE)
    setup.save(update_fields=["deadline"])


def tell(story, number, days, other_expert):
    """Tell the story of one plan, from its beginning to the list of published plans."""
    code, later, at = story.unit.code, story.later, days.at
    returned = code in RETURNED | {RETURNED_TWICE, NOT_ACCEPTED}
    gaps = [{"defect": "network"}] * (number % 3 == 0)
    if returned:
        gaps = story.lacking(number, 2 + number % 3, fatal=code == NOT_ACCEPTED)
    later(at(-60 - number % 9, 9), story.start)
    later(at(-59 - number % 9, 14), story.write, lacking=gaps)
    later(at(0, 9), story.send)
    if code in RECUSED:
        later(at(1, 10), story.assign, expert=other_expert, due=days.date(15))
        later(at(1, 12), story.recuse, other_expert)
    later(at(2, 13), story.assign, due=days.date(16))
    if code == ABSTAINED:
        later(at(2, 14), story.assign, expert=other_expert, due=days.date(16))
        later(at(8, 10), story.abstain, other_expert)
    later(at(3, 14), story.start_review)
    later(at(6, 12), story.remark)
    recommendation = "return" if returned else "accept"
    later(at(13, 13), story.judge, recommendation=recommendation)
    later(at(14, 14), story.hand_in)
    later(at(17, 15), story.decide, recommendation)
    if returned:
        correct(story, days)
    if code not in UNPUBLISHED | {NOT_ACCEPTED}:
        later(moment(PUBLISHED, 10, days.minute), story.publish)
    if code != NOT_ACCEPTED and number % 3 != 2:
        adopted(story, number, days)


def adopted(story, number, days):
    """ORE writes down what the office has told: mostly a resolution, sometimes no act at all."""
    form = ("resolution", "resolution", "order", "none")[number % 4]
    act = {"resolution": f"XXIX/{200 + number}", "order": str(40 + number), "none": ""}[form]
    at = moment(PUBLISHED + timedelta(days=20), 11, days.minute)
    story.later(at, story.adopt, form, number=act, by=story.coordinator)


def correct(story, days):
    """The second version, which is accepted, refused, or returned once more."""
    code, later, at = story.unit.code, story.later, days.at
    weakly = {NOT_ACCEPTED: 9, RETURNED_TWICE: 1}.get(code, 0)
    later(at(24, 12), story.answer, weakly=weakly)
    later(at(28, 9), story.send)
    later(at(28, 10), story.due_was, days.date(31))
    later(at(29, 11), story.start_review)
    if code == RETURNED_TWICE:
        judge_again(story, days, 34, "return", upholding=1)
        later(at(42, 12), story.answer)
        later(at(45, 9), story.send)
        later(at(45, 10), story.due_was, days.date(49))
        later(at(46, 11), story.start_review)
        judge_again(story, days, 50, "accept")
    elif code == NOT_ACCEPTED:
        judge_again(story, days, 34, "refuse", upholding=9)
    else:
        judge_again(story, days, 34, "accept", leaving=int(code == WAIVED))


def judge_again(story, days, read_on, outcome, *, upholding=0, leaving=0):
    """The expert reads the answers and judges anew; ORE decides as recommended."""
    later, at = story.later, days.at
    later(at(read_on, 11), story.judge, recommendation=outcome)
    later(at(read_on, 12), story.settle, upholding=upholding, leaving=leaving)
    later(at(read_on, 13), story.hand_in)
    if leaving:
        later(at(read_on + 2, 14), story.waive)
    later(at(read_on + 3, 15), story.decide, outcome)
