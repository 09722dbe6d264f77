"""The education debate comes before the plan (domain.md §3): it was held, and there are minutes of it."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.models import Debate, Evidence
from plans.rules.case import Finding

COUNTED = ("heads", "teachers", "parents", "pupils", "others")


def minutes(case):
    if case.rows(Debate) and not any(row.kind == Evidence.Kind.MINUTES for row in case.rows(Evidence)):
        yield Finding("evidence", _("Attach the minutes of the education debate."))


def still_to_come(case):
    """A meeting with conclusions or with people counted claims to have been held."""
    for debate in case.rows(Debate):
        claims = debate.conclusions.strip() or any(getattr(debate, name) for name in COUNTED)
        if debate.held_on and debate.held_on > case.day and claims:
            day = date_format(debate.held_on, "SHORT_DATE_FORMAT")
            sentence = _("The meeting of %s is still to come: correct its date, or describe it once held.")
            yield Finding("debate", sentence % day, debate, "held_on")


def after_the_plan(case):
    """Later meetings may discuss a draft; the first one has to come before it is begun."""
    held = [debate for debate in case.rows(Debate) if debate.held_on]
    if not held:
        return
    first = min(held, key=lambda debate: debate.held_on)
    begun = timezone.localdate(case.plan.created_at)
    if begun < first.held_on <= case.day:
        sentence = _(
            "The first meeting, of %(held)s, came after the plan was begun on %(begun)s: "
            "say in its conclusions what the plan took from it."
        )
        days = {
            "held": date_format(first.held_on, "SHORT_DATE_FORMAT"),
            "begun": date_format(begun, "SHORT_DATE_FORMAT"),
        }
        yield Finding("debate", sentence % days, first, "held_on")
