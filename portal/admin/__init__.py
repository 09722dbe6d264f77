"""The admin of the portal: what all its pages have in common, and the pages of people and of records."""

from . import people, written
from .base import MoveForm, PortalModelAdmin, ProcessAdmin, ReadOnlyAdmin, RecordedAdmin

__all__ = [
    "MoveForm",
    "PortalModelAdmin",
    "ProcessAdmin",
    "ReadOnlyAdmin",
    "RecordedAdmin",
    "people",
    "written",
]
