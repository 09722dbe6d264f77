"""Schools to be supported: each once, the unit's own or with a reason, in time, acted for, none forgotten."""

from collections import Counter

from django.utils.translation import gettext as _

from jst.models import SchoolScope
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


def named(case):
    """An action names the schools that take part; that it concerns the whole unit, only its words can say."""
    if not any(row.school_id for row in case.rows(SchoolCommitment)):
        return
    for action in case.rows(Action):
        if not action.schools.all():
            sentence = _(
                "“%s” names no school: choose those that take part. "
                "If it concerns the whole unit, say so in the name of the action."
            )
            yield Finding("actions", sentence % action, action, "schools")


def in_years(case):
    first, last = case.version.year_from, case.version.year_to
    for row in case.rows(SchoolCommitment):
        if row.starts and not first <= row.starts.year <= last:
            sentence = _(
                "The support of “%(school)s” starts outside the years of the plan, %(first)s–%(last)s."
            )
            words = {"school": row, "first": first, "last": last}
            yield Finding("schools", sentence % words, row, "starts")


def promised(case):
    """The schools that the unit has declared (`SchoolScope`) stand in its plan, unless none does yet."""
    if "schools" not in case.keys or case.is_told_empty("schools", SchoolCommitment):
        return
    listed = {row.school_id for row in case.rows(SchoolCommitment)}
    declared = SchoolScope.objects.on(case.day).filter(participation=case.plan.participation_id)
    for scope in declared.exclude(school__in=listed - {None}).select_related("school"):
        sentence = _("“%s” was declared for support and is not in the plan: add it, or let ORE know.")
        yield Finding("schools", sentence % scope.school)
