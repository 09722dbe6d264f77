"""What tests of the writing pages share: the form a browser would post, and addresses."""

import uuid

from lxml import html

from plans.content import Content
from plans.differences import GONE, NEW
from plans.models import PlanVersion


def form_of(response):
    """Return what a browser would post from the section's form: every control with its value."""
    (form, *_others) = html.fromstring(response.content).xpath("//form[@data-autosave]")
    return {name: values for name, values in fields_of(form).items() if name != "csrfmiddlewaretoken"}


def fields_of(form):
    """Return what a browser would post from a form, by name; its pattern of a new row is no part of it."""
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    for area in form.iter("textarea"):
        # The line break that the form writes first is not the text's.
        area.text = (area.text or "").removeprefix("\n")
    fields = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return fields


def address(version, key):
    return f"/plany/{version.plan_id}/sekcje/{key}/"


def posted(**fields):
    return {"revision": "0", "request_key": uuid.uuid4().hex} | fields


def version_digest(version):
    return Content(PlanVersion.objects.get(pk=version.pk)).sha256()


def both_texts(pieces):
    """Return the text before and the text after, which the pieces of a difference give."""
    return tuple("".join(text for kind, text in pieces if kind != left) for left in (NEW, GONE))
