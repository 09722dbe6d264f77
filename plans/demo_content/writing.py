"""Writes a plan given as plain data into the rows of a draft."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Goal,
    KeyCompetence,
    PlanIndicator,
    Risk,
    SchoolCommitment,
    SectionState,
    SwotItem,
    Text,
)

# Short names of competences in the data → how each official set calls them.
POWER = {
    "mat": "matematyczno-przyrodnicze",
    "eks": "nauczanie eksperymentalne",
    "jez": "języki obce",
    "ict": "ICT",
    "kre": "kreatywność",
    "inn": "innowacyjność",
    "zes": "praca zespołowa",
    "ind": "metody zindywidualizowanego podejścia do ucznia",
}
MATHEMATICS = (
    "kompetencje matematyczne oraz kompetencje w zakresie nauk przyrodniczych, technologii i inżynierii"
)
EU_2018 = {
    "mat": MATHEMATICS,
    "eks": MATHEMATICS,
    "jez": "kompetencje w zakresie wielojęzyczności",
    "ict": "kompetencje cyfrowe",
    "kre": "kompetencje w zakresie świadomości i ekspresji kulturalnej",
    "inn": "kompetencje w zakresie przedsiębiorczości",
    "zes": "kompetencje obywatelskie",
    "ind": "kompetencje osobiste, społeczne i w zakresie umiejętności uczenia się",
    "czy": "kompetencje w zakresie rozumienia i tworzenia informacji",
    "oby": "kompetencje obywatelskie",
}
LABELS = {KeyCompetence.Set.POWER: POWER, KeyCompetence.Set.EU_2018: EU_2018}
ROUND = 100


class Writer:
    """Writes one plan into one draft; `only` names the sections to write, None all of them."""

    def __init__(self, version, spec, *, uid, until, competences, only=None):
        self.version, self.spec, self.uid, self.until = version, spec, uid, until
        self.plan = version.plan
        self.competences = competences
        self.only = only
        self.links = []

    def write(self):
        self.write_texts()
        self.write_debates()
        self.write_swot()
        schools = self.write_schools()
        goals = self.write_goals()
        actions = self.write_actions(goals, schools)
        costs = self.write_costs(actions)
        self.write_indicators(goals)
        self.write_budget(costs)
        self.write_risks()

    def wanted(self, key):
        return self.only is None or key in self.only

    def row(self, model, position, **fields):
        return model(version=self.version, uid=self.uid(), position=position, **fields)

    def day(self, when, *, last=False):
        """Return the first or the last day of [year of the plan, month]."""
        year, month = self.version.year_from + when[0] - 1, when[1]
        return date(year, month, monthrange(year, month)[1] if last else 1)

    def link(self, rows, field, targets_of):
        """Store many-to-many links of new rows in one statement."""
        through = getattr(type(rows[0]), field).through if rows else None
        if through is None:
            return
        field = type(rows[0])._meta.get_field(field)
        source, target = field.m2m_column_name(), field.m2m_reverse_name()
        through.objects.bulk_create(
            through(**{source: row.pk, target: other.pk}) for row in rows for other in targets_of(row)
        )

    def known(self, codes):
        """Return the competences of the edition's set with these short names, each once."""
        return list({self.competences[code].pk: self.competences[code] for code in codes}.values())

    def write_texts(self):
        texts = list(Text.objects.filter(version=self.version))
        for text in texts:
            text.uid = self.uid()
            if self.wanted(text.key):
                text.body = self.spec["texts"].get(text.key, "")
        Text.objects.bulk_update(texts, ["uid", "body"])

    def write_debates(self):
        if self.wanted("debate"):
            names = ("place", "teachers", "parents", "pupils", "others", "conclusions")
            schools = SchoolCommitment.objects.filter(version=self.version).count()
            Debate.objects.bulk_create(
                self.row(
                    Debate,
                    position,
                    held_on=school_day(self.until, debate["months_before"], debate["day"]),
                    heads=min(debate["heads"], schools),
                    **{name: debate[name] for name in names},
                )
                for position, debate in enumerate(self.spec["debate"])
            )

    def write_swot(self):
        if self.plan.scope == "wide" and self.wanted("swot"):
            items = [(kind, body) for kind in "swot" for body in self.spec["swot"][kind]]
            SwotItem.objects.bulk_create(
                self.row(SwotItem, position, kind=kind, body=body)
                for position, (kind, body) in enumerate(items)
            )

    def write_schools(self):
        """Fill in the schools in scope, those of each kind taking turns in the support meant for them."""
        rows = list(SchoolCommitment.objects.filter(version=self.version).select_related("school"))
        turns, support = Counter(), {}
        for row in rows:
            row.uid = self.uid()
            if self.wanted("schools"):
                kind = row.school.kind
                fitting = [one for one in self.spec["schools"] if one["kind"] in (kind, "*")]
                fitting = [one for one in fitting if one["kind"] == kind] or fitting or self.spec["schools"]
                support[row.pk] = one = fitting[turns[kind] % len(fitting)]
                turns[kind] += 1
                row.starts, row.area, row.provider = self.day(one["starts"]), one["area"], one["provider"]
        SchoolCommitment.objects.bulk_update(rows, ["uid", "starts", "area", "provider"])
        if support:
            self.link(rows, "competences", lambda row: self.known(support[row.pk]["competences"]))
        return rows

    def write_goals(self):
        """Write both levels of goals; return pairs of an operational goal's data and its row."""
        if not self.wanted("goals"):
            return []
        strategic = [
            (one, self.goal("strategic", place, one)) for place, one in enumerate(self.spec["goals"])
        ]
        Goal.objects.bulk_create(row for _one, row in strategic)
        parts = [(part, row) for one, row in strategic for part in one["operational"]]
        operational = [
            (part, self.goal("operational", place, part, parent=parent))
            for place, (part, parent) in enumerate(parts)
        ]
        Goal.objects.bulk_create(row for _part, row in operational)
        codes = {row.pk: one["competences"] for one, row in [*strategic, *operational]}
        rows = [row for _one, row in [*strategic, *operational]]
        self.link(rows, "competences", lambda row: self.known(codes[row.pk]))
        return operational

    def goal(self, level, place, data, parent=None):
        return self.row(
            Goal,
            place,
            level=level,
            parent=parent,
            title=data["title"],
            description=data["description"],
        )

    def write_actions(self, goals, schools):
        """Return (data, row, how many schools take part) of each action."""
        if not self.wanted("actions"):
            return []
        pairs = [(action, goal) for part, goal in goals for action in part["actions"]]
        rows = [
            self.row(
                Action,
                place,
                goal=goal,
                title=action["title"],
                responsible=action["responsible"],
                starts=self.day(months(action["from"])),
                ends=self.day(months(action["to"]), last=True),
            )
            for place, (action, goal) in enumerate(pairs)
        ]
        Action.objects.bulk_create(rows)
        taking = {}
        for row, (action, _goal) in zip(rows, pairs, strict=True):
            fitting = [one for one in schools if action["schools"] in ("all", one.school.kind)]
            taking[row.pk] = fitting or schools
        # Every school takes part in something: those left over in what is done last.
        idle = {one.pk for one in schools} - {one.pk for row in rows for one in taking[row.pk]}
        taking[rows[-1].pk] = [*taking[rows[-1].pk], *(one for one in schools if one.pk in idle)]
        self.link(rows, "schools", lambda row: taking[row.pk])
        return [(action, row, len(taking[row.pk])) for row, (action, _goal) in zip(rows, pairs, strict=True)]

    def write_costs(self, actions):
        costs = [
            self.row(ActionCost, 0, action=row, year=year, source=source, amount=amount)
            for action, row, schools in actions
            for year, source, amount in self.costs(action, row, schools)
        ]
        for position, cost in enumerate(costs):
            cost.position = position
        ActionCost.objects.bulk_create(costs)
        return costs

    def costs(self, action, row, schools):
        """Yield (year, source, amount): as written, or what a year costs in all or in each school."""
        for year, source, amount in action.get("costs", ()):
            yield self.version.year_from + year - 1, source, Decimal(amount)
        if "yearly" not in action:
            return
        yearly = action["yearly"] * (schools if action["per"] == "school" else 1)
        for year in range(row.starts.year, row.ends.year + 1):
            first = row.starts.month if year == row.starts.year else 1
            last = row.ends.month if year == row.ends.year else 12
            for source, share in action["sources"].items():
                amount = yearly * share * (last - first + 1) / 12 / 100
                yield year, source, Decimal(max(ROUND, round(amount / ROUND) * ROUND))

    def write_indicators(self, goals):
        if not self.wanted("indicators"):
            return
        pairs = [(indicator, goal) for part, goal in goals for indicator in part["indicators"]]
        last = self.version.year_to
        PlanIndicator.objects.bulk_create(
            self.row(
                PlanIndicator,
                place,
                goal=goal,
                **{name: one[name] for name in ("name", "unit", "source", "frequency")},
                base=Decimal(str(one["base"])),
                target=Decimal(str(one["target"])),
                target_year=min(self.version.year_from + one["year"] - 1, last),
            )
            for place, (one, goal) in enumerate(pairs)
        )

    def write_budget(self, costs):
        """Secure what the actions cost."""
        if not self.wanted("budget"):
            return
        sums = Counter()
        for cost in costs:
            sums[cost.year, cost.source] += cost.amount
        order = {source: place for place, source in enumerate(("own", "state", "eu", "other"))}
        lines = sorted(sums.items(), key=lambda item: (item[0][0], order[item[0][1]]))
        BudgetLine.objects.bulk_create(
            self.row(
                BudgetLine,
                place,
                year=year,
                source=source,
                amount=amount,
                note=self.spec["budget_notes"].get(source, ""),
            )
            for place, ((year, source), amount) in enumerate(lines)
        )

    def write_risks(self):
        if self.plan.scope == "wide" and self.wanted("risks"):
            names = ("name", "likelihood", "impact", "response")
            Risk.objects.bulk_create(
                self.row(Risk, place, **{name: risk[name] for name in names})
                for place, risk in enumerate(self.spec["risks"])
            )


def months(when):
    """Return [year of the plan, month] from a list or from text like "1-09"."""
    return [int(part) for part in when.split("-")] if isinstance(when, str) else when


def school_day(until, months_before, day):
    """Return a day so many months before `until`, never on a weekend or in the summer holidays."""
    month = until.year * 12 + until.month - 1 - months_before
    year, month = divmod(month, 12)
    if month + 1 in (7, 8):
        month = 5
    found = date(year, month + 1, day)
    while found.weekday() > 4:
        found -= timedelta(days=1)
    return found


def competences_of(competence_set):
    """Return the competences of a set by their short names in the data."""
    stored = {one.label: one for one in KeyCompetence.objects.filter(competence_set=competence_set)}
    return {code: stored[label] for code, label in LABELS[competence_set].items()}


def mark_states(version, *, by, at, done=True, only=None):
    """Let the sections look written (`only` names them, None all): by whom, when, and whether ready."""
    states = SectionState.objects.filter(version=version)
    if only is not None:
        states = states.filter(key__in=only)
    states.update(filled=True, done=done, revision=1, changed_at=at, changed_by=by)
