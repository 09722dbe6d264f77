"""Files attached to a plan that is read: a real PDF, a picture, and a PDF that is also a page."""

import uuid

import typst
from django.core.files.base import ContentFile

from plans.models import Evidence, StoredFile

KINDS = {"pdf": "application/pdf", "png": "image/png", "docx": "application/octet-stream"}
# One black point, as PNG.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)
# Begins as a PDF does, so it is taken for one; read as HTML it would run in our name.
HOSTILE = (
    b"%PDF-1.7\n<html><body><script>parent.document.title = document.cookie = 'taken'</script></body></html>"
)


def real_pdf(folder):
    source = folder / "protokol.typ"
    source.write_text("= Protokół debaty\nW debacie wzięło udział 40 osób.", encoding="utf-8")
    return typst.compile(str(source))


def attached(version, name, content, *, by, title="Protokół"):
    """Attach a file to a version of any state, as if it had been there from the beginning."""
    ending = name.rpartition(".")[2]
    stored = StoredFile.objects.create(
        file=ContentFile(content, f"{uuid.uuid4().hex}.{ending}"),
        name=name,
        content_type=KINDS[ending],
        size=len(content),
        sha256="0" * 64,
        uploaded_by=by,
    )
    return Evidence.objects.create(version=version, stored=stored, kind="minutes", title=title)
