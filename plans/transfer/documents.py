"""A told section as a text document that a team edits in its own program and brings back.

One line of the text is one paragraph, an empty line an empty paragraph; "- " and "1. " stay as written, and
lists that the program made come back as such. The plan, version, section and revision travel in the
properties of the document and, where a program drops those, in a line that is not part of the text.
"""

import io
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass

import docx
from django.utils.translation import gettext as _
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from jst.imports.archives import damaged
from jst.imports.cells import MEGABYTE
from jst.imports.report import Refused
from plans.transfer.packages import check_package

# Paragraphs of this style belong to the portal, not to the text.
STYLE = "Portal JST"
MARK = re.compile(r"portal-jst:(\d{1,9})/(\d{1,5})/([-a-zA-Z0-9_]{1,40})/(\d{1,9})")
# What XML cannot hold.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MOST_PARAGRAPHS = 20_000
# A document is read into memory whole, at many times its size.
LIMIT = 20 * MEGABYTE
TEXT, TAB, HYPHEN = qn("w:t"), qn("w:tab"), qn("w:noBreakHyphen")
BREAKS = {qn("w:br"), qn("w:cr")}
# Removed text and what repeats other text.
SKIPPED = {
    qn("w:del"),
    qn("w:moveFrom"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


@dataclass
class Brought:
    """A document that came back: whose it is, what it says now, and what could not come along."""

    plan: int
    number: int
    section: str
    revision: int
    body: str
    notes: list


def written(text):
    """Return a text as a document can hold it."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def section_document(version, section, *, body, revision):
    """Return the bytes of a DOCX with the text of one section."""
    hint = _(
        "Write below. Paragraphs and lists come back into the portal; pictures, tables and fonts do not."
    )
    document = opening(version, section, revision, hint)
    for line in written(body).split("\n"):
        document.add_paragraph(line)
    return finished(document, version, section, revision)


def mark_of(version, section, revision):
    return f"portal-jst:{version.plan_id}/{version.number}/{section.key}/{revision}"


def opening(version, section, revision, hint):
    """Return a new document with the portal's own lines: whose it is, what to do, where it comes from."""
    document = docx.Document()
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "pl-PL")
    style = document.styles.add_style(STYLE, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.italic = Pt(9), True
    document.add_paragraph(section.title, style="Title")
    document.paragraphs[0].style = style
    document.paragraphs[0].runs[0].font.size = Pt(16)
    plan = f"{version.plan.jst.full_name} · {version.title}"
    for line in [plan, hint, mark_of(version, section, revision)]:
        document.add_paragraph(UNWRITABLE.sub("", line), style=style)
    return document


def finished(document, version, section, revision):
    """Return the bytes of a document, described in its properties."""
    mark, properties = mark_of(version, section, revision), document.core_properties
    properties.title, properties.keywords, properties.identifier = section.title[:250], mark, mark
    properties.author, properties.comments, properties.language = "Portal JST", "", "pl-PL"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@contextmanager
def opened(path):
    """Give the document, looked at before it is parsed; what is damaged in it is Refused."""
    check_package(path, LIMIT)
    try:
        yield docx.Document(str(path))
    except (
        OpcError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:
        raise damaged() from error


def whose(document, lines):
    """Return plan, version, section and revision by the properties or, where they were lost, by the lines."""
    properties = document.core_properties
    marks = [properties.keywords, properties.identifier, *lines]
    found = next((match for text in marks if (match := MARK.search(text or ""))), None)
    if found is None:
        raise Refused(
            _("This document does not say from which section it comes. Download the section and use that.")
        )
    return int(found[1]), int(found[2]), found[3], int(found[4])


def read_document(path):
    """Return what a document that came back says; raises Refused with one sentence."""
    with opened(path) as document:
        paragraphs = list(paragraphs_of(document))
        origin = whose(document, [text for is_ours, text in paragraphs if is_ours])
        body = "\n".join(text for is_ours, text in paragraphs if not is_ours).strip()
        return Brought(*origin, written(body), notes_of(document))


def paragraphs_of(document):
    """Give (whether it is the portal's own, text) of each paragraph, in the order of the document."""
    names = {style.style_id: style.name for style in document.styles}
    numbers = Numbers(document)
    for position, paragraph in enumerate(document.element.body.iter(qn("w:p"))):
        if position == MOST_PARAGRAPHS:
            raise Refused(_("The document is too long for one section."))
        if any(above.tag == qn("w:p") or above.tag in SKIPPED for above in paragraph.iterancestors()):
            continue
        name = names.get(paragraph.style or "", "")
        text = text_of(paragraph)
        yield name == STYLE, numbers.mark(paragraph, name) + text if text.strip() else text


def text_of(element):
    """Return the text of a paragraph as it stands after all tracked changes."""
    found = []
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag == TEXT:
            found.append(child.text or "")
        elif child.tag in BREAKS:
            found.append("" if child.get(qn("w:type")) in {"page", "column"} else "\n")
        elif child.tag == HYPHEN:
            found.append("-")
        elif child.tag == TAB and element.tag == qn("w:r"):
            found.append("\t")
        else:
            found.append(text_of(child))
    return "".join(found)


class Numbers:
    """Gives back the marks of lists that a program made: "- " and "1. ", counted anew for every list."""

    def __init__(self, document):
        self.bullets = bullets_of(document)
        self.last, self.count = None, 0

    def mark(self, paragraph, style):
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        number = found.get(qn("w:val")) if found is not None else None
        if number in {None, "0"}:
            kind = "bullet" if style.startswith("List Bullet") else "number"
            number = style if style.startswith(("List Bullet", "List Number")) else None
        else:
            kind = "bullet" if number in self.bullets else "number"
        if number is None:
            self.last = None
            return ""
        self.count = self.count + 1 if number == self.last else 1
        self.last = number
        return "- " if kind == "bullet" else f"{self.count}. "


def bullets_of(document):
    """Return the numbers of the lists whose first level is a bullet."""
    part = next(
        (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
    )
    if part is None:
        return frozenset()
    root = part.element
    kinds = {}
    for abstract in root.iter(qn("w:abstractNum")):
        form = abstract.find(f"{qn('w:lvl')}/{qn('w:numFmt')}")
        kinds[abstract.get(qn("w:abstractNumId"))] = form.get(qn("w:val")) if form is not None else ""
    found = set()
    for number in root.iter(qn("w:num")):
        target = number.find(qn("w:abstractNumId"))
        if target is not None and kinds.get(target.get(qn("w:val"))) == "bullet":
            found.add(number.get(qn("w:numId")))
    return frozenset(found)


def notes_of(document, *, tables_stay=False):
    """Return sentences about what the section has no place for."""
    body = document.element.body

    def has(*tags):
        return any(next(body.iter(qn(tag)), None) is not None for tag in tags)

    found = []
    if has("w:tbl") and not tables_stay:
        found.append(_("Tables became lines of text."))
    if has("w:drawing", "w:pict"):
        found.append(_("Pictures stay in the document: attach them as files."))
    if has("w:ins", "w:del"):
        found.append(_("Tracked changes are taken as accepted."))
    if has("w:footnoteReference", "w:commentReference"):
        found.append(_("Footnotes and comments stay in the document."))
    return found
