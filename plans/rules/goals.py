"""Goals form a tree, are served by actions, measured by indicators, and all of it within the plan's years."""

from collections import Counter

from django.utils.translation import gettext as _

from plans.models import Action, Goal, PlanIndicator
from plans.rules.case import Finding


def parents(case):
    for goal in case.goals("operational"):
        if goal.parent_id is None:
            yield Finding("goals", _("Say which strategic goal “%s” serves.") % goal, goal, "parent")


def parts(case):
    served = {goal.parent_id for goal in case.goals("operational")}
    for goal in case.goals("strategic"):
        if goal.pk not in served:
            yield Finding("goals", _("Add an operational goal to “%s”.") % goal, goal)


def names(case):
    """The same name twice within a level, however it is written."""
    named = [goal for goal in case.rows(Goal) if goal.title.strip()]
    counts = Counter((goal.level, plain(goal.title)) for goal in named)
    met = set()
    for goal in named:
        name = goal.level, plain(goal.title)
        if counts[name] > 1 and name in met:
            sentence = _("Two goals are called “%s”: join them or name them differently.")
            yield Finding("goals", sentence % goal, goal, "title")
        met.add(name)


def plain(title):
    return " ".join(title.casefold().split()).rstrip(".")


def acted(case):
    if case.is_told_empty("actions", Action):
        return
    served = {action.goal_id for action in case.rows(Action)}
    for goal in case.goals("operational"):
        if goal.pk not in served:
            yield Finding("actions", _("Plan an action for the goal “%s”.") % goal, goal)


def measured(case):
    if case.is_told_empty("indicators", PlanIndicator):
        return
    served = {indicator.goal_id for indicator in case.rows(PlanIndicator)}
    for goal in case.goals("operational"):
        if goal.pk not in served:
            yield Finding("indicators", _("Add an indicator for the goal “%s”.") % goal, goal)


def action_goals(case):
    for action in case.rows(Action):
        if action.goal_id is None:
            yield Finding("actions", _("Say which goal “%s” serves.") % action, action, "goal")


def action_order(case):
    for action in case.rows(Action):
        if is_backwards(action):
            sentence = _("“%s” ends before it starts: mend the dates.")
            yield Finding("actions", sentence % action, action, "ends")


def is_backwards(action):
    return bool(action.starts and action.ends and action.ends < action.starts)


def action_years(case):
    first, last = case.version.year_from, case.version.year_to
    for action in case.rows(Action):
        early = action.starts and action.starts.year < first
        late = action.ends and action.ends.year > last
        if (early or late) and not is_backwards(action):
            yield Finding(
                "actions",
                _("“%(action)s” lies outside the years of the plan, %(first)s–%(last)s.")
                % {"action": action, "first": first, "last": last},
                action,
                "starts" if early else "ends",
            )


def indicator_goals(case):
    for indicator in case.rows(PlanIndicator):
        if indicator.goal_id is None:
            sentence = _("Say which goal “%s” measures.")
            yield Finding("indicators", sentence % indicator, indicator, "goal")


def indicator_years(case):
    first, last = case.version.year_from, case.version.year_to
    for indicator in case.rows(PlanIndicator):
        if indicator.target_year and not first <= indicator.target_year <= last:
            yield Finding(
                "indicators",
                _("“%(indicator)s” is to be reached in %(year)s, outside the years %(first)s–%(last)s.")
                % {"indicator": indicator, "year": indicator.target_year, "first": first, "last": last},
                indicator,
                "target_year",
            )
