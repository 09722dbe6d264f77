"""One difference between a file and the register, in words and as a row of the history."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from jst.models import Jst, School


@dataclass(frozen=True)
class Change:
    """`what` is new, gone, back, kept, or the name of the field that changed; `row` is the file's.

    `kept`: the field was corrected by hand, and what the register says was noted beside it.
    """

    code: str
    name: str
    what: str
    before: str = ""
    after: str = ""
    row: int | None = None
    model: ClassVar = None

    def __str__(self):
        sentences = {
            "new": _("%(code)s %(name)s: new"),
            "gone": _("%(code)s %(name)s: no longer in the file"),
            "back": _("%(code)s %(name)s: in the file again"),
            "kept": _("%(code)s %(name)s: corrected by hand to “%(before)s”, the register has “%(after)s”"),
            "figure": _("%(code)s %(name)s: was “%(before)s”, is “%(after)s”"),
        }
        sentence = sentences.get(self.what) or _(
            "%(code)s %(name)s: %(field)s was “%(before)s”, is “%(after)s”"
        )
        return sentence % (asdict(self) | {"field": self.label()})

    def label(self):
        """Return the name of the field as people read it."""
        names = {field.name for field in self.model._meta.fields} if self.model else set()
        return str(self.model._meta.get_field(self.what).verbose_name) if self.what in names else self.what


@dataclass(frozen=True)
class SchoolChange(Change):
    model: ClassVar = School


@dataclass(frozen=True)
class OfficeChange(Change):
    model: ClassVar = Jst


def in_words(value):
    """Return a value as the history keeps it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value.isoformat() if isinstance(value, date) else str(value)[:300]
