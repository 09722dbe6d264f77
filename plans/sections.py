"""The sections of a plan: which there are, which are open, and what rows the structured ones hold.

The template (data, edited by staff) says which sections a plan has, in which order and with which words.
The code only knows the shape of each structured key: `STRUCTURES`.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Debate,
    Evidence,
    Goal,
    Plan,
    PlanIndicator,
    PlanVersion,
    RequiredField,
    Risk,
    RuleSetting,
    SchoolCommitment,
    SwotItem,
    TemplateSection,
)
from portal.prepared import prepared_for_all


@dataclass(frozen=True)
class RowSet:
    """Rows of one kind within a section. `name` prefixes their fields in forms and addresses.

    `refers_to` maps a field to the name of the row set whose rows it points to. `alike` are the fields that
    neighbouring rows often share: a new row offers to take them from the row above.
    """

    name: str
    model: type[models.Model]
    title: str | Promise
    one: str | Promise
    fields: tuple
    fixed: dict = field(default_factory=dict, hash=False)
    refers_to: dict = field(default_factory=dict, hash=False)
    extra: int = 1
    can_add: bool = True
    alike: tuple = ()

    def rows(self, version):
        return self.model.objects.filter(version=version, **self.fixed)

    def columns(self):
        """Return (field, label) in the order in which they are read."""
        return [(name, self.model._meta.get_field(name).verbose_name) for name in self.fields]


STRUCTURES = {
    "debate": (
        RowSet(
            "debate",
            Debate,
            _("Education debate and other meetings"),
            _("meeting"),
            ("held_on", "place", "heads", "teachers", "parents", "pupils", "others", "conclusions"),
        ),
    ),
    "swot": (
        RowSet("strength", SwotItem, _("Strengths"), _("strength"), ("body",), {"kind": "s"}),
        RowSet("weakness", SwotItem, _("Weaknesses"), _("weakness"), ("body",), {"kind": "w"}),
        RowSet("opportunity", SwotItem, _("Opportunities"), _("opportunity"), ("body",), {"kind": "o"}),
        RowSet("threat", SwotItem, _("Threats"), _("threat"), ("body",), {"kind": "t"}),
    ),
    "goals": (
        RowSet(
            "strategic",
            Goal,
            _("Strategic goals"),
            _("strategic goal"),
            ("title", "description", "competences"),
            {"level": Goal.Level.STRATEGIC},
        ),
        RowSet(
            "operational",
            Goal,
            _("Operational goals"),
            _("operational goal"),
            ("parent", "title", "description", "competences"),
            {"level": Goal.Level.OPERATIONAL},
            {"parent": "strategic"},
            alike=("parent",),
        ),
    ),
    "schools": (
        RowSet(
            "school",
            SchoolCommitment,
            _("Schools to be supported"),
            _("school"),
            ("school", "reason", "starts", "competences", "area", "provider"),
        ),
    ),
    "actions": (
        RowSet(
            "action",
            Action,
            _("Actions"),
            _("action"),
            ("goal", "title", "responsible", "starts", "ends", "schools"),
            {},
            {"goal": "operational", "schools": "school"},
            alike=("goal", "responsible"),
        ),
        RowSet(
            "cost",
            ActionCost,
            _("Cost of the actions, by year and source"),
            _("cost"),
            ("action", "year", "source", "amount"),
            {},
            {"action": "action"},
            alike=("action", "year", "source"),
        ),
    ),
    "indicators": (
        RowSet(
            "indicator",
            PlanIndicator,
            _("Indicators"),
            _("indicator"),
            ("goal", "name", "unit", "base", "target", "target_year", "source", "frequency"),
            {},
            {"goal": "operational"},
            alike=("goal", "target_year", "source", "frequency"),
        ),
    ),
    "budget": (
        RowSet(
            "budget",
            BudgetLine,
            _("Money for the plan"),
            _("amount"),
            ("year", "source", "amount", "note"),
            alike=("year", "source"),
        ),
    ),
    "risks": (RowSet("risk", Risk, _("Risks"), _("risk"), ("name", "likelihood", "impact", "response")),),
    "evidence": (
        RowSet(
            "evidence",
            Evidence,
            _("Attachments"),
            _("attachment"),
            ("kind", "title", "proves"),
            extra=0,
            can_add=False,
        ),
    ),
}
ROW_SETS = {row_set.name: row_set for row_sets in STRUCTURES.values() for row_set in row_sets}
SECTION_OF_MODEL = {row_set.model: key for key, row_sets in STRUCTURES.items() for row_set in row_sets}


@lru_cache(maxsize=64)
def published_sections(template_id, published_at):
    """Return the sections of a published template: it never changes, so it is read once per process."""
    return tuple(TemplateSection.objects.filter(template=template_id).select_related("criterion"))


def sections_of(plan):
    """Return the template's sections that this plan has, in order; a narrow plan leaves some out."""
    template = plan.template
    if template.published_at:
        sections = published_sections(template.pk, template.published_at)
    else:
        sections = tuple(template.sections.select_related("criterion"))
    if plan.scope == Plan.Scope.NARROW:
        return [section for section in sections if section.in_narrow]
    return list(sections)


