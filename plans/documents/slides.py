"""Slides for the council (PPTX): what the plan wants, for whom, when and for how much, and what is asked.

Set large, to be read at the back of a room; what does not fit goes on to another slide. What is cut short
on a slide stands whole in its notes, and each slide has a foot with version, status and day.
"""

import io
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plans.documents.deck import Deck
from plans.documents.wording import NOT_IN_XML, line
from plans.facts import accepted_at, places, unit_name, years
from plans.outline import number_in_words, reading
from portal.text import blocks

# The section of the template that tells the vision.
VISION = "wizja"
SENTENCES = 3
# Lines of a slide with points and signs of a line, at the size in which they are set; with room to spare.
LINES, SIGNS = 9, 60
# Room for the rows of a table in centimetres, height of a line, what a row has around it, signs of a line.
TABLE_ROOM, LINE_HEIGHT, AROUND, TABLE_SIGNS = 11.2, 0.78, 0.3, 78
LONGEST, LONGEST_CELL = 160, 100
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-ząćęłńóśźż])")


@dataclass
class Point:
    """A line of a slide, `under` another where it is a part of it, and what is said of it in the notes."""

    words: str
    notes: str
    under: str = ""

    @property
    def height(self):
        return lines_of(self.words, SIGNS)


def plan_pptx(version):
    """Return the slides of a version as bytes."""
    with translation.override(settings.LANGUAGE_CODE):
        jst = version.plan.jst
        unit = unit_name(jst.kind, jst.name)
        parts = reading(version)
        tables = {table.name: table for part in parts for table in part.tables}
        deck = Deck(clean(version.title.strip() or unit), unit, line(version, accepted_at(version)))
        opening(deck, version, unit)
        vision(deck, next((part for part in parts if part.key == VISION), None))
        goals(deck, tables)
        schools(deck, tables.get("school"))
        money(deck, tables)
        indicators(deck, tables.get("indicator"))
        asked(deck, version)
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


# --- Words and room -------------------------------------------------------------------------------


def clean(words):
    return NOT_IN_XML.sub("", words)


def short(words, longest=LONGEST):
    """Return the words whole, or cut between words with a mark that says so; the notes have them whole."""
    words = " ".join(clean(words).split())
    return words if len(words) <= longest else f"{words[:longest].rsplit(' ', 1)[0]} …"


def told(row):
    """Return everything a row says, for the notes."""
    return clean("\n".join(f"{capfirst(cell.label)}: {cell.value}" for cell in row.cells if cell.value))


def lines_of(words, signs):
    return max(1, math.ceil(len(words) / signs))


def dealt(items, height, room):
    """Return the items in lots, each no higher than a slide; one item is never broken."""
    lots, left = [], 0
    for item in items:
        if not lots or height(item) > left:
            lots.append([])
            left = room
        lots[-1].append(item)
        left -= height(item)
    return lots


def titles(title, lots):
    """Return a title for each lot: alone as it is, of several with its place, so that each is another."""
    if len(lots) == 1:
        return [title]
    return [f"{title} ({number}/{len(lots)})" for number in range(1, len(lots) + 1)]


def rows_of(table):
    return table.rows if table else []


# --- The slides -----------------------------------------------------------------------------------


def opening(deck, version, unit):
    said = [", ".join([unit, *places(version.plan.jst)]), years(version.year_from, version.year_to)]
    deck.opening([clean(words) for words in said], _("Say who prepared the plan and with whom."))


def vision(deck, part):
    """Show the beginning of the vision: whole sentences of its first paragraph, and no more than three."""
    if part is None or not part.text.strip():
        return
    first = " ".join(blocks(clean(part.text))[0][1])
    words = ""
    for sentence in SENTENCE_END.split(first)[:SENTENCES]:
        if words and lines_of(f"{words} {sentence}", SIGNS) > LINES:
            break
        words = f"{words} {sentence}".strip()
    deck.points(part.title, [(0, short(words, LINES * SIGNS))], clean(part.text))


