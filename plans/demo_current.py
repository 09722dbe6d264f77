"""The plans of the current edition, one in each state that a plan can be in.

The first belongs to the people one may sign in as: returned to them with remarks, it can be corrected and
sent in a few minutes.
"""

from plans.demo_story import Days

# What is written in a draft that is half-way, and in one that was begun this week.
HALF = {"zespol", "debate", "demografia", "swot", "goals", "schools"}
READY = {"zespol", "debate", "demografia"}
BEGINNING = {"zespol"}


def build(demo, office, units):
    """Write the stories of the current edition into the diary."""
    experts = demo.made["experts"]
    mine, third, other = experts[0], experts[4], experts[2]
    tellers = [
        (returned, mine),
        (half_way, None),
        (in_progress, mine),
        (decision_prepared, third),
        (accepted, other),
        (awaiting_signature, None),
        (just_sent, None),
        (taken_back, None),
        (assigned, mine),
        (not_accepted, experts[6]),
        (begun_this_week, None),
        (not_started, None),
    ]
    first_year = demo.day.year + (demo.day.month >= 7)
    for number, (unit, (tell, reviewer)) in enumerate(zip(units, tellers, strict=False)):
        days = Days(demo.day, minute=number * 11 % 60)
        story = office.story(
            unit,
            scope="narrow" if number in (3, 8) else "wide",
            reviewer=reviewer,
            first_year=first_year,
            until=days.date(-40),
        )
        tell(story, days, number)


def sent(story, days, ago, gaps=()):
    """The team writes the plan, signs it and sends it `ago` days before today."""
    later, at = story.later, days.at
    later(at(-ago - 45, 9), story.start)
    later(at(-ago - 6, 14), story.write, lacking=gaps)
    later(at(-ago - 1, 12), story.ask_signature)
    later(at(-ago, 13), story.send)


def given(story, days, ago, due):
    """ORE gives the plan to an expert and starts the review."""
    story.later(days.at(-ago, 14), story.assign, due=days.date(-due))
    story.later(days.at(-ago, 15), story.start_review)


def judged(story, days, ago, recommendation):
    """The expert writes remarks and the review, and hands it in `ago` days before today."""
    later, at = story.later, days.at
    later(at(-ago - 6, 16), story.remark)
    later(at(-ago - 1, 17), story.judge, recommendation=recommendation)
    later(at(-ago, 18), story.hand_in)


def returned(story, days, number):
    sent(story, days, 46, story.lacking(number, 3))
    given(story, days, 44, due=30)
    judged(story, days, 31, "return")
    story.later(days.at(-12, 15), story.decide, "return", due=days.date(16))
    owners = {"wyniki": ("lead", days.date(5)), "indicators": ("author", days.date(9))}
    story.later(days.at(-11, 16), story.share_out, owners)
    story.later(days.at(-10, 17), story.talk, "returned")
    story.later(days.at(-3, 10), story.answer)


def half_way(story, days, number):
    story.later(days.at(-30, 9), story.start)
    story.later(days.at(-9, 14), story.write, only=HALF, done=False)
    story.later(days.at(-8, 15), story.call_ready, READY)
    owners = {"actions": ("author", days.date(-3)), "indicators": ("lead", days.date(12))}
    story.later(days.at(-8, 16), story.share_out, owners)
    story.later(days.at(-7, 17), story.talk, "half_way")


def in_progress(story, days, number):
    sent(story, days, 23, story.lacking(number, 3))
    given(story, days, 20, due=-6)
    story.later(days.at(-6, 16), story.remark)
    story.later(days.at(-5, 17), story.judge, recommendation="return", half=True)
    story.later(days.at(-4, 9), story.flag)


def decision_prepared(story, days, number):
    sent(story, days, 36, [{"defect": "network"}])
    given(story, days, 33, due=18)
    judged(story, days, 20, "accept")
    story.later(days.at(-2, 15), story.prepare, "accept")


def corrected(story, days, *, ago, outcome):
    """The plan is returned, corrected, and decided on `ago` days before today."""
    later, at = story.later, days.at
    refused = outcome == "refuse"
    weakly = 9 if refused else 0
    sent(story, days, ago + 55, story.lacking(ago, 3, fatal=refused))
    given(story, days, ago + 53, due=ago + 39)
    judged(story, days, ago + 40, "return")
    later(at(-ago - 35, 19), story.decide, "return")
    later(at(-ago - 24, 10), story.answer, weakly=weakly)
    later(at(-ago - 20, 11), story.ask_signature)
    later(at(-ago - 19, 12), story.send)
    later(at(-ago - 19, 13), story.due_was, days.date(-ago - 14))
    later(at(-ago - 17, 14), story.start_review)
    later(at(-ago - 7, 15), story.judge, recommendation=outcome)
    later(at(-ago - 7, 16), story.settle, upholding=weakly)
    later(at(-ago - 7, 17), story.hand_in)
    later(at(-ago, 18), story.decide, outcome)


def accepted(story, days, number):
    corrected(story, days, ago=40, outcome="accept")
    story.later(days.at(-33, 10), story.publish)
    story.later(days.at(-12, 10), story.adopt, "resolution", number="XIV/112")


def not_accepted(story, days, number):
    corrected(story, days, ago=26, outcome="refuse")


def awaiting_signature(story, days, number):
    later, at = story.later, days.at
    later(at(-70, 9), story.start)
    later(at(-14, 14), story.write)
    later(at(-9, 10), story.ask_signature)
    later(at(-7, 11), story.decline)
    later(at(-1, 12), story.ask_signature)


def just_sent(story, days, number):
    sent(story, days, 2)


def taken_back(story, days, number):
    sent(story, days, 16)
    story.later(days.at(-13, 14), story.take_back)


def assigned(story, days, number):
    sent(story, days, 13)
    given(story, days, 10, due=-4)


def begun_this_week(story, days, number):
    story.later(days.at(-5, 9), story.start)
    story.later(days.at(-4, 14), story.write, only=BEGINNING, done=False)


def not_started(story, days, number):
    """The unit takes part and has not started its plan."""
