"""Handing out stored files."""

import logging

from django.http import FileResponse, Http404

log = logging.getLogger(__name__)


def file_response(stored, **options):
    """Return the stored file as a response; 404, and a line in the log, where the disk has lost it."""
    try:
        return FileResponse(stored.open(), **options)
    except FileNotFoundError as error:
        log.error("stored file %s is not on the disk", stored.name)
        raise Http404 from error


def as_download(stored):
    """Return a kept file, always as a download: what people upload never opens inside the portal."""
    response = file_response(
        stored.file, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
