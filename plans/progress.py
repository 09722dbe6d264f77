"""How far a plan is and whose turn it is: told without opening a text."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.deadlines import deadline_of
from plans.models import PlanVersion, Remark, SectionState
from plans.sections import open_keys, sections_of
from plans.workflow import VERSION

S = PlanVersion.Status


@dataclass
class SectionLine:
    """One line of the task list."""

    key: str
    title: str
    status: str
    tone: str
    ready: bool = False
    url: str = ""
    remarks: int = 0
    required: bool = True


def task_list(version, *, may_write, reads, unanswered):
    """Return the sections of a draft as lines; `unanswered` counts remarks to answer by section key.

    A writer is led to the open section, other readers to its text, everybody else nowhere. “Ready” is the
    author's own word and never means that the plan was sent.
    """
    states = {state.key: state for state in SectionState.objects.filter(version=version)}
    unlocked = open_keys(version)
    lines = []
    for section in sections_of(version.plan):
        remarks = unanswered.get(section.key, 0)
        status, tone = section_status(states.get(section.key), section.key in unlocked, remarks)
        url = ""
        if may_write and section.key in unlocked:
            url = reverse("plans:section", args=[version.plan_id, section.key])
        elif reads:
            url = f"{version.get_absolute_url()}#sekcja-{section.key}"
        required = section.is_required(version.plan.scope)
        ready = tone == "good"
        lines.append(SectionLine(section.key, section.title, status, tone, ready, url, remarks, required))
    return lines


def section_status(state, is_open, remarks):
    if remarks:
        return _("remarks to answer"), "warn"
    if not is_open:
        return _("locked"), "plain"
    if state is None or not state.filled:
        return _("not started"), "plain"
    if state.done:
        return _("ready"), "good"
    return _("in progress"), "info"


def unanswered_by_section(version):
    """Return section key → how many remarks of earlier versions the team still has to answer."""
    counts = {}
    remarks = Remark.objects.given().filter(plan=version.plan_id, status__in=Remark.UNANSWERED)
    for key in remarks.exclude(version=version).values_list("section", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


WHOSE_TURN = {
    S.DRAFT: gettext_lazy("The team is writing."),
    S.AWAITING_SIGNATURE: gettext_lazy("The signatory reads and signs."),
    S.SENT: gettext_lazy("ORE assigns experts."),
    S.IN_REVIEW: gettext_lazy("Experts read the plan, then ORE decides."),
    S.TAKEN_BACK: gettext_lazy("The team is writing."),
    S.RETURNED: gettext_lazy("The team corrects the plan."),
    S.ACCEPTED: gettext_lazy("Nobody: the plan is accepted."),
    S.NOT_ACCEPTED: gettext_lazy("Nobody: the plan was not accepted."),
}


@dataclass
class MoveLink:
    label: str
    url: str


def offered_moves(version, user):
    """Return the moves that this person may make now, as links to their pages.

    Moves that share a page, as the three decisions do, are one link.
    """
    links = {}
    for move in VERSION.available(version, user):
        if move.page:
            url = reverse(move.page, args=[version.plan_id, version.number])
            links[url] = MoveLink(_("Prepare the decision"), url)
        else:
            url = reverse("plans:move", args=[version.plan_id, version.number, move.name])
            links[url] = MoveLink(move.label, url)
    return list(links.values())


def whose_turn(version):
    """Return one sentence: who has to do something now."""
    return WHOSE_TURN[version.status]


def due(version):
    """Return the deadline that matters now, or None once the plan is with ORE."""
    return deadline_of(version) if version.status in PlanVersion.UNSENT else None
