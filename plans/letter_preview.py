"""The letter of a prepared decision, as the team will get it: read before it is released."""

from types import SimpleNamespace

from django.conf import settings
from django.template.loader import render_to_string

from plans.notifications import TEAM, one_line


def letter_of(decision):
    """Return (subject, body) of the letter that the team gets once the decision is released."""
    plan = decision.version.plan
    context = {
        "origin": settings.PORTAL_ORIGIN,
        "event": SimpleNamespace(kind=f"plans.version.{decision.outcome}"),
        "recipient": None,
        "unit": one_line(plan.participation.jst.placed_name),
        "version": decision.version,
        "review": None,
        "audience": TEAM,
        "link": settings.PORTAL_ORIGIN + plan.get_absolute_url(),
        "reason": decision.reason,
        "due": decision.due,
    }
    text = render_to_string(f"emails/plans/version.{decision.outcome}.txt", context)
    subject, _separator, body = text.partition("\n")
    return " ".join(subject.split()), body.strip()
