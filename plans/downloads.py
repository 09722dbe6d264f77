"""The forms in which a version is handed out, what each is for, and the making of its file.

Which version a person may read is `PlanVersion.visible_to`; here is only which forms of it there are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plans.facts import unit_name
from plans.models import PlanVersion
from portal.exports import XLSX
from portal.spelling import folded

OFFICE = "application/vnd.openxmlformats-officedocument"


# The libraries take memory and time to load, so a process loads what it is asked for.


def pdf_of(version):
    """Return the stored PDF, which is made when the plan is sent, or nothing while it is being made.

    A draft changes all the time: its PDF is made anew for each reader, as the other forms are.
    """
    if version.status in PlanVersion.UNSENT:
        from plans.documents.pdf import plan_pdf

        return plan_pdf(version)
    if not version.document:
        return None
    with version.document.open() as stored:
        return stored.read()


def text_of(version):
    from plans.documents.docx import plan_docx

    return plan_docx(version)


def sheets_of(version):
    from plans.documents.sheets import plan_xlsx

    return plan_xlsx(version)


def slides_of(version):
    from plans.documents.slides import plan_pptx

    return plan_pptx(version)


@dataclass(frozen=True)
class Form:
    """One form of a file. `for_all`: also for those who read the plan only because it is published."""

    slug: str
    title: str | Promise
    purpose: str | Promise
    content_type: str
    make: Callable
    for_all: bool = True


FORMS = {
    form.slug: form
    for form in (
        Form(
            "pdf",
            _("PDF"),
            _("to read, print, attach to a letter and keep; works with a screen reader"),
            "application/pdf",
            pdf_of,
        ),
        Form(
            "docx",
            _("Text document (DOCX)"),
            _("to work on the text in a word processor or to take parts of it into another document"),
            f"{OFFICE}.wordprocessingml.document",
            text_of,
        ),
        Form(
            "xlsx",
            _("Spreadsheet (XLSX)"),
            _("to count: goals, actions with their costs by year, budget, indicators and schools"),
            XLSX,
            sheets_of,
        ),
        Form(
            "pptx",
            _("Slides for the council (PPTX)"),
            _("to show the plan at a session of the council; the whole texts are in the speaker's notes"),
            f"{OFFICE}.presentationml.presentation",
            slides_of,
            for_all=False,
        ),
    )
}


def forms_for(*, follows):
    """Return the forms in which a version is handed out to a person who `follows` the plan or does not."""
    return [form for form in FORMS.values() if follows or form.for_all]


MAX_KEPT = 16
kept = {}


def made(form, version):
    """Return the file as bytes, or nothing while it is being made; that of a sent version is kept a while."""
    if not version.sha256 or form.make is pdf_of:
        return form.make(version)
    key = (form.slug, version.pk, version.sha256, version.status)
    if key not in kept:
        if len(kept) >= MAX_KEPT:
            kept.clear()
        kept[key] = form.make(version)
    return kept[key]


def file_names(form, version):
    """Return the name of the file twice: in plain letters for old programs, and as people write it."""
    unit = unit_name(version.plan.jst.kind, version.plan.jst.name)
    name = gettext("Plan, %(unit)s, version %(version)s") % {"unit": unit, "version": version.number}
    if version.status in PlanVersion.UNSENT:
        name = f"{name}, " + gettext("draft, not sent")
    return f"{slugify(folded(name))[:100]}.{form.slug}", f"{name}.{form.slug}"
