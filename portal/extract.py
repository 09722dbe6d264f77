"""Everything the portal keeps about one person: the page “My data” and the extract for a request.

Each app tells what it keeps in its `personal.py`. Other people's data do not belong here: a section names
what the person did and what is kept about the person, never who else was concerned.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime

import font_source_sans_pro
import typst
from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal import conventions
from portal.models import ChainHead, PersonEvent
from portal.workflow import note

TEMPLATE = settings.BASE_DIR / "templates" / "documents" / "personal.typ"


@dataclass(frozen=True)
class Section:
    """Rows of one kind: `columns` are headings, each row has as many values. `why` says what for."""

    title: str
    why: str
    columns: list
    rows: list = field(default_factory=list)

    def in_words(self):
        return [[in_words(value) for value in row] for row in self.rows]

    def labelled_rows(self):
        """Return each row as pairs of heading and words, for tables that become cards on a phone."""
        return [list(zip(self.columns, row, strict=True)) for row in self.in_words()]


def in_words(value):
    """Return a value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)


def sections_about(person):
    """Return what every app keeps about the person, lowest layer first; empty sections are left out."""
    offered = conventions.offered("personal", "sections")
    return [section for sections in offered for section in sections(person) if section.rows]


def archive(person, moment=None):
    """Return (file name, bytes) of a ZIP with the readable PDF and the same as JSON."""
    moment = moment or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        sections = sections_about(person)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
            folder.writestr("dane.pdf", as_pdf(person, sections, moment))
            folder.writestr("dane.json", as_json(person, sections, moment))
    return f"dane-{person.pk}-{timezone.localdate(moment):%Y-%m-%d}.zip", packed.getvalue()


def as_json(person, sections, moment):
    content = {
        "person": person.email,
        "made": timezone.localtime(moment).isoformat(timespec="seconds"),
        "sections": [
            {
                "title": str(section.title),
                "purpose": str(section.why),
                "rows": [
                    dict(zip(map(str, section.columns), map(plain, row), strict=True)) for row in section.rows
                ],
            }
            for section in sections
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def plain(value):
    """Return a value as JSON has it: times in Poland, everything else as text or number."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def as_pdf(person, sections, moment):
    data = {
        "title": _("Data kept about a person"),
        "person": f"{person} ({person.email})",
        "made": in_words(moment),
        "publisher": _("Portal JST of the Centre for Education Development (ORE)"),
        "page": _("Page {page} of {pages}"),
        "sections": [
            {
                "title": str(section.title),
                "why": str(section.why),
                "columns": [str(column) for column in section.columns],
                "rows": section.in_words(),
            }
            for section in sections
        ],
    }
    return typst.compile(
        str(TEMPLATE),
        sys_inputs={"data": json.dumps(data)},
        font_paths=[font_source_sans_pro.font_directory],
        timestamp=int(moment.timestamp()),
    )


def extract(person, *, by):
    """Make the archive and record who asked for it; return (file name, bytes)."""
    with transaction.atomic():
        ChainHead.hold()
        note("portal.person.extract", by=by, about=PersonEvent(person=person))
    return archive(person)
