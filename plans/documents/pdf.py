"""The PDF of a version: tagged for screen readers (PDF/UA-1), the same bytes for the same sent version.

The page is drawn by templates/documents/plan.typ. Another way of making PDFs
would replace this file and that template, and nothing else.
"""

import json
import os
import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import font_source_sans_pro
import typst
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plans.documents.wording import day, facts, section, status
from plans.facts import accepted_at, places, unit_name, years
from plans.models import PlanVersion
from plans.outline import outline

TEMPLATE = settings.BASE_DIR / "templates" / "documents" / "plan.typ"
FACES = ("Regular", "It", "Semibold", "Bold")

# Signs that the faces of the document have; PDF/UA refuses a document with any other.
NOT_SHOWN = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u02ff\u0370-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2000-\u200b\u2010-\u2027\u202f-\u2040\u2044\u2070\u2071\u2074-\u208e\u20a0-\u20bf\u2116\u2122\u2150-\u2184"
    "\u2190-\u23ff\u2460-\u25ff\u2610-\u2612\u2713\u2714\u2717\u2718]"
)
BREAKABLE = re.compile(r"\S{33,}")


def plan_pdf(version):
    """Return the PDF of a version as bytes; that of a draft says on each page that it is one, and of when."""
    with translation.override(settings.LANGUAGE_CODE):
        accepted = accepted_at(version)
        data = showable(contents(version, accepted))
    with TemporaryDirectory(prefix="faces-") as folder:
        return typst.compile(
            str(TEMPLATE),
            sys_inputs={"data": json.dumps(data)},
            font_paths=faces(folder),
            pdf_standards=["ua-1"],
            timestamp=int((accepted or version.sent_at or timezone.now()).timestamp()),
        )


def faces(folder):
    """Return the typefaces of the document and no others, so that its bytes do not depend on the machine."""
    for face in FACES:
        name = f"SourceSansPro-{face}.otf"
        os.symlink(Path(font_source_sans_pro.font_directory) / name, Path(folder) / name)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


# --- What the document says ----------------------------------------------------------------------


def contents(version, accepted):
    """Return everything the template shows, in words."""
    plan = version.plan
    unit = unit_name(plan.jst.kind, plan.jst.name)
    span = years(version.year_from, version.year_to)
    number = _("version %(version)s") % {"version": version.number}
    if version.status not in PlanVersion.UNSENT:
        sign, digest = version.register_number, f"SHA-256 {version.sha256[:12]}…"
        foot = [unit, number, sign, day(version.sent_at), digest]
    else:
        sign = status(version, accepted)
        foot = [unit, number, sign]
    return {
        "title": version.title.strip() or unit,
        "unit": unit,
        "place": ", ".join(places(plan.jst)),
        "over": _("Plan of the local government for %(years)s") % {"years": span},
        "description": f"{unit}, {number}, {sign}",
        "facts": facts(version, accepted),
        "publisher": _("Portal JST of the Centre for Education Development (ORE)"),
        "contents": _("Contents"),
        "nothing": _("Nothing is written here."),
        "page": _("Page {page} of {pages}"),
        "footer": " · ".join(foot),
        "parts": [section(part) for part in outline(version)],
    }


# --- Signs ----------------------------------------------------------------------------------------


def showable(data):
    """Return the data with every text such that it can be set: unknown signs boxed, long words broken."""
    if isinstance(data, dict):
        return {key: showable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [showable(value) for value in data]
    if isinstance(data, str):
        return BREAKABLE.sub(broken, NOT_SHOWN.sub(replaced, unicodedata.normalize("NFC", data)))
    return data


def replaced(match):
    """Return a space for a break, nothing for a mark on another sign or an unseen one, else a box."""
    category = unicodedata.category(match[0])
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category in {"Cf", "Mn", "Me"} else "□"


def broken(match):
    word = match[0]
    return "\u200b".join(word[start : start + 10] for start in range(0, len(word), 10))
