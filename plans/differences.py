"""How two texts differ, paragraph by paragraph, then word by word; and a stored comparison as it is shown."""

import difflib
import re
from dataclasses import dataclass, field
from itertools import groupby

SAME, GONE, NEW = "same", "gone", "new"


@dataclass
class Change:
    what: str
    row: str
    label: str
    pieces: list

    @property
    def sides(self):
        """Return the pieces of the text before and of the text after: what went is in the first alone."""
        return [[piece for piece in self.pieces if piece[0] != other] for other in (NEW, GONE)]


@dataclass
class Changed:
    """The changes of one section."""

    key: str
    title: str
    changes: list = field(default_factory=list)


def shown(comparison):
    """Return a stored comparison grouped by section, each change as pieces of same, gone and new text."""
    return [
        Changed(key, title, [as_change(change) for change in changes])
        for (key, title), changes in groupby(
            comparison, key=lambda change: (change["section"], change["title"])
        )
    ]


def as_change(change):
    return Change(change["what"], change["row"], change["label"], change["pieces"])


def pieces(before, after):
    """Return [(same | gone | new, text)], by words; long texts are matched by paragraph first."""
    old, new = re.split(r"(\n+)", before), re.split(r"(\n+)", after)
    found = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((SAME, "".join(old[a1:a2])))
        else:
            found += by_words("".join(old[a1:a2]), "".join(new[b1:b2]))
    return [(kind, text) for kind, text in found if text]


def by_words(before, after):
    old, new = re.split(r"(\s+)", before), re.split(r"(\s+)", after)
    found = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((SAME, "".join(old[a1:a2])))
        else:
            found += [(GONE, "".join(old[a1:a2])), (NEW, "".join(new[b1:b2]))]
    return found
