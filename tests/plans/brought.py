"""Files that wait to be put into a draft, and the arguments of the addresses that show them."""

import uuid

from django.core.files.base import ContentFile

from plans.models import PlanUpload, StoredFile
from plans.sections import section_of
from plans.transfer.documents import section_document


def arguments_of_files(version, person):
    """Return the arguments of the addresses by which things are brought into the newest version."""
    rows, section = brought(version, person, "x.csv", b"Goal\nCel\n"), brought_section(version, person)
    return {
        "brought": [version.plan_id, rows.uid],
        "brought_section": [version.plan_id, "wizja", section.uid],
        "borrowed": [version.plan_id, version.plan_id, uuid.uuid4()],
    }


def brought(version, person, name, content, **fields):
    """A file that waits to be put into the newest version."""
    stored = StoredFile(name=name, content_type="text/csv", size=5, sha256="0", uploaded_by=person)
    stored.file.save(name, ContentFile(content))
    stored.save()
    words = {"kind": "rows", "stored": stored, "by": person} | fields
    return PlanUpload.objects.create(version=version.plan.latest(), **words)


def brought_section(version, person):
    section = section_of(version.plan, "wizja")
    content = section_document(version.plan.latest(), section, body="Tekst", revision=0)
    return brought(version, person, "x.docx", content, kind="section", section="wizja")
