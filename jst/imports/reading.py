"""Any official file as rows: ZIP, CSV or XML, in the encodings Polish offices use.

Nothing is unpacked to disk, nothing beyond `LIMIT` is unpacked at all, and XML with a document type
or an entity is refused before it is read.
"""

import csv
import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from jst.imports.report import Refused
from jst.spelling import folded

# The largest register, RSPO, is about 42 MB; a file of more than this is not a register.
LIMIT = 200 * 1024 * 1024
MOST_MEMBERS = 100
MOST_ROWS = 500_000
MEGABYTE = 1024 * 1024
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
# Cells beyond the last column of the header are kept under this name, so that they can be reported.
SURPLUS = ""


@dataclass(frozen=True)
class Table:
    """`columns`: normalised header → header as written; `rows`: (the spreadsheet's number, cells)."""

    columns: dict[str, str]
    rows: Iterator[tuple[int, dict[str, str]]]


def sha256(path):
    """Return the digest of the file as it was downloaded."""
    with _opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_table(path, limit=LIMIT):
    """Return the table of an official file; raises Refused with the reason in one sentence."""
    with _opened(path) as stream:
        data = _bounded(stream, limit)
    if data.startswith(b"PK\x03\x04"):
        data = _unpacked(data, limit)
    if not data.strip():
        raise Refused(_("The file is empty."))
    if _looks_like_xml(data):
        return _xml_table(data)
    return _csv_table(_text(data))


def normal_header(header):
    """Return a header as programs compare it: „Kod terytorialny gmina” → `kod_terytorialny_gmina`."""
    return re.sub(r"\W+", "_", folded(header)).strip("_")


def _opened(path):
    try:
        return Path(path).open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(
            _("The file %(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}
        ) from error


def _bounded(stream, limit):
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise _too_large(limit)
    return data


def _too_large(limit):
    return Refused(_("The file is larger than %(size)s MB once unpacked.") % {"size": limit // MEGABYTE})


# --- ZIP --------------------------------------------------------------------------------------


def _unpacked(data, limit):
    """Return the one table inside the archive; the size is checked as declared and as it comes out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = _table_member(archive.infolist())
            if member.file_size > limit:
                raise Refused(
                    _("The file is larger than %(size)s MB once unpacked.") % {"size": limit // MEGABYTE}
                )
            if member.flag_bits & 1:
                raise Refused(_("The archive is locked with a password."))
            with archive.open(member) as stream:
                return _bounded(stream, limit)
    except DAMAGE as error:
        raise Refused(_("The archive is damaged: download the file again.")) from error


def _table_member(members):
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS:
        raise Refused(_("The archive holds too many files to be an official register."))
    if "[Content_Types].xml" in names:
        raise Refused(_("This is a spreadsheet: save it as CSV and import that file."))
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
    raise Refused(_("The archive holds neither CSV nor XML."))


# --- CSV --------------------------------------------------------------------------------------


def _text(data):
    """Return the text of a CSV file: UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1250."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1250"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(_("This is neither CSV nor XML: download the file again."))


def _csv_table(text):
    header = text.split("\n", 1)[0]
    separator = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns = _columns(next(_without_csv_errors(reader), []))
    return Table(columns, _csv_rows(reader, list(columns)))


def _csv_rows(reader, names):
    for number, cells in enumerate(_without_csv_errors(reader), start=2):
        _count(number)
        cells = [_bare(cell) for cell in cells]
        if not any(cells):
            continue
        row = dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))
        surplus = [cell for cell in cells[len(names) :] if cell]
        yield number, row | ({SURPLUS: " ".join(surplus)} if surplus else {})


def _without_csv_errors(reader):
    try:
        yield from reader
    except csv.Error as error:
        raise Refused(_("Line %(line)s cannot be read as CSV.") % {"line": reader.line_num}) from error


def _count(number):
    if number > MOST_ROWS:
        raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})


def _bare(cell):
    """Return a cell without spaces around it and without the ="0123" that keeps zeros in Excel."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1].strip()
    return cell


def _columns(headers):
    """Return normalised header → header as written, in the order of the file."""
    headers = [_bare(header) for header in headers]
    while headers and not headers[-1]:
        headers.pop()
    counted = Counter(normal_header(header) for header in headers)
    twice = [header for header in headers if counted[normal_header(header)] > 1]
    if twice:
        raise Refused(_("The column “%(column)s” appears twice.") % {"column": twice[0]})
    return {normal_header(header): header for header in headers}


# --- XML --------------------------------------------------------------------------------------


def _looks_like_xml(data):
    # The null bytes of UTF-16 go, so that its first sign can be seen too.
    start = data[:200].replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf")
    return start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip().startswith(b"<")


def _xml_table(data):
    """Return the `<row>` elements as a table; rows are numbered as if below a header.

    Cells are child elements named after the column, or `<col name="…">` in the older files of TERYT.
    """
    reader = _RowReader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_declarations
    parser.EntityDeclHandler = _refuse_declarations
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 1)
        raise Refused(_("Line %(line)s cannot be read as XML.") % {"line": line}) from error
    columns = _columns(dict.fromkeys(name for row in reader.rows for name in row))
    return Table(columns, _xml_rows(reader.rows, columns))


def _refuse_declarations(*args):
    raise Refused(_("XML with a document type or entities is not accepted: download the file again."))


def _xml_rows(rows, columns):
    for number, row in enumerate(rows, start=2):
        yield number, {normal: _bare(row.get(written, "")) for normal, written in columns.items()}


class _RowReader:
    """Collects the cells of `<row>` elements while the parser goes through the file."""

    def __init__(self):
        self.rows, self.row, self.column = [], None, None

    def start(self, name, attributes):
        if name.lower() == "row":
            self.row = {}
        elif self.row is not None:
            self.column = attributes.get("name", name) if name.lower() == "col" else name
            self.row[self.column] = ""

    def end(self, name):
        if name.lower() == "row" and self.row is not None:
            self.rows.append(self.row)
            self.row = None
            _count(len(self.rows) + 1)
        self.column = None

    def text(self, text):
        if self.row is not None and self.column is not None:
            self.row[self.column] += text
