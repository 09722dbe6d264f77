"""What is still missing before a plan can be sent. Data, not errors: a draft may be saved in any state.

A check takes a `Case` (the version with its content) and yields `Problem`. Adding a rule is one
function, one line in CHECKS and one test. The rules are the programme's own (domain.md §3): the debate
before the plan, goals tied to key competences, the schedule of school support as an integral part.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.content import Content
from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Evidence,
    Goal,
    PlanIndicator,
    Remark,
    SchoolCommitment,
)
from plans.sections import STRUCTURES, sections_of
from portal.text import word_count

BLOCKER, WARNING = "blocker", "warning"


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is and what to do about it. A blocker stops sending."""

    section: str
    sentence: str
    severity: str = BLOCKER
    row_uid: str = ""

    @property
    def is_blocker(self):
        return self.severity == BLOCKER


class Case:
    """A version with everything the checks need, loaded once."""

    def __init__(self, version):
        self.version = version
        self.plan = version.plan
        self.sections = sections_of(version.plan)
        self.keys = {section.key for section in self.sections}

    @cached_property
    def content(self):
        return Content(self.version)

    def rows(self, model):
        return self.content.rows[model]

    def goals(self, level):
        return [goal for goal in self.rows(Goal) if goal.level == level]


def problems(version):
    """Return the list of problems, in the order of the plan's sections."""
    case = Case(version)
    order = {section.key: position for position, section in enumerate(case.sections)}
    found = [problem for check in CHECKS for problem in check(case) if problem.section in case.keys]
    return sorted(found, key=lambda problem: (order[problem.section], not problem.is_blocker))


def blockers(version):
    return [problem for problem in problems(version) if problem.is_blocker]


def sections_are_filled(case):
    for section in case.sections:
        severity = BLOCKER if section.is_required(case.plan.scope) else WARNING
        if section.is_narrative:
            text = case.content.texts.get(section.key)
            empty = not (text and text.body.strip())
            sentence = _("Write the section “%s”.")
        else:
            empty = not any(case.content.of(row_set) for row_set in STRUCTURES[section.key])
            sentence = _("Fill in the section “%s”.")
        if empty:
            yield Problem(section.key, sentence % section.title, severity)


def texts_fit_the_limit(case):

    for section in case.sections:
        if section.is_narrative and section.word_limit and section.key in case.content.texts:
            words = word_count(case.content.texts[section.key].body)
            if words > section.word_limit:
                yield Problem(
                    section.key,
                    _("Shorten the section “%(title)s”: it has %(words)d words, the limit is %(limit)d.")
                    % {"title": section.title, "words": words, "limit": section.word_limit},
                )


def debate_is_documented(case):
    for debate in case.rows(Debate):
        if not debate.held_on:
            yield Problem("debate", _("Give the date of the meeting."), BLOCKER, str(debate.uid))
        if not debate.conclusions.strip():
            yield Problem("debate", _("Write the conclusions of the meeting."), BLOCKER, str(debate.uid))
    if case.rows(Debate) and not any(row.kind == Evidence.Kind.MINUTES for row in case.rows(Evidence)):
        yield Problem("evidence", _("Attach the minutes of the education debate."), WARNING)


def goals_form_a_tree(case):
    strategic, operational = case.goals("strategic"), case.goals("operational")
    for goal in [*strategic, *operational]:
        if not goal.title.strip():
            yield Problem("goals", _("Name the goal."), BLOCKER, str(goal.uid))
    parents = {goal.parent_id for goal in operational}
    for goal in operational:
        if goal.parent_id is None:
            yield Problem("goals", _("Say which strategic goal “%s” serves.") % goal, BLOCKER, str(goal.uid))
        if not goal.competences.all():
            yield Problem(
                "goals", _("Choose the key competences that “%s” develops.") % goal, BLOCKER, str(goal.uid)
            )
    for goal in strategic:
        if goal.pk not in parents:
            yield Problem("goals", _("Add an operational goal to “%s”.") % goal, BLOCKER, str(goal.uid))


def goals_are_served_and_measured(case):
    acted = {action.goal_id for action in case.rows(Action)}
    measured = {indicator.goal_id for indicator in case.rows(PlanIndicator)}
    for goal in case.goals("operational"):
        if goal.pk not in acted:
            yield Problem("actions", _("Plan an action for the goal “%s”.") % goal, BLOCKER, str(goal.uid))
        if goal.pk not in measured:
            yield Problem(
                "indicators", _("Add an indicator for the goal “%s”.") % goal, BLOCKER, str(goal.uid)
            )


