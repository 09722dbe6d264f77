"""The form of a plan as staff keep it: a template is published once and never changes, a copy may."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import PlanTemplate, TemplateSection
from plans.sections import STRUCTURES
from portal.workflow import TransitionError

NAME_LENGTH = PlanTemplate._meta.get_field("name").max_length


@transaction.atomic
def publish_template(template):
    """Publish a template: editions may use it, and it never changes again. Twice is once.

    Raises TransitionError where it has no sections or rows of a kind that the portal does not know.
    """
    sections = list(template.sections.all())
    if not sections:
        raise TransitionError(_("Add sections first."))
    for section in sections:
        if section.kind == TemplateSection.Kind.STRUCTURED and section.key not in STRUCTURES:
            raise TransitionError(_("The portal knows no rows under the key “%s”.") % section.key)
    PlanTemplate.objects.filter(pk=template.pk, published_at=None).update(published_at=timezone.now())


@transaction.atomic
def copy_template(template):
    """Return a copy of a template with all its sections, not published, under a name of its own."""
    copy = PlanTemplate.objects.create(name=free_name(template.name), is_sample=template.is_sample)
    sections = list(template.sections.all())
    for section in sections:
        section.pk, section.template = None, copy
    TemplateSection.objects.bulk_create(sections)
    return copy


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
