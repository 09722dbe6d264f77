"""Money: each sum is whole, within the years of the plan, and the budget bears what the actions cost."""

from collections import Counter
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from plans.models import ActionCost, BudgetLine
from plans.models.content import Source
from plans.rules.case import Finding

PARTS = ("year", "source", "amount")


def lacking(row):
    """Return the name of the first part of a sum that is missing, or an empty one."""
    return next((name for name in PARTS if getattr(row, name) in (None, "")), "")


def costs(case):
    for row in case.rows(ActionCost):
        if missing := lacking(row):
            sentence = _("Give the year, the source and the amount of each cost.")
            yield Finding("actions", sentence, row, missing)


def lines(case):
    for row in case.rows(BudgetLine):
        if missing := lacking(row):
            sentence = _("Give the year, the source and the amount of each line of the budget.")
            yield Finding("budget", sentence, row, missing)


def years(case):
    first, last = case.version.year_from, case.version.year_to
    for section, model in (("actions", ActionCost), ("budget", BudgetLine)):
        for row in case.rows(model):
            if row.year and not first <= row.year <= last:
                sentence = _("The sum “%(sum)s” is outside the years of the plan, %(first)s–%(last)s.")
                yield Finding(section, sentence % {"sum": row, "first": first, "last": last}, row, "year")


def sums(rows):
    found = Counter()
    for row in rows:
        if not lacking(row):
            found[row.year, row.source] += row.amount
    return found


def balance(case):
    """What the actions cost in a year from a source is not more than the budget has there."""
    cost, secured = sums(case.rows(ActionCost)), sums(case.rows(BudgetLine))
    for year, source in sorted(cost):
        there = secured.get((year, source), Decimal(0))
        if cost[year, source] > there:
            yield Finding(
                "budget",
                _("In %(year)s the actions cost %(cost)s zł (%(source)s), the budget has %(there)s zł.")
                % {
                    "year": year,
                    "source": Source(source).label,
                    "cost": in_words(cost[year, source]),
                    "there": in_words(there),
                },
            )


def in_words(amount):
    return number_format(amount, 2 if amount % 1 else 0, use_l10n=True, force_grouping=True)
