"""All rules of the check, in one table: read this first.

A rule is a function that takes a `Case` and gives `Finding`; its code stays for ever, because templates
name it (`RuleSetting`): staff may make a rule stop sending, make it advice, or not ask it at all.
Adding a rule is one function, one line here and one test.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.rules import debate, form, goals, money, schools

BLOCKER, WARNING, OFF = "blocker", "warning", "off"


@dataclass(frozen=True)
class Rule:
    """One rule. `told_to_experts` is false for what only the team has to do."""

    code: str
    name: str | Promise
    severity: str
    find: Callable
    told_to_experts: bool = True


# fmt: off
RULES = [
    #    code                     plain name                                                       severity  function
    Rule("section_required",      _("A required section is empty"),                                BLOCKER, form.required_sections),
    Rule("section_optional",      _("A section that may stay empty is empty"),                     WARNING, form.other_sections),
    Rule("word_limit",            _("A text is over its word limit"),                              BLOCKER, form.words),
    Rule("row_limit",             _("A table has more rows than it may"),                          BLOCKER, form.row_counts),
    Rule("column_required",       _("A required column of a row is empty"),                        BLOCKER, form.columns),
    Rule("remark_unanswered",     _("A remark of an expert is not answered"),                      BLOCKER, form.answers, told_to_experts=False),
    Rule("debate_minutes",        _("There are no minutes of the debate"),                         WARNING, debate.minutes),
    Rule("debate_to_come",        _("A debate described as held is later than today"),             BLOCKER, debate.still_to_come),
    Rule("debate_after_plan",     _("The first debate came after the plan was begun"),             WARNING, debate.after_the_plan),
    Rule("goal_parent",           _("An operational goal serves no strategic goal"),               BLOCKER, goals.parents),
    Rule("goal_parts",            _("A strategic goal has no operational goal"),                   BLOCKER, goals.parts),
    Rule("goal_name_twice",       _("Two goals have the same name"),                               WARNING, goals.names),
    Rule("goal_action",           _("A goal has no action"),                                       BLOCKER, goals.acted),
    Rule("goal_indicator",        _("A goal has no indicator"),                                    BLOCKER, goals.measured),
    Rule("action_goal",           _("An action serves no goal"),                                   BLOCKER, goals.action_goals),
    Rule("action_order",          _("An action ends before it starts"),                            BLOCKER, goals.action_order),
    Rule("action_years",          _("An action lies outside the years of the plan"),               BLOCKER, goals.action_years),
    Rule("indicator_goal",        _("An indicator measures no goal"),                              BLOCKER, goals.indicator_goals),
    Rule("indicator_years",       _("The target year of an indicator lies outside the plan"),      WARNING, goals.indicator_years),
    Rule("school_chosen",         _("A row has no school"),                                        BLOCKER, schools.chosen),
    Rule("school_once",           _("A school is listed twice"),                                   BLOCKER, schools.once),
    Rule("school_own",            _("A school of another authority has no reason"),                BLOCKER, schools.own),
    Rule("school_action",         _("A school takes part in no action"),                           WARNING, schools.acting),
    Rule("action_school",         _("An action names no school"),                                  WARNING, schools.named),
    Rule("school_years",          _("The support of a school starts outside the years of the plan"),  WARNING, schools.in_years),
    Rule("school_promised",       _("A school that was declared is not in the plan"),              WARNING, schools.promised),
    Rule("cost_whole",            _("A cost has no year, source or amount"),                       BLOCKER, money.costs),
    Rule("budget_whole",          _("A line of the budget has no year, source or amount"),         BLOCKER, money.lines),
    Rule("money_years",           _("A sum lies outside the years of the plan"),                   WARNING, money.years),
    Rule("money_balance",         _("The actions cost more than the budget has in a year and source"), WARNING, money.balance),
    Rule("money_unspent",         _("The budget has more than the actions spend in a year and source"), WARNING, money.unspent),
]
# fmt: on
BY_CODE = {rule.code: rule for rule in RULES}
