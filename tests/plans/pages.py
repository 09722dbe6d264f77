"""What tests of the writing pages share: the form a browser would post, and addresses."""

import uuid

from lxml import html

from plans.content import Content
from plans.models import PlanVersion


def form_of(response):
    """Return what a browser would post from the section's form: every control with its value."""
    form = html.fromstring(response.content).xpath("//form[@data-autosave]")[0]
    for template in form.xpath(".//template"):
        template.getparent().remove(template)
    fields = {}
    for name, value in form.form_values():
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(value)
    return fields


def address(version, key):
    return f"/plany/{version.plan_id}/sekcje/{key}/"


def posted(**fields):
    return {"revision": "0", "request_key": uuid.uuid4().hex} | fields


def version_digest(version):
    return Content(PlanVersion.objects.get(pk=version.pk)).sha256()
