"""Tables as files: CSV and XLSX that spreadsheets open as they are; what people typed is never run."""

import csv
import zipfile
from io import BytesIO, StringIO
from xml.sax.saxutils import escape

# A cell that begins so is run as a formula by spreadsheets, whoever typed it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNSTORABLE = dict.fromkeys(code for code in range(32) if code not in (9, 10, 13))

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships xmlns="
    '"http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
}


def safe(value):
    """Return the value as a cell that no spreadsheet runs."""
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if value.startswith(FORMULA) else value


def as_csv(header, rows):
    """Return the table as bytes: UTF-8 with its mark, semicolons, as Polish spreadsheets expect."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe(value) for value in row] for row in (header, *rows))
    return ("\ufeff" + text.getvalue()).encode()


def as_xlsx(header, rows):
    """Return the table as a workbook of one sheet; texts are texts, numbers numbers."""
    lines = (f"<row>{''.join(map(cell, row))}</row>" for row in (header, *rows))
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (PARTS | {"xl/worksheets/sheet1.xml": sheet}).items():
            book.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}')
    return file.getvalue()


def cell(value):
    value = safe(value)
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(str(value).translate(UNSTORABLE))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


WRITERS = {"csv": as_csv, "xlsx": as_xlsx}
