"""Spelling as the apps above know it; the rules themselves are the portal's."""

from portal.spelling import folded, polish_order

__all__ = ["folded", "polish_order"]
