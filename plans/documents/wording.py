"""What every document of a version says, in words: its facts, its sections, the shape of its tables.

The PDF and the text document are both made of this, and this of the outline, so they cannot disagree.
"""

import re

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plans.facts import years
from plans.models import PlanVersion
from portal.text import blocks

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

# What no XML file may hold, and so no office file: control signs, halves of signs, two signs that are none.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# A row of shorter cells is not broken between pages; a longer one must be, or it would leave the page.
SHORT_CELL = 500


def day(moment):
    return date_format(timezone.localtime(moment, timezone.get_default_timezone()), "DATE_FORMAT")


def facts(version, accepted):
    """Return the facts of the title page. Its status is told with its day, so that it stays true."""
    plan = version.plan
    found = [
        (_("Status"), status(version, accepted)),
        (_("Scope"), plan.get_scope_display()),
        (_("Years"), years(version.year_from, version.year_to)),
        (_("Edition"), plan.participation.edition.name),
        (_("Version"), str(version.number)),
    ]
    if version.sent_at:
        found.append((_("Number"), version.register_number))
        found.append((_("Digest (SHA-256)"), f"{version.sha256[:32]}\n{version.sha256[32:]}"))
    return [{"label": label, "blocks": blocks(value)} for label, value in found]


def status(version, accepted):
    """Return the status with its day; what was not sent is a draft of the moment it was made."""
    if version.status in PlanVersion.UNSENT:
        return _("draft of %(day)s, not sent") % {"day": day(timezone.now())}
    sent = _("sent to ORE on %(day)s") % {"day": day(version.sent_at)}
    if version.status == PlanVersion.Status.TAKEN_BACK:
        sent = f"{sent}, {version.get_status_display()}"
    if accepted is None:
        return sent
    return _("accepted by ORE on %(day)s") % {"day": day(accepted)} + f"\n({sent})"


def line(version, accepted):
    """Return version, status and day in one line: the foot of every page and slide."""
    number = _("version %(version)s") % {"version": version.number}
    return ", ".join(
        [number, *filter(None, [version.register_number]), status(version, accepted).split("\n")[0]]
    )


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
                "origin": _("Comes from: %(origin)s") % {"origin": row.origin} if row.origin else "",
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
