"""Which pictures the portal takes for a line of logos: told by their first bytes, never by their name."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024
# First bytes → content type. No SVG: it may carry scripts.
KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def content_type(file):
    """Return the type of a picture by its first bytes, or None where it is not one of ours."""
    file.seek(0)
    first = file.read(8)
    file.seek(0)
    return next((kind for start, kind in KINDS.items() if first.startswith(start)), None)


def check_picture(upload):
    """Raise ValidationError with a sentence that says what to do, where the picture cannot be kept."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture may have at most 1 MB. Make it smaller."))
    if content_type(upload) is None:
        raise ValidationError(_("Attach a picture in the PNG or JPG format."))
