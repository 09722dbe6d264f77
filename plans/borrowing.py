"""Borrowing a goal from the library of accepted plans: words come along, other people's facts do not.

Who does it, when, with which schools, for how much and from which value to which is the borrower's own to
write. The rows are new and say in `origin` from which plan and version they come.
"""

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from plans.content import Content
from plans.facts import unit_name
from plans.lemmas import WORD
from plans.library import published_version
from plans.models import Action, Goal, KeyCompetence, PlanIndicator, PlanVersion
from plans.searching import asked_words, forms_rows, plain, understood
from plans.transfer.matching import Incoming
from portal.spelling import folded

MOST_FOUND = 40


@dataclass
class Found:
    """One goal of a published plan."""

    plan: int
    uid: str
    title: str
    description: str
    level: str
    unit: str


def find_goals(words, *, besides):
    """Return published goals whose words, or whose unit's name, hold every word asked; few are enough.

    A word of the goal is found in all its forms, as in the library; of one that the shelf does not know the
    end is not compared. A name is found by its beginning. More than eight words are not looked for.
    """
    asked = asked_words(words)
    if not asked:
        return []
    asked = understood(asked, forms_rows(asked).values_list("form", "lemma"))
    goals = Goal.objects.filter(version__in=in_force()).exclude(version__plan=besides).exclude(title="")
    unit = "version__plan__participation__jst"
    rows = goals.order_by("-version__plan__published_on", "version", "position").values_list(
        "version__plan", "uid", "title", "description", "level", f"{unit}__kind", f"{unit}__name"
    )
    found = []
    for plan, uid, title, description, level, kind, name in rows.iterator():
        said, named = words_in(f"{title} {description}"), words_in(name)
        if all(any(is_met(one, word) for word in said) or begins(named, one.word) for one in asked):
            label = str(Goal.Level(level).label)
            found.append(Found(plan, str(uid), title, description, label, unit_name(kind, name)))
        if len(found) == MOST_FOUND:
            break
    return found


def words_in(text):
    return {plain(match[0]) for match in WORD.finditer(text)}


def begins(names, word):
    return any(name.startswith(word) for name in names)


def is_met(asked, word):
    if asked.lemmas:
        return asked.is_met_by(word)
    return word.startswith(asked.word[: max(4, len(asked.word) - 2)])


def in_force():
    """Return the keys of the published versions, the newest of each plan, as a part of another query."""
    newest = PlanVersion.objects.visible_to(AnonymousUser()).order_by("plan", "-number")
    latest = {}
    for pk, plan in newest.values_list("pk", "plan"):
        latest.setdefault(plan, pk)
    return list(latest.values())


class Loan:
    """A goal of a published plan with its operational goals, and their actions and indicators if wished."""

    def __init__(self, source, uid):
        self.source, self.content = source, Content(source)
        goals = self.content.rows[Goal]
        self.goal = next((goal for goal in goals if str(goal.uid) == str(uid)), None)
        self.goals = [self.goal, *(goal for goal in goals if self.goal and goal.parent_id == self.goal.pk)]

    @classmethod
    def of(cls, plan_pk, uid):
        """Return the loan of a published goal, or None where there is none."""
        source = published_version(plan_pk)
        loan = cls(source, uid) if source else None
        return loan if loan and loan.goal else None

    @property
    def unit(self):
        jst = self.source.plan.jst
        return unit_name(jst.kind, jst.name)

    @property
    def actions(self):
        return [row for row in self.content.rows[Action] if row.goal in self.goals]

    @property
    def indicators(self):
        return [row for row in self.content.rows[PlanIndicator] if row.goal in self.goals]

    @property
    def origin(self):
        words = {"unit": self.unit, "number": self.source.number}
        return _("borrowed from the plan: %(unit)s, version %(number)s") % words

    def rows(self, version, key, *, actions, indicators):
        """Return section key → new rows for the draft; the same `key` once more gives none."""
        uids = {row.pk: str(uuid.uuid5(uuid.UUID(key), str(row.uid))) for row in self.goals}
        if Goal.objects.filter(version=version, uid__in=uids.values()).exists():
            return {}
        rows = {"goals": self.goal_rows(version, uids)}
        if actions:
            rows["actions"] = [
                self.incoming("action", row, None, {"goal": uids[row.goal_id], "title": row.title})
                for row in self.actions
            ]
        if indicators:
            names = ("name", "unit", "source", "frequency")
            rows["indicators"] = [
                self.incoming(
                    "indicator",
                    row,
                    None,
                    {"goal": uids[row.goal_id]} | {name: getattr(row, name) for name in names},
                )
                for row in self.indicators
            ]
        return rows

    def goal_rows(self, version, uids):
        """Return the goals; an operational one keeps its strategic goal where the draft has it too."""
        parents, found = self.parents(version), []
        for goal in self.goals:
            values = {"title": goal.title, "description": goal.description}
            values["competences"] = same_competences(version, goal)
            if goal.parent:
                values["parent"] = uids.get(goal.parent_id) or parents.get(goal.parent_id, "")
            level = "strategic" if goal.level == Goal.Level.STRATEGIC else "operational"
            found.append(self.incoming(level, goal, uids[goal.pk], values))
        return found

    def incoming(self, row_set, row, uid, values):
        return Incoming(row_set, uid or str(uuid.uuid4()), str(row), True, values)

    def parents(self, version):
        """Return the strategic goals of the draft that have the names of those borrowed from."""
        own = Goal.objects.filter(version=version, level=Goal.Level.STRATEGIC)
        named = {folded(goal.title): str(goal.uid) for goal in own}
        above = [goal.parent for goal in self.goals if goal.parent]
        return {goal.pk: named.get(folded(goal.title), "") for goal in above}


def same_competences(version, goal):
    """Return the keys of this edition's competences that have the names of the goal's."""
    chosen = version.plan.participation.edition.setup.competence_set
    names = [competence.label for competence in goal.competences.all()]
    same = KeyCompetence.objects.filter(competence_set=chosen, label__in=names)
    return [str(pk) for pk in same.values_list("pk", flat=True)]
