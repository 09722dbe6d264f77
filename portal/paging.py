"""Pages of long lists by key: whatever the page, no more rows are read than are shown.

The order is a key, mostly `sort_key`, then the primary key; or the primary key alone. The address names the
row after which (`po`) or before which (`przed`) a page begins, or asks for the last page (`koniec`).
"""

from dataclasses import dataclass

from django.db.models import Q

PER_PAGE = 50
# Counting further would read the whole table for a number that nobody needs to the last digit.
MOST_COUNTED = 3_000
# So few rows are sorted faster than they are found by walking through all in order.
FEW = 300
MARKS = ("po", "przed", "koniec")


@dataclass(frozen=True)
class KeyPage:
    """`rows` are dicts of the columns asked for; `total` counts no further than MOST_COUNTED."""

    rows: list
    total: int
    previous: str
    next: str
    last: str

    @property
    def is_capped(self):
        return self.total > MOST_COUNTED

    @property
    def most(self):
        return MOST_COUNTED


def page_by_key(rows, columns, asked, key="sort_key", *, is_searched=False):
    """Return the page of `rows` that the query `asked` names; a page that is not there is the first.

    `key` names the column of the order; without one the rows stand as they were written. Of searched rows
    there may be few: then one look through the table finds and counts them.
    """
    after, before = pk_of(asked.get("po")), pk_of(asked.get("przed"))
    backwards = bool(before) or "koniec" in asked
    mark = before or after
    total, found = counted(rows, whole=is_searched and not mark and not backwards)
    found = beyond(found, mark, backwards, key) if mark else found
    order = [f"-{name}" if backwards else name for name in (key, "pk") if name]
    shown = list(found.order_by(*order).values("pk", *columns)[: PER_PAGE + 1]) if total else []
    if not shown and mark and total:
        return page_by_key(rows, columns, without_marks(asked), key, is_searched=is_searched)
    is_more = len(shown) > PER_PAGE
    shown = shown[:PER_PAGE]
    if backwards:
        shown.reverse()
    return KeyPage(
        rows=shown,
        total=total,
        previous=address(asked, przed=shown[0]["pk"]) if (is_more if backwards else mark) and shown else "",
        next=address(asked, po=shown[-1]["pk"]) if (mark if backwards else is_more) and shown else "",
        last=address(asked, koniec=1) if (mark if backwards else is_more) and shown else "",
    )


def counted(rows, whole):
    """Return how many rows there are, as far as is counted, and the same rows by the way that is fastest."""
    keys = rows.order_by().values("pk")
    if whole:
        first = [row["pk"] for row in keys[: PER_PAGE + 1]]
        if len(first) <= PER_PAGE:
            return len(first), rows.model.objects.filter(pk__in=first)
    total = keys[: MOST_COUNTED + 1].count()
    return total, rows.model.objects.filter(pk__in=keys) if total <= FEW else rows


def beyond(rows, mark, backwards, key):
    """Return the rows that come after the row `mark`, or before it; none where there is no such row."""
    way = "lt" if backwards else "gt"
    past = Q(**{f"pk__{way}": mark})
    if not key:
        return rows.filter(past)
    value = rows.model.objects.filter(pk=mark).values_list(key, flat=True).first()
    if value is None:
        return rows.none()
    # The last condition alone can be read off an index; the first tells rows of the same key apart.
    return rows.filter(Q(**{f"{key}__{way}": value}) | past, **{f"{key}__{way}e": value})


def pk_of(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def without_marks(asked):
    query = asked.copy()
    for mark in MARKS:
        query.pop(mark, None)
    return query


def address(asked, **mark):
    query = without_marks(asked)
    query.update({name: str(value) for name, value in mark.items()})
    return f"?{query.urlencode()}"
