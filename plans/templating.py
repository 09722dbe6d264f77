"""The form of a plan as staff keep it: a template is published once and never changes, a copy may."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import PlanTemplate, RequiredField, RuleSetting, TemplateSection
from plans.rules.table import BY_CODE
from plans.sections import ROW_SETS, STRUCTURES
from portal.workflow import TransitionError

NAME_LENGTH = PlanTemplate._meta.get_field("name").max_length


def hold_draft(template):
    """Take hold of a template that is to be changed, until the transaction ends.

    Whoever changes a part of a template calls this first: the conditional UPDATE waits for a publication
    that is under way and then refuses. Raises TransitionError where it is published.
    """
    unpublished = PlanTemplate.objects.filter(pk=template.pk, published_at=None)
    if not unpublished.update(published_at=None):
        raise TransitionError(_("A published form never changes. Copy it and change the copy."))


@transaction.atomic
def publish_template(template):
    """Publish a template: editions may use it, and it never changes again. Twice is once.

    Raises TransitionError where it has no sections, or names what the portal does not know.
    """
    unpublished = PlanTemplate.objects.filter(pk=template.pk, published_at=None)
    if not unpublished.update(published_at=timezone.now()):
        return
    if sentences := mistakes(template):
        raise TransitionError(*sentences)


def mistakes(template):
    """Return sentences on what in a template cannot be published."""
    sections = list(template.sections.all())
    if not sections:
        return [_("Add sections first.")]
    sentences = []
    for section in sections:
        if section.is_narrative and section.key in STRUCTURES:
            sentences.append(_("The key “%s” belongs to rows: give the text another key.") % section.key)
        elif not section.is_narrative and section.key not in STRUCTURES:
            sentences.append(_("The portal knows no rows under the key “%s”.") % section.key)
    for column in RequiredField.objects.filter(section__template=template).select_related("section"):
        if not is_known(column):
            sentences.append(_("The section “%(section)s” has no column %(column)s.")
                             % {"section": column.section, "column": column})  # fmt: skip
    for setting in template.rule_settings.all():
        if setting.code not in BY_CODE:
            sentences.append(_("There is no rule “%s”.") % setting.code)
    return sentences


def is_known(column):
    rows = ROW_SETS.get(column.row_set)
    return rows in STRUCTURES.get(column.section.key, ()) and column.field in rows.fields


@transaction.atomic
def copy_template(template):
    """Return a copy of a template, not published, under a name of its own.

    With all its sections, the columns they require and how strict its rules are.
    """
    copy = PlanTemplate.objects.create(
        name=free_name(template.name), is_sample=template.is_sample, changes=template.changes
    )
    sections = {section.pk: section for section in template.sections.all()}
    columns = list(RequiredField.objects.filter(section__in=sections))
    settings = list(template.rule_settings.all())
    for section in sections.values():
        section.pk, section.template = None, copy
    TemplateSection.objects.bulk_create(sections.values())
    for column in columns:
        column.pk, column.section = None, sections[column.section_id]
    RequiredField.objects.bulk_create(columns)
    for setting in settings:
        setting.pk, setting.template = None, copy
    RuleSetting.objects.bulk_create(settings)
    return copy


def earlier_keys():
    """Return (key, title) of the sections of published templates, each key once, the newest title."""
    published = TemplateSection.objects.exclude(template__published_at=None)
    rows = published.order_by("template__published_at", "position").values_list("key", "title")
    return [(key, f"{title} ({key})") for key, title in dict(rows).items()]


def free_name(name):
    """Return the first name of the form „… – copy 1” that no template has."""
    taken = set(PlanTemplate.objects.values_list("name", flat=True))
    number = 1
    while True:
        ending = _(" – copy %d") % number
        candidate = name[: NAME_LENGTH - len(ending)] + ending
        if candidate not in taken:
            return candidate
        number += 1
