"""What the templates of plans need besides the portal's own tags."""

from django import template

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
