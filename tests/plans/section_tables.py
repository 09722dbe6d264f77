"""The document of a section of rows as a person takes it, writes in it and brings it back."""

import io

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from tests.plans.pages import address
from tests.plans.transfer_files import hidden, said


def download(client, version, key):
    return docx.Document(io.BytesIO(client.get(f"{address(version, key)}sekcja.docx").content))


def content_of(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def upload(client, version, key, document):
    content = document if isinstance(document, bytes) else content_of(document)
    file = SimpleUploadedFile("sekcja.docx", content)
    return client.post(address(version, key) + "dokument/", {"file": file})


def preview_of(client, version, key, document):
    answer = upload(client, version, key, document)
    assert answer.status_code == 302, said(answer)
    return answer.url, client.get(answer.url)


def insert(client, version, key, document):
    where, seen = preview_of(client, version, key, document)
    return client.post(where, hidden(seen))


def write(table, row, heading, words):
    """Write into the cell of a row under a heading."""
    headings = [cell.text for cell in table.rows[0].cells]
    table.rows[row].cells[headings.index(heading)].text = words


def unusable(response):
    rows = html.fromstring(response.content).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
