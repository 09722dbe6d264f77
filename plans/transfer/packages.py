"""Office files are ZIP archives: looked at whole, and refused, before any parser meets them."""

from django.utils.translation import gettext as _
from lxml import etree

from jst.imports.archives import DAMAGE, DECLARATIONS, OVERLAP, archive_of, damaged, declared
from jst.imports.cells import MEGABYTE, too_large
from jst.imports.report import Refused

LIMIT = 60 * MEGABYTE
# ODS writes equal rows and cells once with a number: what they come to is counted before they are unpacked.
MOST_CELLS = 500_000
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def check_package(path, limit=LIMIT):
    """Raise Refused for an office file that is damaged, locked, enormous or not what it seems.

    Every member is unpacked once, piece by piece, and thrown away: its true size counts.
    """
    left = limit
    with archive_of(path) as archive:
        for member in archive.infolist():
            is_xml = member.filename.lower().endswith((".xml", ".rels"))
            tail = b""
            with archive.open(member) as stream:
                while piece := stream.read(MEGABYTE):
                    left -= len(piece)
                    if left < 0:
                        raise too_large(limit)
                    # XML in UTF-16 could hide the words that are looked for.
                    if is_xml and (DECLARATIONS.search(tail + piece) or b"\x00" in piece):
                        raise declared()
                    tail = piece[-OVERLAP:]


def check_repeats(path):
    """Raise Refused for an ODS file whose repeated rows and cells come to more than a plan can have."""
    cells, row = 0, 0
    try:
        with archive_of(path) as archive, archive.open("content.xml") as stream:
            for _event, element in etree.iterparse(stream, resolve_entities=False, no_network=True):
                if element.tag in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
                    # An empty end of a row is not unpacked; an empty cell before a filled one is.
                    if len(element):
                        row += repeated(element, "columns")
                elif element.tag == f"{TABLE}table-row":
                    cells += row * repeated(element, "rows")
                    row = 0
                    element.clear()
                if cells > MOST_CELLS or row > MOST_CELLS:
                    raise Refused(_("The spreadsheet repeats one row or cell too many times."))
    except (KeyError, etree.XMLSyntaxError, *DAMAGE) as error:
        raise damaged() from error


def repeated(element, what):
    number = element.get(f"{TABLE}number-{what}-repeated", "1")
    return min(int(number), 10**9) if number.isascii() and number.isdigit() else 1
