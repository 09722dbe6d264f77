"""The last steps of ORE's work on a version: what is done, what is open, what comes next.

Nothing is stored: each step is read off the reviews, the remarks and the prepared decision.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.models import Decision

DONE, OPEN, FREE, LATER = "done", "open", "free", "later"


@dataclass
class Step:
    """One step: what it is, how it stands, and where on the page of the decision it is made."""

    title: str
    told: str
    state: str
    place: str
    is_next: bool = False

    @property
    def words(self):
        return {DONE: _("done"), OPEN: _("to do"), FREE: _("optional"), LATER: _("later")}[self.state]

    @property
    def tone(self):
        return {DONE: "good", OPEN: "warn"}.get(self.state, "plain")


def closing_steps(decision, opinions, unsettled):
    """Return the steps from the reviews to the release, in order; the first that is open is the next.

    `decision` is None or prepared, with the `recipients` of its letter.
    """
    steps = [
        reviews_read(decision, opinions),
        points_settled(decision, unsettled),
        decided(decision),
        reported(decision),
        letter_written(decision),
        released(decision, opinions, unsettled),
    ]
    following = next((step for step in steps if step.state == OPEN), None)
    if following:
        following.is_next = True
    return steps


def may_wait(decision):
    """Whether what is open does not matter: only an acceptance needs it."""
    return decision is not None and decision.outcome != Decision.Outcome.ACCEPT


def still_open(decision):
    return FREE if may_wait(decision) else OPEN


def reviews_read(decision, opinions):
    told = [
        _("Reviews in: %(done)s of %(needed)s.")
        % {"done": len(opinions.handed_in), "needed": opinions.needed}
    ]
    if opinions.third_wanted or opinions.third_awaited:
        told.append(_("The experts differ."))
    explained = decision is not None and decision.without_reviews
    state = DONE if explained or not opinions.incomplete else still_open(decision)
    return Step(_("What the experts recommend"), " ".join(told), state, "recenzje")


def points_settled(decision, unsettled):
    if not unsettled:
        told = _("No remark stops the acceptance of the plan.")
    else:
        count = len(unsettled)
        told = ngettext("%d remark is not settled.", "%d remarks are not settled.", count) % count
    state = still_open(decision) if unsettled else DONE
    return Step(_("Open points"), told, state, "uwagi")


def decided(decision):
    if decision is None:
        told = _("Say what ORE decides, and why.")
        return Step(_("Decision and reason"), told, OPEN, "decyzja")
    told = _("Prepared: %s.") % decision.get_outcome_display()
    return Step(_("Decision and reason"), told, DONE, "przygotowana")


def reported(decision):
    if decision and decision.report:
        return Step(_("Report or letter of ORE"), decision.report.name, DONE, "przygotowana")
    return Step(_("Report or letter of ORE"), _("A file that goes with the decision."), FREE, "decyzja")


def letter_written(decision):
    if decision is None:
        return Step(_("The letter"), _("It is written when the decision is saved."), LATER, "decyzja")
    count = len(decision.recipients)
    told = ngettext("%d letter waits in the outbox.", "%d letters wait in the outbox.", count) % count
    return Step(_("The letter"), told, DONE if count else OPEN, "list")


def released(decision, opinions, unsettled):
    title = _("Check and release")
    if decision is None:
        return Step(title, _("Nobody is told before the release."), LATER, "decyzja")
    incomplete = opinions.incomplete and not decision.without_reviews
    if not may_wait(decision) and (unsettled or incomplete):
        return Step(title, _("The plan cannot be accepted yet: see what is open above."), LATER, "recenzje")
    told = _("Nobody is told yet. Read the letter once more, then release the decision.")
    return Step(title, told, OPEN, "przygotowana")
