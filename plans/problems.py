"""What is still missing before a plan can be sent. Data, not errors: a draft may be saved in any state.

The rules are in `rules/table.py`; how strict each is, the plan's template says. Three doors: `problems` and
`blockers` for the team that writes, `noticed` for those who read what was sent.
"""

from dataclasses import dataclass

from django.utils.translation import get_language

from plans.rules.case import Case
from plans.rules.table import BLOCKER, OFF, RULES

MAX_KEPT = 64
kept = {}


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is and what to do about it. A blocker stops sending."""

    section: str
    sentence: str
    severity: str = BLOCKER
    row_uid: str = ""
    code: str = ""
    control: str = ""

    @property
    def is_blocker(self):
        return self.severity == BLOCKER

    @property
    def place_to_write(self):
        """The anchor in the editor: the control where there is one, else the row."""
        return self.control or (f"wiersz-{self.row_uid}" if self.row_uid else "")

    @property
    def place_to_read(self):
        """The anchor in the plan as it is read: the row where it stands in this section, else the section."""
        return f"wiersz-{self.row_uid}" if self.row_uid else f"sekcja-{self.section}"


def problems(version):
    """Return the list of problems, in the order of the plan's sections."""
    case = Case(version)
    order = {section.key: position for position, section in enumerate(case.sections)}
    found = [
        as_problem(finding, rule, severity, case)
        for rule in RULES
        if (severity := case.settings.severity(rule)) != OFF
        for finding in rule.find(case)
        if finding.section in case.keys
    ]
    return sorted(found, key=lambda problem: (order[problem.section], not problem.is_blocker))


def blockers(version):
    return [problem for problem in problems(version) if problem.is_blocker]


def noticed(version):
    """Return what the check says about a sent version to those who read it: the team's own list.

    Whoever calls has found the version through `visible_to`. A draft has no such list: it is the team's.
    """
    if not version.sha256:
        return []
    key = version.pk, version.sha256, get_language()
    if key not in kept:
        if len(kept) >= MAX_KEPT:
            kept.clear()
        hidden = {rule.code for rule in RULES if not rule.told_to_experts}
        kept[key] = [problem for problem in problems(version) if problem.code not in hidden]
    return kept[key]


def as_problem(finding, rule, severity, case):
    """Return a finding with its rule's name and the place of its row and control."""
    row, control = finding.row, ""
    uid = getattr(row, "row_uid", None) or getattr(row, "uid", None)
    row_set, number = case.places.get(uid, ("", 0))
    if finding.field and row_set:
        control = f"id_{row_set}-{number}-{finding.field}"
    uid = str(uid or "")
    return Problem(finding.section, finding.sentence, severity, uid, rule.code, control)
