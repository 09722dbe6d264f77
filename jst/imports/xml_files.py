"""XML of GUS: `<row>` elements, read without documents types and entities."""

from xml.parsers import expat

from django.utils.translation import gettext as _

from jst.imports.archives import declared
from jst.imports.cells import MOST_ROWS, Table, bare, columns_of
from jst.imports.report import Refused


def looks_like_xml(start):
    """Say whether the first bytes of a file begin an XML document."""
    # The null bytes of UTF-16 go, so that its first sign can be seen too.
    start = start.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf")
    return start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip().startswith(b"<")


def xml_table(data):
    """Return the `<row>` elements as a Table; rows are numbered as if below a header.

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
    columns = columns_of(dict.fromkeys(name for row in reader.rows for name in row))
    return Table(columns, _rows(reader.rows, columns))


def _refuse_declarations(*args):
    raise declared()


def _rows(rows, columns):
    for number, row in enumerate(rows, start=2):
        yield number, {normal: bare(row.get(written, "")) for normal, written in columns.items()}


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
            if len(self.rows) >= MOST_ROWS:
                raise Refused(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
        self.column = None

    def text(self, text):
        if self.row is not None and self.column is not None:
            self.row[self.column] += text