def left_out(plan):
    """Return the sections of the form that this plan does not have, because its scope is narrow."""
    if plan.scope != Plan.Scope.NARROW:
        return []
    wide = sections_of(Plan(template=plan.template, scope=Plan.Scope.WIDE))
    return [section for section in wide if not section.in_narrow]


def pairs(old, new):
    """Return [(new section, old section or None)] and the old sections that have no place.

    The same key is the same section; else a text goes to the first section that replaces its own.
    """
    left = {section.key: section for section in old}
    found = {
        section.key: left.pop(section.key)
        for section in new
        if section.key in left and left[section.key].kind == section.kind
    }
    for section in new:
        source = left.get(section.replaces)
        if section.key not in found and source and source.is_narrative and section.is_narrative:
            found[section.key] = left.pop(source.key)
    return [(section, found.get(section.key)) for section in new], list(left.values())


class FormSettings:
    """What a template asks beyond its sections: required columns, and how strict each rule is."""

    def __init__(self, template_id):
        rules = RuleSetting.objects.filter(template=template_id)
        self.severities = dict(rules.values_list("code", "severity"))
        columns = RequiredField.objects.filter(section__template=template_id)
        self.columns = {(one.section_id, one.row_set, one.field): one for one in columns}

    def severity(self, rule):
        return self.severities.get(rule.code, rule.severity)

    def asked(self, section, row_set, plan):
        """Return the columns that a row must have in a plan of that scope."""
        columns = ((name, self.columns.get((section.pk, row_set.name, name))) for name in row_set.fields)
        return [name for name, column in columns if column is not None and column.is_required(plan.scope)]


@lru_cache(maxsize=64)
def published_settings(template_id, published_at):
    """Return the settings of a published template: they never change, so they are read once per process."""
    return FormSettings(template_id)


def settings_of(template):
    """Return what the template asks beyond its sections."""
    if template.published_at:
        return published_settings(template.pk, template.published_at)
    return FormSettings(template.pk)


def section_of(plan, key):
    """Return the plan's section with this key, or None."""
    return next((section for section in sections_of(plan) if section.key == key), None)


def requested_keys(version):
    """Return the keys that the return before this version opens, or None where nothing is locked."""
    if version.number == 1:
        return None
    if "asked_sections" in vars(version):
        asked = version.asked_sections
    else:
        [(asked,)] = prepared_for_all("plans.asked_sections", asked_sections_of, version.pk)
    return None if asked is None else frozenset(asked)


def asked_sections_of(version):
    return PlanVersion.objects.filter(pk=version).with_asked_sections().values_list("asked_sections")


def open_keys(version):
    """Return the keys of the sections that may be written now; locked ones wait for another return."""
    return open_among(version, requested_keys(version) if version.status in PlanVersion.EDITABLE else None)


def open_among(version, requested):
    """Return what `open_keys` does, where the keys that a return opens are known already."""
    if version.status not in PlanVersion.EDITABLE:
        return frozenset()
    keys = frozenset(section.key for section in sections_of(version.plan))
    return keys if requested is None else keys & requested
