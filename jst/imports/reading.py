"""Any official file as rows: ZIP, CSV, XML or XLSX, in the encodings Polish offices use.

Nothing is unpacked to disk, nothing beyond `LIMIT` is unpacked at all, CSV is read row by row, and XML
with a document type or an entity is refused before it is read.
"""

import hashlib
from pathlib import Path

from django.utils.translation import gettext as _

from jst.imports.archives import Content, is_spreadsheet, table_inside
from jst.imports.cells import LACKING, LIMIT, SURPLUS, Table, normal_header, too_large
from jst.imports.csv_files import csv_table
from jst.imports.report import Refused
from jst.imports.xlsx_files import xlsx_table
from jst.imports.xml_files import looks_like_xml, xml_table

__all__ = ["LACKING", "LIMIT", "SURPLUS", "Table", "normal_header", "read_table", "sha256"]
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def sha256(path):
    """Return the digest of the file as it was downloaded."""
    with _opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_table(path, limit=LIMIT):
    """Return the table of an official file; raises Refused with the reason in one sentence.

    The reason may come as late as the rows: they are read while they are asked for.
    """
    with _opened(path) as stream:
        start = stream.read(4)
        size = stream.seek(0, 2)
    if size > limit:
        raise too_large(limit)
    content = Content(path)
    if start == b"PK\x03\x04":
        if is_spreadsheet(path):
            return xlsx_table(path, limit)
        content = table_inside(path, limit)
    elif start == OLD_EXCEL:
        raise Refused(_("This is an old spreadsheet: save it as XLSX or CSV and import that file."))
    with content.opened() as stream:
        start = stream.read(200)
    if not start.strip():
        raise Refused(_("The file is empty."))
    if looks_like_xml(start):
        return xml_table(_whole(content, limit))
    return csv_table(content, limit)


def _opened(path):
    try:
        return Path(path).open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(
            _("The file %(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}
        ) from error


def _whole(content, limit):
    with content.opened() as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise too_large(limit)
    return data
