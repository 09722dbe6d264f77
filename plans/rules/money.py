"""Money: each sum is whole, within the years of the plan, and budget and costs of actions agree."""

from collections import Counter
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from plans.models import Action, ActionCost, BudgetLine
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
    for spot, cost, there in compared(case):
        if cost > there:
            sentence = _(
                "In %(year)s the actions cost %(cost)s zł (%(source)s), the budget has %(there)s zł."
            )
            yield told(case, sentence, spot, cost, there)


def unspent(case):
    """What the budget has in a year from a source is spent by the actions, once all their costs are whole."""
    if not case.rows(Action) or any(lacking(row) for row in case.rows(ActionCost)):
        return
    for spot, cost, there in compared(case):
        if there > cost:
            sentence = _(
                "In %(year)s the budget has %(there)s zł (%(source)s), the actions spend %(cost)s zł: "
                "say at an action what the rest is for, or lower the sum."
            )
            yield told(case, sentence, spot, cost, there)


def compared(case):
    """Yield ((year, source), what the actions cost there, what the budget has there)."""
    costs, secured = sums(case.rows(ActionCost)), sums(case.rows(BudgetLine))
    for spot in sorted({*costs, *secured}):
        yield spot, costs.get(spot, Decimal(0)), secured.get(spot, Decimal(0))


def told(case, sentence, spot, cost, there):
    """Return the finding at the first line of the budget for that year and source, if there is one."""
    year, source = spot
    words = {"year": year, "source": Source(source).label, "cost": in_words(cost), "there": in_words(there)}
    lines = (row for row in case.rows(BudgetLine) if (row.year, row.source) == spot and not lacking(row))
    return Finding("budget", sentence % words, next(lines, None), "amount")


def in_words(amount):
    return number_format(amount, 2 if amount % 1 else 0, use_l10n=True, force_grouping=True)