def actions_are_complete(case):
    first, last = case.plan.year_from, case.plan.year_to
    for action in case.rows(Action):
        uid = str(action.uid)
        if action.goal_id is None:
            yield Problem("actions", _("Say which goal “%s” serves.") % action, BLOCKER, uid)
        if not action.responsible.strip():
            yield Problem("actions", _("Say who is responsible for “%s”.") % action, BLOCKER, uid)
        if not (action.starts and action.ends):
            yield Problem("actions", _("Give the dates of “%s”.") % action, BLOCKER, uid)
        elif action.ends < action.starts:
            yield Problem("actions", _("“%s” ends before it starts: mend the dates.") % action, BLOCKER, uid)
        elif action.starts.year < first or action.ends.year > last:
            yield Problem(
                "actions",
                _("“%(action)s” lies outside the years of the plan, %(first)s–%(last)s.")
                % {"action": action, "first": first, "last": last},
                BLOCKER,
                uid,
            )


def indicators_are_complete(case):
    for indicator in case.rows(PlanIndicator):
        uid = str(indicator.uid)
        if indicator.goal_id is None:
            yield Problem("indicators", _("Say which goal “%s” measures.") % indicator, BLOCKER, uid)
        if indicator.base is None or indicator.target is None:
            yield Problem(
                "indicators", _("Give the value today and the target of “%s”.") % indicator, BLOCKER, uid
            )
        if not indicator.source.strip():
            yield Problem("indicators", _("Say where the data for “%s” come from.") % indicator, WARNING, uid)


def schools_have_a_schedule(case):
    chosen = Counter(row.school_id for row in case.rows(SchoolCommitment) if row.school_id)
    for row in case.rows(SchoolCommitment):
        uid = str(row.uid)
        if row.school_id is None:
            yield Problem("schools", _("Choose the school."), BLOCKER, uid)
            continue
        if chosen[row.school_id] > 1:
            yield Problem("schools", _("“%s” is listed twice: remove one.") % row, BLOCKER, uid)
        if not row.starts:
            yield Problem("schools", _("Say when the support of “%s” starts.") % row, BLOCKER, uid)
        if not row.competences.all():
            yield Problem("schools", _("Choose the key competences for “%s”.") % row, BLOCKER, uid)
        if row.school.authority_id != case.plan.participation.jst_id:
            yield Problem("schools", _("“%s” is run by another authority.") % row, WARNING, uid)


def schools_take_part_in_actions(case):
    acting = {school.pk for action in case.rows(Action) for school in action.schools.all()}
    idle = [row for row in case.rows(SchoolCommitment) if row.school_id and row.pk not in acting]
    if idle and case.rows(Action):
        sentence = ngettext(
            "%d school takes part in no action.", "%d schools take part in no action.", len(idle)
        )
        yield Problem("actions", sentence % len(idle), WARNING)


def money_adds_up(case):
    costs, secured = Counter(), Counter()
    for cost in case.rows(ActionCost):
        if cost.year and cost.source and cost.amount is not None:
            costs[cost.year] += cost.amount
        else:
            sentence = _("Give the year, the source and the amount of each cost.")
            yield Problem("actions", sentence, BLOCKER, str(cost.uid))
    for line in case.rows(BudgetLine):
        if line.year and line.source and line.amount is not None:
            secured[line.year] += line.amount
        else:
            sentence = _("Give the year, the source and the amount of each line of the budget.")
            yield Problem("budget", sentence, BLOCKER, str(line.uid))
    for year in sorted(costs):
        if costs[year] > secured.get(year, Decimal(0)):
            yield Problem(
                "budget",
                _("In %(year)s the actions cost more than the budget secures.") % {"year": year},
                WARNING,
            )


def remarks_are_answered(case):
    unanswered = Remark.objects.given().filter(plan=case.plan, status__in=Remark.UNANSWERED)
    for remark in unanswered.exclude(kind=Remark.Kind.SUGGESTION):
        if remark.version_id == case.version.pk:
            continue
        row = str(remark.row_uid) if remark.row_uid else ""
        yield Problem(remark.section, _("Answer the remark: “%s”") % remark, BLOCKER, row)


CHECKS = [
    sections_are_filled,
    texts_fit_the_limit,
    debate_is_documented,
    goals_form_a_tree,
    goals_are_served_and_measured,
    actions_are_complete,
    indicators_are_complete,
    schools_have_a_schedule,
    schools_take_part_in_actions,
    money_adds_up,
    remarks_are_answered,
]