def goals(deck, tables):
    """Show each strategic goal with the operational ones that serve it; those that serve none come last."""
    parts = defaultdict(list)
    for row in rows_of(tables.get("operational")):
        parent = next(cell.points_to for cell in row.cells if cell.field == "parent")
        parts[parent].append(row)
    points = []
    for row in rows_of(tables.get("strategic")):
        points += group(short(row.label), told(row), parts.pop(row.uid, []))
    for rows in parts.values():
        points += group(_("Goals that serve no strategic goal yet"), "", rows)
    lots = pages_of(points)
    for title, lot in zip(titles(_("Goals"), lots), lots, strict=True):
        shown = [(1 if point.under else 0, point.words) for point in lot]
        deck.points(title, shown, "\n\n".join(point.notes for point in lot if point.notes))


def group(words, notes, rows):
    return [Point(words, notes), *(Point(short(row.label), told(row), words) for row in rows)]


def pages_of(points):
    """Return the points in lots; a lot that begins with a part begins with the goal that it serves."""
    lots, left = [], 0
    for point in points:
        if not lots or point.height > left:
            lots.append([])
            left = LINES
            if point.under:
                above = Point(f"{point.under} (" + _("continued") + ")", "")
                lots[-1].append(above)
                left -= above.height
        lots[-1].append(point)
        left -= point.height
    return lots


def spread(deck, title, heads, lines, shares):
    """Show lines of a table, each (row, words), on as many slides as they need."""
    signs = [max(6, int(TABLE_SIGNS * share / sum(shares))) for share in shares]

    def height(item):
        most = max(lines_of(words, room) for words, room in zip(item[1], signs, strict=True))
        return most * LINE_HEIGHT + AROUND

    lots = dealt(lines, height, TABLE_ROOM)
    for heading, lot in zip(titles(title, lots), lots, strict=True):
        notes = "\n\n".join(told(row) for row, _words in lot)
        deck.table(heading, heads, [words for _row, words in lot], shares, notes)


def schools(deck, table):
    """Show which school is supported since when, the first to begin first."""
    lines = []
    for row in rows_of(table):
        said = {cell.field: cell for cell in row.cells}
        words = [short(said[name].value, LONGEST_CELL) for name in ("starts", "school", "area", "provider")]
        lines.append((said["starts"].raw, row, words))
    lines.sort(key=lambda entry: (entry[0] is None, str(entry[0])))
    heads = [_("Since"), _("School"), _("Area of support"), _("Who provides it")]
    spread(deck, _("Support of schools: schedule"), heads, [entry[1:] for entry in lines], (2, 4, 4, 3))


def money(deck, tables):
    """Show the sums by year and source as a chart that can be changed, and say them in the notes."""
    table = tables["budget"] if rows_of(tables.get("budget")) else tables.get("cost")
    sums = defaultdict(lambda: defaultdict(Decimal))
    for row in rows_of(table):
        said = {cell.field: cell for cell in row.cells}
        if said["amount"].raw is not None:
            year = str(said["year"].raw or _("year not given"))
            sums[said["source"].value or _("source not given")][year] += said["amount"].raw
    if not sums:
        return
    span = sorted({year for found in sums.values() for year in found})
    series = [(source, [float(found.get(year, 0)) for year in span]) for source, found in sums.items()]
    together = {year: sum(found.get(year, Decimal()) for found in sums.values()) for year in span}
    notes = [f"{table.title}:", *(f"{year}: {number_in_words(total)} zł" for year, total in together.items())]
    notes += ["", "\n\n".join(told(row) for row in table.rows)]
    whole = number_in_words(sum(together.values()))
    deck.chart(_("Money by year: %(sum)s zł together") % {"sum": whole}, span, series, "\n".join(notes))


def indicators(deck, table):
    lines = []
    for row in rows_of(table):
        said = {cell.field: cell.value for cell in row.cells}
        names = ("name", "unit", "base", "target", "target_year")
        lines.append((row, [short(said[name], LONGEST_CELL) for name in names]))
    heads = [_("Indicator"), _("Unit"), _("Today"), _("Target"), _("Year")]
    spread(deck, _("How we shall know"), heads, lines, (6, 3, 2, 2, 2))


def asked(deck, version):
    span = years(version.year_from, version.year_to)
    said = [
        _("to get to know the plan (version %(version)s)") % {"version": version.number},
        _("to say how the plan is to be adopted: by a resolution, by an order or otherwise"),
        _("to secure the money for the years %(years)s") % {"years": span},
    ]
    notes = _("These are suggestions. Write here what your council is really asked.")
    deck.points(_("What we ask the council"), [(0, words) for words in said], notes)
