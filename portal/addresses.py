"""Addresses that are asked for again and again: of the menu's pages, and of many pages of one kind."""

from functools import cache, lru_cache

from django.urls import reverse

# No page has it; it stands in the pattern where the key goes.
STAND_IN = 9_007_199_254_740_991


@cache
def address(name):
    """Return the address of the page `name`, which needs no key; it never changes while the portal runs."""
    return reverse(name)


@lru_cache(maxsize=1000)
def addresses(name, *before):
    """Return a function that gives the address of the page `name` with a key, a whole number or a slug.

    Keys that stand before it in the address are given first. Django looks for the pattern once, not once
    for each row.
    """
    start, end = reverse(name, args=[*before, STAND_IN]).split(str(STAND_IN))
    return lambda key: f"{start}{key}{end}"
