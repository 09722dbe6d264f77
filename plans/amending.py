"""The light review of an amendment: of a plan that is in force already, only what changes is judged.

Everything that asks how many reviews a version needs, or which parts of it are judged, asks here.
"""

from django.db.models import Case, Exists, F, OuterRef, When

from plans.models import PlanVersion
from plans.sections import sections_of
from portal.memory import once


def is_amendment(version):
    """Whether an earlier version was accepted, so that this one changes a plan in force.

    Where a page has asked already, it is `version.amends`.
    """
    if version.number == 1:
        return False
    if hasattr(version, "amends"):
        return version.amends
    earlier = version.plan.versions.filter(number__lt=version.number, status=PlanVersion.Status.ACCEPTED)
    return once(("plans.is_amendment", version.pk), earlier.exists)


def accepted_before(path=""):
    """The accepted versions before an outer one; `path` leads to it from the outer row."""
    return PlanVersion.objects.filter(
        plan=OuterRef(f"{path}plan"),
        number__lt=OuterRef(f"{path}number"),
        status=PlanVersion.Status.ACCEPTED,
    )


def reviews_needed(version):
    """Return how many reviews ORE waits for; an amendment may need none."""
    setup = version.plan.participation.edition.setup
    return setup.amendment_reviews if is_amendment(version) else setup.reviews_needed


def needed_in_rows(path=""):
    """What `reviews_needed` says, as an expression; `path` leads from the row to the version."""
    setup = f"{path}plan__participation__edition__setup"
    return Case(
        When(Exists(accepted_before(path)), then=F(f"{setup}__amendment_reviews")),
        default=F(f"{setup}__reviews_needed"),
    )


def judged_sections(version):
    """Return the sections that a review judges: of an amendment those that were changed, else all."""
    sections = sections_of(version.plan)
    if version.comparison is None or not is_amendment(version):
        return sections
    changed = {change["section"] for change in version.comparison}
    return [section for section in sections if section.key in changed]


def judged_criteria(version, criteria):
    """Return the criteria that a review must answer: of an amendment those that a changed section serves."""
    if version.comparison is None or not is_amendment(version):
        return criteria
    served = {section.criterion_id for section in judged_sections(version)}
    return [criterion for criterion in criteria if criterion.pk in served]
