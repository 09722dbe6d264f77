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
