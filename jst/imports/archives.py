"""ZIP archives: looked at before anything is unpacked, and never unpacked beyond the limit."""

import re
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from jst.imports.cells import MEGABYTE, MOST_ROWS, too_large
from jst.imports.report import Refused

MOST_MEMBERS = 100
# A spreadsheet's cells lie in one rectangle in memory: rows × columns, however few are filled.
MOST_CELLS = 12_000_000
# What zipfile raises on archives whose bytes were changed (measured on thousands of them).
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
# What a spreadsheet of an office does not need: programs, other files, files inside files.
UNWANTED = re.compile(r"vbaproject|macrosheets/|externallinks/|embeddings/|\.(bin|zip|xlsx?|exe|js)$")
DECLARATIONS = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
REFERENCES = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]+)["']""")
# Two pieces of a member overlap by this, so that nothing hides where they meet.
OVERLAP = 64


@dataclass
class Content:
    """The bytes of a table, in a file or inside an archive; opened again for every pass."""

    path: str
    member: str = ""

    @contextmanager
    def opened(self):
        """Give the stream of bytes; what is damaged on the way is Refused."""
        try:
            if not self.member:
                with open(self.path, "rb") as stream:
                    yield stream
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                    yield stream
        except UnicodeError:
            raise
        except DAMAGE as error:
            raise damaged() from error


def damaged():
    return Refused(_("The archive is damaged: download the file again."))


@contextmanager
def archive_of(path):
    """Give the archive, refused where it is damaged, locked or holds what no register has."""
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise Refused(_("The archive holds too many files to be an official register."))
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise Refused(_("The archive is locked with a password."))
            yield archive
    except DAMAGE as error:
        raise damaged() from error


def is_spreadsheet(path):
    """Say whether the archive is an XLSX file, by its directory."""
    with archive_of(path) as archive:
        return "[Content_Types].xml" in archive.namelist()


def table_inside(path, limit):
    """Return the Content of the one table inside the archive; its declared size is checked."""
    with archive_of(path) as archive:
        member = _table_member(archive.infolist())
        if member.file_size > limit:
            raise too_large(limit)
        return Content(path, member.filename)


def _table_member(members):
    for suffix in [".csv", ".xml"]:
        found = [
            member
            for member in members
            if member.filename.lower().endswith(suffix) and not member.filename.startswith("__MACOSX/")
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(_("The archive holds more than one table: unpack it and import one file."))
    if any(member.filename.lower().endswith(".xlsx") for member in members):
        raise Refused(_("The archive holds a spreadsheet: unpack it and import that file."))
    raise Refused(_("The archive holds neither CSV nor XML."))


# --- Spreadsheets -----------------------------------------------------------------------------


def check_spreadsheet(path, limit):
    """Raise Refused for an XLSX file that no parser should meet.

    All members are unpacked once, piece by piece, and thrown away: their true size counts, not the
    declared one. Declarations of XML, programs, links to other files and far-off cells are refused.
    """
    with archive_of(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > limit:
            raise too_large(limit)
        for member in members:
            name = member.filename.lower()
            if UNWANTED.search(name) and not name.startswith("xl/printersettings/"):
                raise Refused(
                    _("The spreadsheet holds more than cells (%(name)s): save it as CSV.")
                    % {"name": member.filename}
                )
            if name.startswith("/") or ".." in name.split("/"):
                raise damaged()
        left = limit
        for member in members:
            left -= _checked_size(archive, member, left, limit)


def _checked_size(archive, member, left, limit):
    size, tail, rows, columns = 0, b"", 1, 1
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    is_sheet = is_xml and "worksheets/" in member.filename.lower()
    with archive.open(member) as stream:
        while piece := stream.read(MEGABYTE):
            size += len(piece)
            if size > left:
                raise too_large(limit)
            piece = tail + piece
            # XML in UTF-16 could hide the words that are looked for.
            if is_xml and (DECLARATIONS.search(piece) or b"\x00" in piece):
                raise declared()
            if is_sheet:
                for letters, digits in REFERENCES.findall(piece):
                    rows, columns = max(rows, int(digits[:9])), max(columns, _column_number(letters))
                if rows > MOST_ROWS or rows * columns > MOST_CELLS:
                    raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
            tail = piece[-OVERLAP:]
    return size


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def declared():
    return Refused(_("XML with a document type or entities is not accepted: download the file again."))
