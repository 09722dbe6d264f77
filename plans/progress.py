"""How far a plan is and whose turn it is: told without opening a text."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.commenting import unsettled_by_section
from plans.deadlines import deadline_of
from plans.models import PlanVersion, Remark, SectionState
from plans.sections import open_among, requested_keys, sections_of
from plans.teamwork import is_gone, others_in, writers_of
from plans.workflow import VERSION
from portal.addresses import addresses
from portal.memory import once
from portal.prepared import prepared_for_all

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
    owner: str = ""
    is_gone: bool = False
    due: date | None = None
    here: tuple = ()
    comments: int = 0
    care_url: str = ""
    comment_url: str = ""

    @property
    def unready(self):
        return self.tone == "info" or self.tone == "warn"


def task_list(version, *, may_write, reads, unanswered):
    """Return the sections of a draft as lines; `unanswered` counts remarks to answer by section key.

    A writer is led to the open section, other readers to its text, everybody else nowhere. “Ready” is the
    author's own word and never means that the plan was sent.
    """
    states = {state.key: state for state in states_of(version)}
    # A section of goals that says something has goals: no query of its own.
    goals = states.get("goals")
    has_goals = goals is None or goals.filled
    is_editable = version.status in PlanVersion.EDITABLE
    requested = requested_keys(version) if is_editable else None
    unlocked = open_among(version, requested)
    address = addresses("plans:section", version.plan_id)
    lines = []
    for section in sections_of(version.plan):
        remarks = unanswered.get(section.key, 0)
        status, tone = section_status(
            states.get(section.key),
            section.key in unlocked,
            remarks,
            is_editable=is_editable,
            has_goals=has_goals or section.key not in AFTER_GOALS,
            is_asked=requested is not None and section.key in requested,
        )
        url = ""
        if may_write and section.key in unlocked:
            url = address(section.key)
        elif reads:
            url = f"{version.get_absolute_url()}#sekcja-{section.key}"
        required = section.is_required(version.plan.scope)
        ready = tone == "good"
        lines.append(SectionLine(section.key, section.title, status, tone, ready, url, remarks, required))
    return lines


def states_of(version):
    """Return the states of a version's sections, each with who looks after it; a request asks once."""
    found = once(("plans.states", version.pk), lambda: prepared_for_all("plans.states", stated, version.pk))
    for state in found:
        state.version = version
    return found


def stated(version):
    return SectionState.objects.filter(version=version).select_related("owner")


def with_team(lines, version, user, *, is_team, may_write):
    """Tell on the lines of the task list what the team agreed on and who is there; for those who read it."""
    states = {state.key: state for state in states_of(version) if state.owner_id or state.due}
    writing = set(prepared_for_all("plans.writers", writers, version.plan.participation_id))
    here = others_in(version, user) if is_team else []
    comments = unsettled_by_section(version.plan, user)
    care, comment = (addresses(f"plans:{name}", version.plan_id) for name in ("section_care", "comment_add"))
    for line in lines:
        state = states.get(line.key)
        if state:
            line.owner, line.due = str(state.owner or ""), state.due
            line.is_gone = is_gone(state, writing)
            if line.unready and line.owner and not line.is_gone:
                line.status = _("%(status)s, waiting for %(name)s") % {
                    "status": line.status,
                    "name": line.owner,
                }
        line.here = tuple(one for one in here if one.key == line.key)
        line.comments = comments.get(line.key, 0)
        line.care_url, line.comment_url = care(line.key) if may_write else "", comment(line.key)
    return lines


def writers(participation):
    return writers_of(participation).values_list("pk", flat=True)


# Sections whose rows point to goals: there is nothing to point to before the first one.
AFTER_GOALS = {"actions", "indicators"}


def section_status(state, is_open, remarks, *, is_editable=True, has_goals=True, is_asked=False):
    """Return what stands by a section and its tone. No word of these may read as “sent”.

    `is_asked` says that ORE returned the plan and asks to change this section.
    """
    if remarks:
        return _("remarks to answer"), "warn"
    if not is_open:
        return (_("locked: ORE did not ask to change it") if is_editable else _("locked")), "plain"
    if is_asked and (state is None or not state.revision):
        return _("ORE asks for a change"), "warn"
    if state is None or not state.filled:
        if not has_goals:
            return _("cannot start yet: goals come first"), "plain"
        return _("not started"), "plain"
    if state.done:
        return _("ready"), "good"
    # Version 2 and later begin as copies: revision 0 is what ORE has read, or could have.
    if state.version.number > 1 and state.revision:
        return (_("changed since the return") if is_asked else _("changed since it was sent")), "info"
    return _("in progress"), "info"


def unanswered_by_section(version):
    """Return section key → how many remarks of the other versions the team still has to answer."""
    return Counter(prepared_for_all("plans.unanswered", unanswered, version.plan_id, version.pk))


def unanswered(plan, version):
    """Return the section of each remark on the other versions that the team still has to answer."""
    remarks = Remark.objects.given().filter(plan=plan, status__in=Remark.UNANSWERED)
    return remarks.exclude(version=version).values_list("section", flat=True)


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
