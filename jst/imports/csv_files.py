"""CSV as offices write it: any encoding they use, `;`, `,` or tab, a last quote left open."""

import codecs
import csv
import io
import re
from contextlib import contextmanager

from django.utils.translation import gettext as _

from jst.imports.cells import MEGABYTE, Table, columns_of, rows_of, too_large
from jst.imports.report import Refused

SEPARATORS = ";,\t"


def csv_table(content, limit):
    """Return the Table of a CSV file; one pass finds the encoding, the next ones read."""
    encoding = _encoding(content, limit)
    with _text(content, encoding) as text:
        lines = _Lines(text)
        separator = _separator(lines.first())
        columns = columns_of(next(_records(lines, separator), []))
    return Table(columns, _rows(content, encoding, separator, list(columns)))


def _rows(content, encoding, separator, names):
    with _text(content, encoding) as text:
        records = _records(_Lines(text), separator)
        next(records, None)
        yield from rows_of(enumerate(records, start=2), names)


@contextmanager
def _text(content, encoding):
    with content.opened() as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        yield text


def _encoding(content, limit):
    """Return the encoding of the whole file: UTF-8 with or without BOM, UTF-16 with BOM, Windows-1250."""
    with content.opened() as stream:
        start = stream.read(4)
    candidates = ["utf-16"] if start.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1250"]
    for encoding in candidates:
        if _decodes(content, encoding, limit):
            return encoding
    raise Refused(_("This is neither CSV nor XML: download the file again."))


def _decodes(content, encoding, limit):
    decoder, size = codecs.getincrementaldecoder(encoding)(), 0
    try:
        with content.opened() as stream:
            while piece := stream.read(MEGABYTE):
                size += len(piece)
                if size > limit:
                    raise too_large(limit)
                if "\x00" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(header):
    """Return the separator that the header has most of, outside quotes."""
    plain = re.sub('"[^"]*"', "", header)
    return max(SEPARATORS, key=plain.count)


class _Lines:
    """Lines of text; remembers those of the record that is being read."""

    def __init__(self, text):
        self.text = text
        self.waiting, self.record, self.number, self.ended = [], [], 0, False

    def first(self):
        """Return the header with the lines its quoted cells go over, to be read again."""
        for line in self.text:
            self.waiting.append(line)
            if "".join(self.waiting).count('"') % 2 == 0 or len(self.waiting) > 50:
                break
        return "".join(self.waiting)

    def __iter__(self):
        return self

    def __next__(self):
        line = self.waiting.pop(0) if self.waiting else next(self.text, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.record.append(line)
        return line


def _records(lines, separator):
    """Give the cells of each record; only the last line of the file may leave its quote open."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.record = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not lines.ended or len(lines.record) != 1:
                number = lines.number - len(lines.record) + 1
                raise Refused(_("Line %(line)s cannot be read as CSV.") % {"line": number}) from error
            yield next(csv.reader(lines.record, delimiter=separator))
            return
        yield cells
