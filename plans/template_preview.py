"""A form of the plan as the team will see it, before any plan is written by it."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plans.models import Plan, RuleSetting, TemplateSection
from plans.rules.table import RULES
from plans.section_forms import RowForm, TextForm, row_fields
from plans.sections import STRUCTURES, settings_of


@dataclass
class ShownSection:
    """One section with an empty form: a text, or one empty row of each table."""

    section: TemplateSection
    required: bool
    text: TextForm | None
    rows: list


def preview(template, scope):
    """Return what the page of a preview shows; nothing is stored."""
    plan = Plan(template=template, scope=scope)
    settings = settings_of(template)
    sections = template.sections.select_related("criterion")
    words = dict(RuleSetting.Severity.choices)
    return {
        "template": template,
        "scope": scope,
        "scopes": [(value, label, value == scope) for value, label in Plan.Scope.choices],
        "sections": [
            shown(section, plan, settings) for section in sections if scope == "wide" or section.in_narrow
        ],
        "left_out": [section for section in sections if scope == "narrow" and not section.in_narrow],
        "rules": [(rule.name, words[settings.severity(rule)]) for rule in RULES],
    }


def shown(section, plan, settings):
    if section.is_narrative:
        text = TextForm(section=section, prefix=section.key)
        return ShownSection(section, section.is_required(plan.scope), text, [])
    rows = [empty_row(section, row_set, plan, settings) for row_set in STRUCTURES.get(section.key, ())]
    return ShownSection(section, section.is_required(plan.scope), None, rows)


def empty_row(section, row_set, plan, settings):
    """Return an empty row as a form; what it would point to is not there yet."""
    fields = {name: row_set.model._meta.get_field(name) for name in row_set.fields}
    choices = {name: [("", _("chosen from a list"))] for name, field in fields.items() if field.is_relation}
    row = row_set.model(uid=uuid.uuid4(), **row_set.fixed)
    asked = settings.asked(section, row_set, plan)
    return RowForm(
        prefix=f"{row_set.name}-0", row_set=row_set, row=row, fields=row_fields(row_set, choices, asked)
    )
