"""The PDF of a version: tagged for screen readers (PDF/UA-1), the same bytes for the same version.

The page is drawn by templates/documents/plan.typ; here is only what it says. Another way of making PDFs
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
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plans.facts import accepted_at, places, unit_name, years
from plans.outline import outline
from portal.text import blocks

TEMPLATE = settings.BASE_DIR / "templates" / "documents" / "plan.typ"
FACES = ("Regular", "It", "Semibold", "Bold")

# A row with more columns needs a page on its side; a few such rows read better as cards.
MOST_COLUMNS = 5
MOST_CARDS = 3

# How much of the width a column takes beside the others: 2 unless named here, 0 what its words need.
WIDTHS = {
    "title": 3,
    "name": 3,
    "description": 4,
    "conclusions": 5,
    "response": 4,
    "schools": 3,
    "area": 2.4,
    "responsible": 1.8,
    "school": 3,
    "starts": 0,
    "ends": 0,
    "held_on": 0,
    "year": 0,
    "amount": 0,
    "unit": 1.2,
    "base": 1,
    "target": 1,
    "target_year": 1.1,
    "frequency": 1.4,
    "likelihood": 1,
    "impact": 1,
}
NUMBERS = {"amount", "base", "target"}

# A row of shorter cells is not broken between pages; a longer one must be, or it would leave the page.
SHORT_CELL = 500

# Signs that the faces of the document have; PDF/UA refuses a document with any other.
NOT_SHOWN = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u02ff\u0370-\u0377\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u04ff\u1e00-\u1eff"
    "\u2000-\u200b\u2010-\u2027\u202f-\u2040\u2044\u2070\u2071\u2074-\u208e\u20a0-\u20bf\u2116\u2122\u2150-\u2184"
    "\u2190-\u23ff\u2460-\u25ff\u2610-\u2612\u2713\u2714\u2717\u2718]"
)
BREAKABLE = re.compile(r"\S{33,}")


def plan_pdf(version):
    """Return the PDF of a sent version as bytes. A draft has none: ValueError."""
    if version.sent_at is None:
        raise ValueError("Only a version that was sent becomes a document.")
    with translation.override(settings.LANGUAGE_CODE):
        accepted = accepted_at(version)
        data = showable(contents(version, accepted))
    with TemporaryDirectory(prefix="faces-") as folder:
        return typst.compile(
            str(TEMPLATE),
            sys_inputs={"data": json.dumps(data)},
            font_paths=faces(folder),
            pdf_standards=["ua-1"],
            timestamp=int((accepted or version.sent_at).timestamp()),
        )


def faces(folder):
    """Return the typefaces of the document and no others, so that its bytes do not depend on the machine."""
    for face in FACES:
        name = f"SourceSansPro-{face}.otf"
        os.symlink(Path(font_source_sans_pro.font_directory) / name, Path(folder) / name)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


# --- What the document says -----------------------------------------------------------------------


def contents(version, accepted):
    """Return everything the template shows, in words."""
    plan = version.plan
    unit = unit_name(plan.jst.kind, plan.jst.name)
    span = years(plan.year_from, plan.year_to)
    number = _("version %(version)s") % {"version": version.number}
    return {
        "title": plan.title.strip() or unit,
        "unit": unit,
        "place": ", ".join(places(plan.jst)),
        "over": _("Plan of the local government for %(years)s") % {"years": span},
        "description": f"{unit}, {number}, {version.register_number}",
        "facts": facts(version, accepted),
        "publisher": _("Portal JST of the Centre for Education Development (ORE)"),
        "contents": _("Contents"),
        "nothing": _("Nothing is written here."),
        "page": _("Page {page} of {pages}"),
        "footer": " · ".join(
            [unit, number, version.register_number, day(version.sent_at), f"SHA-256 {version.sha256[:12]}…"]
        ),
        "parts": [section(part) for part in outline(version)],
    }


def day(moment):
    return date_format(timezone.localtime(moment, timezone.get_default_timezone()), "DATE_FORMAT")


def facts(version, accepted):
    """Return the facts of the title page. Its status is told with its day, so that it stays true."""
    plan = version.plan
    found = [
        (_("Status"), status(version, accepted)),
        (_("Scope"), plan.get_scope_display()),
        (_("Years"), years(plan.year_from, plan.year_to)),
        (_("Edition"), plan.participation.edition.name),
        (_("Version"), str(version.number)),
        (_("Number"), version.register_number),
        (_("Digest (SHA-256)"), f"{version.sha256[:32]}\n{version.sha256[32:]}"),
    ]
    return [{"label": label, "blocks": blocks(value)} for label, value in found]


def status(version, accepted):
    sent = _("sent to ORE on %(day)s") % {"day": day(version.sent_at)}
    if accepted is None:
        return sent
    return _("accepted by ORE on %(day)s") % {"day": day(accepted)} + f"\n({sent})"


def section(part):
    tables = [rows(table) for table in part.tables if table.rows]
    return {
        "title": part.title,
        "empty": part.is_empty,
        "text": blocks(part.text),
        "tables": tables,
        "wide": any(table["shape"] == "table" and len(table["columns"]) > MOST_COLUMNS for table in tables),
    }


def rows(table):
    return {
        "title": table.title,
        "shape": shape(table),
        "total": _("Together: %(sum)s zł") % {"sum": table.total} if table.total else "",
        "columns": [
            {"label": capfirst(label), "width": WIDTHS.get(name, 2), "number": name in NUMBERS}
            for name, label in table.columns
        ],
        "rows": [
            {
                "heading": f"{row.number}. {row.label}",
                "whole": all(len(cell.value) < SHORT_CELL for cell in row.cells),
                "cells": [
                    {"label": capfirst(cell.label), "blocks": cell.blocks, "is_name": cell.is_name}
                    for cell in row.cells
                ],
            }
            for row in table.rows
        ],
    }


def shape(table):
    """Return how the rows read best on paper: as a `list`, as a `table` or as `cards`."""
    if len(table.columns) == 1:
        return "list"
    return "cards" if len(table.columns) > MOST_COLUMNS and len(table.rows) <= MOST_CARDS else "table"


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
