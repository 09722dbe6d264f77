"""The outline of a sent version as HTML, written out once: what was sent never changes."""

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from plans.outline import reading

MAX_KEPT = 64
kept = {}


def written_outline(version):
    """Return the sections of a version without remarks and links to files, as everybody reads them."""
    key = (version.pk, version.sha256)
    if version.sha256 and key in kept:
        return kept[key]
    html = mark_safe(render_to_string("plans/_outline.html", {"parts": reading(version)}))
    if version.sha256:
        if len(kept) >= MAX_KEPT:
            kept.clear()
        kept[key] = html
    return html
