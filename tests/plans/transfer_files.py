"""Files that teams bring in, made for tests, and the pages that take them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html
from rustpy_xlsxwriter import FastExcel

from plans.sections import ROW_SETS
from plans.transfer.tables import heading, sheet_title


def xlsx(**sheets):
    """Return the bytes of a spreadsheet; each sheet is a list of rows, first its headings."""
    stream = io.BytesIO()
    book = FastExcel(stream)
    for name, (columns, *rows) in sheets.items():
        records = [dict(zip(columns, row, strict=True)) for row in rows] or [dict.fromkeys(columns, "")]
        book = book.sheet(name, records)
    book.save()
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def ods(rows, name="Cele strategiczne"):
    """Return the bytes of an ODS file with one sheet whose rows are given as XML."""
    spaces = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    declared = " ".join(f'xmlns:{short}="{full}"' for short, full in spaces.items())
    table = f'<table:table table:name="{name}">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entry}</m:manifest>')
        archive.writestr(
            "content.xml", f"<office:document-content {declared}>{body}</office:document-content>"
        )
    return stream.getvalue()


def ods_row(*cells, repeated=1):
    found = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{found}</table:table-row>'


def tables(**rows):
    """Return a spreadsheet with the portal's own names of sheets and columns; rows are dicts by field."""
    sheets = {}
    for name, records in rows.items():
        fields = list(records[0])
        columns = [heading(ROW_SETS[name], field) for field in fields]
        sheets[sheet_title(ROW_SETS[name])] = [
            columns,
            *([row[field] for field in fields] for row in records),
        ]
    return xlsx(**sheets)


def upload(client, version, content, name="plan.xlsx"):
    file = SimpleUploadedFile(name, content, content_type="application/x-whatever")
    return client.post(f"/plany/{version.plan_id}/wstaw/", {"file": file})


def preview_of(client, version, content, name="plan.xlsx"):
    """Upload a file and open its preview; return (address, response)."""
    answer = upload(client, version, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url, client.get(answer.url)


def hidden(response):
    """Return what the button of the preview posts."""
    inputs = html.fromstring(response.content).xpath("//main//form//input[@type='hidden']")
    return {one.get("name"): one.get("value") for one in inputs if one.get("name") != "csrfmiddlewaretoken"}


def insert(client, version, content, name="plan.xlsx"):
    where, seen = preview_of(client, version, content, name)
    return client.post(where, hidden(seen))


def said(response):
    return " ".join(html.fromstring(response.content).xpath("//main")[0].text_content().split())
