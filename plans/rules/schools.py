"""Schools to be supported: each once, the unit's own or with a reason, and not left without an action."""

from collections import Counter

from django.utils.translation import gettext as _

from plans.models import Action, SchoolCommitment
from plans.rules.case import Finding


def chosen(case):
    for row in case.rows(SchoolCommitment):
        if row.school_id is None:
            yield Finding("schools", _("Choose the school."), row, "school")


def once(case):
    counts = Counter(row.school_id for row in case.rows(SchoolCommitment) if row.school_id)
    for row in case.rows(SchoolCommitment):
        if counts.get(row.school_id, 0) > 1:
            yield Finding("schools", _("“%s” is listed twice: remove one.") % row, row, "school")


def own(case):
    for row in case.rows(SchoolCommitment):
        is_foreign = row.school_id and row.school.authority_id != case.plan.participation.jst_id
        if is_foreign and not row.reason.strip():
            sentence = _("“%s” is run by another authority: say why it is in your plan.")
            yield Finding("schools", sentence % row, row, "reason")


def acting(case):
    served = {school.pk for action in case.rows(Action) for school in action.schools.all()}
    if not case.rows(Action):
        return
    for row in case.rows(SchoolCommitment):
        if row.school_id and row.pk not in served:
            sentence = _("“%s” takes part in no action: name it at one, or remove it from the list.")
            yield Finding("schools", sentence % row, row)
