"""A list of reviews to assign, from a spreadsheet: which plan, which expert, and why a row cannot be used.

A plan is named by its number (PS/2026/0001) or by the code of its unit, an expert by e-mail.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jst.imports.reading import read_table
from jst.imports.report import Refused
from jst.models import Expert
from plans.assigning_many import barred
from plans.models import PlanVersion, Review
from plans.queue import WAITING
from portal.models.user import normal_email

LIMIT = 2 * 1024 * 1024
MOST_ROWS = 2_000
PLAN_COLUMNS = ("numer_planu", "numer", "kod_jst", "kod_jednostki", "kod", "jst")
EXPERT_COLUMNS = ("e_mail", "email", "e_mail_eksperta", "adres_e_mail", "ekspert")


@dataclass
class Line:
    """One row of the file: what it says, what it means, and the reason why it cannot be used."""

    number: int
    plan: str
    email: str
    version: PlanVersion | None = None
    expert: Expert | None = None
    refusal: str = ""


def lines_of(path, edition):
    """Return the rows of a file as lines; raises Refused where the file as a whole cannot be read."""
    table = read_table(path, LIMIT)
    plan_column = next((name for name in PLAN_COLUMNS if name in table.columns), None)
    expert_column = next((name for name in EXPERT_COLUMNS if name in table.columns), None)
    if plan_column is None or expert_column is None:
        raise Refused(
            _("The first row must name the columns: the plan’s number or the unit’s code, and the e-mail.")
        )
    lines = []
    for number, cells in table.rows:
        if len(lines) >= MOST_ROWS:
            raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
        lines.append(Line(number, cells.get(plan_column, ""), normal_email(cells.get(expert_column, ""))))
    if not lines:
        raise Refused(_("The file has no rows."))
    understand(lines, edition)
    return lines


def understand(lines, edition):
    """Find the plan and the expert of each line, and what stands against it, in few queries."""
    versions = PlanVersion.objects.filter(
        status__in=WAITING, plan__participation__edition=edition
    ).select_related("plan__participation__jst", "plan__participation__edition__setup")
    named = {}
    for version in versions.defer("comparison"):
        named[version.register_number] = named[version.plan.participation.jst.code] = version
    emails = {line.email for line in lines}
    experts = Expert.objects.today().filter(person__email__in=emails).select_related("person")
    experts = {expert.person.email: expert for expert in experts}
    found = {named[line.plan].pk: named[line.plan] for line in lines if line.plan in named}
    refused = barred(found.values())
    asked = set(Review.objects.filter(version__in=found).values_list("version", "expert"))
    for line in lines:
        line.version, line.expert = named.get(line.plan), experts.get(line.email)
        line.refusal = refusal_of(line, refused, asked)
        if line.version and line.expert:
            asked.add((line.version.pk, line.expert.pk))


def refusal_of(line, refused, asked):
    """Return why a line cannot be used, in one sentence; empty where it can."""
    if line.version is None:
        return _("No plan of this edition that waits for a review has this number or code.")
    if line.expert is None:
        return _("No expert of the programme has this e-mail address today.")
    if (line.expert.pk, line.version.plan.participation.jst_id) in refused:
        return _("There is a conflict of interest: caretaker, team, declaration or operator.")
    if (line.version.pk, line.expert.pk) in asked:
        return _("This expert has already been asked, or stands twice in the file.")
    return ""
