"""What the templates of plans need besides the portal's own tags."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from plans.corrections import corrections_of
from portal.text import block_html

register = template.Library()

# With more columns than this a row is read as a card: on paper and on a phone a table would be too narrow.
MOST_COLUMNS = 5


@register.filter
def at(found, key):
    """Return what a dict of lists holds under `key`; nothing where there is no dict."""
    return found.get(key, []) if isinstance(found, dict) else []


@register.filter
def shape(table):
    """Return how the rows of a table read best: as a `list`, as a `table` or as `cards`."""
    if len(table.columns) == 1:
        return "list"
    return "table" if len(table.columns) <= MOST_COLUMNS else "cards"


@register.filter
def said(cell):
    """Return the value of a cell; one of several lines keeps them, with its lists."""
    if "\n" not in cell.value:
        return cell.value
    return mark_safe("\n".join(block_html(kind, items) for kind, items in cell.blocks))


@register.inclusion_tag("plans/_corrections.html")
def corrections(version):
    """The banner of a returned plan, on each of its pages; nothing where nothing is corrected."""
    return {"corrections": corrections_of(version), "plan": version.plan}


@register.simple_tag
def tally(found):
    """How many remarks there are, by how far they are; nothing where there are none."""
    return tally_in_words(found.open, found.answered, found.upheld, found.settled, get_language())


@lru_cache(maxsize=1000)
def tally_in_words(unanswered, answered, upheld, settled, language):
    """A tally as an element; lists repeat the same few."""
    told = [
        (unanswered, _("to be answered: %(count)s")),
        (answered, _("answered: %(count)s")),
        (upheld, _("upheld: %(count)s")),
        (settled, _("settled: %(count)s")),
    ]
    lines = format_html_join(
        "", "<li>{}</li>", ((words % {"count": count},) for count, words in told if count)
    )
    if not lines:
        return ""
    return format_html('<ul class="links meta tally" aria-label="{}">{}</ul>', _("Remarks"), lines)
