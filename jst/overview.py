"""All projects together: targets beside what is reached, by stage and by call."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F

from jst.figures import values_by_project
from jst.models import Competition, Project, Target

# The figures of the overview; the others stand on the pages of editions.
SHOWN = ("units", "people", "schools", "plans_accepted")


@dataclass
class Cell:
    """One figure of one line: what is reached and what was to be; None where nobody said."""

    value: int = 0
    target: int | None = None
    women: int | None = None
    men: int | None = None
    is_sample: bool = False

    @property
    def percent(self):
        return self.value * 100 // self.target if self.target else None


@dataclass
class Line:
    """A project, or a sum of projects: money and one cell for each figure shown."""

    project: Project | None
    budget: object
    cells: list

    @property
    def samples(self):
        """Whether none, some or all of the targets are samples: 0, 1, 2."""
        given = [cell.is_sample for cell in self.cells if cell.target is not None]
        return any(given) + (all(given) and any(given))


@dataclass
class Call:
    """The projects of one call, or of a stage without calls."""

    competition: Competition | None
    lines: list = field(default_factory=list)

    @property
    def total(self):
        return total(self.lines)


@dataclass
class Stage:
    name: str
    calls: list

    @property
    def lines(self):
        return [line for call in self.calls for line in call.lines]

    @property
    def total(self):
        return total(self.lines)

    @property
    def allocation(self):
        sums = [call.competition.allocation for call in self.calls if call.competition]
        return sum(amount for amount in sums if amount) or None


def stages(day):
    """Return the stages that have projects, each with its calls and projects in the order of time.

    A project whose editions are over is shown as of their last day, so that what it reached stays.
    """
    calls = {}
    rows = Project.objects.select_related("competition").prefetch_related("editions")
    projects = list(rows.order_by("competition__projects_since", "since", "number"))
    values = values_by_project({project.pk: day_of(project, day) for project in projects})
    targets = targets_by_project()
    for project in projects:
        call = calls.setdefault((project.stage, project.competition_id), Call(project.competition))
        call.lines.append(line(project, values[project.pk], targets[project.pk]))
    return [
        Stage(label, found)
        for stage, label in Project.Stage.choices
        if (found := [call for (at, _call), call in calls.items() if at == stage])
    ]


def day_of(project, day):
    """Return the day, or the last day of the project's editions where they are over by then."""
    ends = [edition.until for edition in project.editions.all()]
    return min(day, max(ends) - timedelta(days=1)) if ends else day


def targets_by_project():
    """Return {project: {code: Cell}}: the project's own targets, else the sum of those of its editions."""
    found, summed = defaultdict(dict), defaultdict(lambda: defaultdict(Cell))
    for target in Target.objects.annotate(of_project=F("edition__project")):
        if target.project_id:
            found[target.project_id][target.indicator] = add(Cell(), target)
        else:
            add(summed[target.of_project][target.indicator], target)
    for project, cells in summed.items():
        found[project] = dict(cells) | found[project]
    return found


def add(cell, other):
    """Add a target, or another cell, to a cell; what nobody said stays unsaid."""
    amount = other.value if isinstance(other, Target) else other.target
    if amount is not None:
        cell.target = (cell.target or 0) + amount
    for name in ("women", "men"):
        if (part := getattr(other, name)) is not None:
            setattr(cell, name, (getattr(cell, name) or 0) + part)
    cell.is_sample = cell.is_sample or other.is_sample
    return cell


def line(project, values, targets):
    cells = [targets.get(code, Cell()) for code in SHOWN]
    for code, cell in zip(SHOWN, cells, strict=True):
        cell.value = values[code]
    return Line(project, project.budget, cells)


def total(lines):
    """Return the sum of lines, figure by figure; women and men only where every line says them."""
    cells = [Cell() for _code in SHOWN]
    for one in lines:
        for cell, other in zip(cells, one.cells, strict=True):
            cell.value += other.value
            add(cell, other)
    for cell, column in zip(cells, zip(*(one.cells for one in lines), strict=True), strict=True):
        if any(other.women is None for other in column):
            cell.women = cell.men = None
    budgets = [one.budget for one in lines if one.budget is not None]
    return Line(None, sum(budgets) if budgets else None, cells)
