"""The editable text document (DOCX) of a version: real headings, headed tables, Polish for the speller.

Tables are written as XML at once: python-docx asks for every cell anew, which takes seconds in a long plan.
"""

import io
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from plans.documents.wording import NOT_IN_XML, facts, line, section
from plans.facts import accepted_at, places, unit_name
from plans.outline import reading
from portal.text import BULLETS, NUMBERS

ACCENT = RGBColor(0x0B, 0x5A, 0x72)
LANGUAGE = "pl-PL"
# A page in twentieths of a point, without its margins: on end and on its side.
WIDTH, WIDE = 9400, 14300
LIST_STYLES = {BULLETS: "List Bullet", NUMBERS: "List Number"}


def plan_docx(version):
    """Return the text document of a version as bytes; that of a draft says that it is one."""
    with translation.override(settings.LANGUAGE_CODE):
        accepted = accepted_at(version)
        book = Book(version, accepted)
        book.cover(version, accepted)
        for part in reading(version):
            book.part(section(part))
    stream = io.BytesIO()
    book.document.save(stream)
    return stream.getvalue()


class Book:
    """A document that is being written, from its first page to its last."""

    def __init__(self, version, accepted):
        self.document = Document()
        self.is_wide = False
        self.foot = line(version, accepted)
        self.style()
        self.describe(version, accepted)
        first = self.document.sections[0]
        self.measure(first)
        self.footer(first)

    def style(self):
        """Set the typeface, the colours and the language of every style."""
        styles = self.document.styles
        defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        language = OxmlElement("w:lang")
        for name in ("w:val", "w:eastAsia"):
            language.set(qn(name), LANGUAGE)
        defaults.append(language)
        styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
        for name, size in (("Title", 26), ("Heading 1", 17), ("Heading 2", 13), ("Heading 3", 11.5)):
            font = styles[name].font
            font.name, font.size, font.color.rgb = "Calibri", Pt(size), ACCENT
            # The typeface of the theme would go before the one named here.
            fonts = styles[name].element.rPr.rFonts
            for attribute in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[attribute]
        small = styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
        small.base_style, small.font.size = styles["Normal"], Pt(9.5)
        small.paragraph_format.space_after = Pt(2)

    def describe(self, version, accepted):
        plan = version.plan
        properties = self.document.core_properties
        properties.title = clean(version.title.strip() or unit_name(plan.jst.kind, plan.jst.name))[:255]
        properties.author = clean(unit_name(plan.jst.kind, plan.jst.name))[:255]
        properties.subject, properties.language = self.foot[:255], LANGUAGE
        properties.version, properties.comments = str(version.number), ""
        made = (accepted or version.sent_at or timezone.now()).replace(tzinfo=None)
        properties.created = properties.modified = made

    def measure(self, page):
        """Set an A4 page, on its side where the tables need it."""
        size = (Cm(21), Cm(29.7))
        page.page_width, page.page_height = reversed(size) if self.is_wide else size
        page.orientation = WD_ORIENT.LANDSCAPE if self.is_wide else WD_ORIENT.PORTRAIT
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.2)

    def footer(self, page):
        foot = page.footer.paragraphs[0]
        foot.style = "Table Text"
        foot.add_run(f"{clean(self.foot)} · " + _("page") + " ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        foot._p.append(field)

    def cover(self, version, accepted):
        plan = version.plan
        unit = unit_name(plan.jst.kind, plan.jst.name)
        self.document.add_paragraph(clean(", ".join([unit, *places(plan.jst)])))
        self.document.add_paragraph(clean(version.title.strip() or unit), style="Title")
        for fact in facts(version, accepted):
            words = " ".join(item for _kind, items in fact["blocks"] for item in items)
            paragraph = self.document.add_paragraph()
            paragraph.add_run(f"{fact['label']}: ").bold = True
            paragraph.add_run(clean(words))

    def part(self, said):
        """Write one section under its heading."""
        if said["wide"] != self.is_wide:
            self.is_wide = said["wide"]
            self.measure(self.document.add_section())
        self.document.add_heading(clean(said["title"]), level=1)
        if said["empty"]:
            self.document.add_paragraph(_("Nothing is written here."))
        self.blocks(said["text"])
        for table in said["tables"]:
            self.document.add_heading(clean(table["title"]), level=2)
            {"list": self.list, "table": self.table, "cards": self.cards}[table["shape"]](table)
            if table["total"]:
                total = self.document.add_paragraph(table["total"])
                total.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def blocks(self, found):
        for kind, items in found:
            if kind in LIST_STYLES:
                number = self.numbering() if kind == NUMBERS else None
                for item in items:
                    self.item(clean(item), LIST_STYLES[kind], number)
            else:
                paragraph = self.document.add_paragraph()
                for index, item in enumerate(items):
                    if index:
                        paragraph.add_run().add_break()
                    paragraph.add_run(clean(item))

    def item(self, words, style, number=None):
        paragraph = self.document.add_paragraph(words, style=style)
        if number is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number
        return paragraph

    def numbering(self):
        """Return the number of a new list that counts from 1; without it all lists would count on."""
        style = self.document.styles["List Number"].element
        numbers = self.document.part.numbering_part.element
        known = style.pPr.numPr.numId.val
        abstract = next(num for num in numbers.num_lst if num.numId == known).abstractNumId.val
        added = numbers.add_num(abstract)
        added.add_lvlOverride(ilvl=0).add_startOverride(1)
        return added.numId

    def list(self, table):
        for row in table["rows"]:
            for cell in row["cells"]:
                self.item(clean(lines_of(cell)), "List Bullet")
            self.origin(row)

    def cards(self, table):
        for row in table["rows"]:
            self.document.add_heading(clean(row["heading"]), level=3)
            for cell in row["cells"]:
                if cell["blocks"] and not cell["is_name"]:
                    paragraph = self.document.add_paragraph()
                    paragraph.add_run(f"{cell['label']}: ").bold = True
                    paragraph.add_run(clean(lines_of(cell)))
            self.origin(row)

    def origin(self, row):
        if row["origin"]:
            self.document.add_paragraph(clean(row["origin"]), style="Table Text").runs[0].italic = True

    def table(self, table):
        """Write a table whose headings come again on every page."""
        self.document.element.body._insert_tbl(parse_xml(table_xml(table, WIDE if self.is_wide else WIDTH)))
        self.document.add_paragraph(style="Table Text")


def clean(words):
    """Return the words without signs that no XML may hold."""
    return NOT_IN_XML.sub("", words)


def lines_of(cell):
    """Return a cell as text, its lists marked as people write them."""
    found = []
    for kind, items in cell["blocks"]:
        for number, item in enumerate(items, start=1):
            found.append({BULLETS: f"– {item}", NUMBERS: f"{number}. {item}"}.get(kind, item))
    return "\n".join(found)


# --- Tables as XML --------------------------------------------------------------------------------


def table_xml(table, room):
    columns = table["columns"]
    shares = [column["width"] or 1.4 for column in columns]
    widths = [int(room * share / sum(shares)) for share in shares]
    head = row_xml(
        [
            cell_xml([column["label"]], width, bold=True)
            for column, width in zip(columns, widths, strict=True)
        ],
        is_head=True,
    )
    body = [row_of(row, columns, widths) for row in table["rows"]]
    return framed_xml(table["title"], widths, [head, *body])


def framed_xml(title, widths, lines):
    """Return a table of the given lines, whose widths no program changes by itself."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    room = f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>{room}'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={quoted(title)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def row_of(row, columns, widths):
    cells = []
    for cell, column, width in zip(row["cells"], columns, widths, strict=True):
        lines = lines_of(cell).split("\n")
        if cell["is_name"] and row["origin"]:
            lines.append(row["origin"])
        cells.append(cell_xml(lines, width, bold=cell["is_name"], right=column["number"]))
    return row_xml(cells, whole=row["whole"])


def row_xml(cells, *, is_head=False, whole=True):
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if is_head else "")
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell_xml(lines, width, *, bold=False, right=False):
    mark = "<w:rPr><w:b/></w:rPr>" if bold else ""
    side = '<w:jc w:val="right"/>' if right else ""
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="TableText"/>{side}</w:pPr>'
        f'<w:r>{mark}<w:t xml:space="preserve">{escape(clean(words))}</w:t></w:r></w:p>'
        for words in lines
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def quoted(words):
    return '"' + escape(clean(words), {'"': "&quot;"}) + '"'
