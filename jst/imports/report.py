"""What an import answers: the file, the differences, the rows it could not use."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.utils.translation import gettext as _


class Refused(Exception):
    """The file as a whole cannot be used; the text says why in one sentence."""


@dataclass(frozen=True)
class Rejected:
    """One cell that cannot be right. `row` is the spreadsheet's number: the header is row 1."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self):
        return _("Row %(row)s, column “%(column)s”: “%(value)s” – %(reason)s") % asdict(self)


@dataclass
class Report:
    """The answer of one run; a dry run and the run that applies give the same counts."""

    register: str
    file: str
    sha256: str = ""
    as_of: date | None = None
    applied: bool = False
    counts: dict = field(default_factory=dict)
    changes: list = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    refused: str = ""

    def as_json(self):
        document = asdict(self)
        document["as_of"] = self.as_of.isoformat() if self.as_of else None
        return document
