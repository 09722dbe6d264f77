"""What is still missing before an application can be sent. Data, not errors: a draft may be saved anyhow.

A check takes an application and gives `Problem`s: the part where it is, and what to do about it.
"""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jst.models import Application, Jst
from portal.text import word_count

UNIT, SCHOOLS, PEOPLE, REASONS = "jednostka", "szkoly", "osoby", "uzasadnienie"
PARTS = {
    UNIT: gettext_lazy("The unit"),
    SCHOOLS: gettext_lazy("Schools"),
    PEOPLE: gettext_lazy("People of the team"),
    REASONS: gettext_lazy("Reasons, contact and statement"),
}
REASONS_LIMIT = 500


@dataclass(frozen=True)
class Problem:
    """One thing to mend: in which part, what to do, and at which control."""

    part: str
    sentence: str
    control: str = ""


def problems(application):
    """Return the list of problems, in the order of the parts."""
    order = list(PARTS)
    found = [problem for check in CHECKS for problem in check(application)]
    return sorted(found, key=lambda problem: order.index(problem.part))


def unit_is_chosen(application):
    unit = application.jst
    if unit is None:
        yield Problem(UNIT, _("Choose the unit that applies."))
        return
    if unit.abolished_on or unit.kind == Jst.Kind.W:
        yield Problem(UNIT, _("This unit cannot apply: choose a gmina or a county of today's register."))
    others = Application.objects.filter(call=application.call_id, jst=unit, status__in=Application.STANDING)
    if others.exclude(pk=application.pk).exists():
        yield Problem(
            UNIT, _("An application of this unit was sent already. Ask in your office who sent it.")
        )


def schools_are_declared(application):
    call = application.call
    schools = [row.school for row in application.schools.select_related("school")]
    if len(schools) < call.schools_min:
        sentence = ngettext("Declare at least %d school.", "Declare at least %d schools.", call.schools_min)
        yield Problem(SCHOOLS, sentence % call.schools_min)
    if call.schools_max is not None and len(schools) > call.schools_max:
        sentence = ngettext(
            "Declare at most %(limit)d school. Now there are %(now)d.",
            "Declare at most %(limit)d schools. Now there are %(now)d.",
            call.schools_max,
        )
        yield Problem(SCHOOLS, sentence % {"limit": call.schools_max, "now": len(schools)})
    for school in schools:
        if school.authority_id != application.jst_id or school.closed_on or school.absent_since:
            yield Problem(
                SCHOOLS,
                _("“%s” is closed or run by another authority: unmark it.") % school,
                f"rspo-{school.rspo}",
            )


def people_are_declared(application):
    call, people = application.call, list(application.people.all())
    if len(people) < call.people_min:
        sentence = ngettext("Declare at least %d person.", "Declare at least %d people.", call.people_min)
        yield Problem(PEOPLE, sentence % call.people_min)
    if len(people) > call.people_max:
        sentence = ngettext("Declare at most %d person.", "Declare at most %d people.", call.people_max)
        yield Problem(PEOPLE, sentence % call.people_max)
    if people and not any(person.is_lead for person in people):
        yield Problem(PEOPLE, _("Mark at least one person as the lead of the team."))
    emails = Counter(person.email for person in people if person.email)
    for place, person in enumerate(people):
        if not (person.first_name.strip() and person.last_name.strip()):
            yield Problem(
                PEOPLE,
                _("Give the first and the last name: person %d.") % (place + 1),
                f"id_form-{place}-first_name",
            )
        if not person.email:
            yield Problem(PEOPLE, _("Give the e-mail address: %s.") % person, f"id_form-{place}-email")
        elif emails[person.email] > 1:
            yield Problem(
                PEOPLE,
                _("%s is given twice: each person has an own address.") % person.email,
                f"id_form-{place}-email",
            )
        if not person.role_kind:
            yield Problem(PEOPLE, _("Choose the kind of role: %s.") % person, f"id_form-{place}-role_kind")


def reasons_are_given(application):
    words = word_count(application.reasons)
    if not words:
        yield Problem(REASONS, _("Write why the unit wants to take part."), "id_reasons")
    elif words > REASONS_LIMIT:
        yield Problem(
            REASONS,
            _("Shorten the reasons: they have %(words)d words, the limit is %(limit)d.")
            % {"words": words, "limit": REASONS_LIMIT},
            "id_reasons",
        )
    if not application.contact_name.strip():
        yield Problem(REASONS, _("Give the name of the contact person."), "id_contact_name")
    if not application.contact_email:
        yield Problem(REASONS, _("Give the e-mail address of the contact person."), "id_contact_email")
    if not application.statement:
        yield Problem(REASONS, _("Mark the statement that the unit meets the conditions."), "id_statement")


CHECKS = [unit_is_chosen, schools_are_declared, people_are_declared, reasons_are_given]
