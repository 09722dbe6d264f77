"""Two texts of one section made one: paragraph by paragraph, row by row, field by field.

Nothing is chosen for the writer silently: where only one side changed since the text from which the writer
began, that side is offered; where both did, both stay unless the writer says otherwise.
"""

import difflib
import re
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from plans.differences import pieces
from plans.models import SectionRevision
from plans.section_forms import SectionForm

THEIRS, MINE, BOTH = "tamten", "moj", "oba"
PREFIX = "wybor-"


@dataclass
class Block:
    """What is the same in both texts, or a place where they differ and the choice that it needs."""

    stored: str
    mine: str
    name: str = ""
    label: str = ""
    offered: tuple = ()
    usual: str = THEIRS
    apply: object = field(default=None, repr=False)

    @property
    def differs(self):
        return bool(self.name)

    @property
    def pieces(self):
        return pieces(self.stored, self.mine)

    def answer(self, posted):
        value = posted.get(self.name, self.usual)
        return value if value in {key for key, _label in self.offered} else self.usual


def choices(both):
    found = [(THEIRS, _("keep what is stored")), (MINE, _("put in mine"))]
    return (*found, (BOTH, _("keep both"))) if both else tuple(found)


def both_texts(version, section, data, record):
    """Return the blocks of a section: what is stored beside what `data` would put in its place."""
    base = base_of(version, section, record)
    if section.is_narrative:
        stored = version.text_rows.filter(key=section.key).values_list("body", flat=True).first() or ""
        return paragraphs(stored, data.get("body", ""), base.get("body", [""])[0] if base else None)
    form = SectionForm(version, section, data)
    form.is_valid()
    return [block for rows in form.row_sets for row in rows.forms for block in row_blocks(rows, row, base)]


def base_of(version, section, record):
    """Return what stood there when the writer began, by the revision the request named; {} if unknown."""
    revision = (record.payload.get("revision") or [""])[0]
    if not revision.isdecimal() or len(revision) > 9:
        return {}
    saved = SectionRevision.objects.filter(version=version, key=section.key, revision=int(revision))
    found = saved.filter(outcome=SectionRevision.Outcome.SAVED).first()
    return found.payload if found else {}


# --- Told sections ------------------------------------------------------------------------------


def split(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def paragraphs(stored, mine, base):
    """Return both texts as blocks; paragraphs that differ stand side by side."""
    old, new = split(stored), split(mine)
    origin = set(split(base)) if base is not None else set()
    blocks = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = old[a1:a2], new[b1:b2]
        if tag == "equal":
            blocks.append(Block("\n\n".join(before), "\n\n".join(after)))
            continue
        blocks.append(
            Block(
                "\n\n".join(before),
                "\n\n".join(after),
                name=f"{PREFIX}{len(blocks)}",
                label=_("Difference %d") % (1 + sum(block.differs for block in blocks)),
                offered=choices(both=bool(before and after)),
                usual=usual_paragraph(before, after, origin),
            )
        )
    return blocks


def usual_paragraph(before, after, origin):
    """Return what is offered: the side that changed since the base; where both did, both."""
    if after and set(after) <= origin:
        return THEIRS
    if before and set(before) <= origin:
        return MINE
    if before and after:
        return BOTH
    return MINE if after else THEIRS


# --- Rows ---------------------------------------------------------------------------------------


def row_blocks(rows, row, base):
    """Return a block for each field in which the posted row differs from the stored one."""
    title = f"{rows.row_set.one}: {row.row if not row.is_new else title_of(row)}"
    if row.is_blank:
        return []
    if row.is_new:
        usual = THEIRS if str(row.row.uid) in uids_of(base) else MINE
        whole = whole_row(row, title, _("(no such row)"), title_of(row), usual)
        whole.apply = without_row
        return [whole]
    if row.data.get(row.add_prefix("delete")):
        whole = whole_row(row, title, str(row.row), _("(the row removed)"), THEIRS)
        whole.apply = without_mark
        return [whole]
    changed = [name for name in row.row_set.fields if name in row.changed_data]
    return [field_block(row, name, title, base) for name in changed]


def whole_row(row, title, stored, mine, usual):
    name = f"{PREFIX}{row.prefix}"
    return Block(stored, mine, name=name, label=title, offered=choices(both=False), usual=usual)


def title_of(row):
    values = [shown(row, name, row[name].value()) for name in row.row_set.fields]
    return " · ".join(value for value in values if value)


def field_block(row, name, title, base):
    bound = row[name]
    long = isinstance(bound.field.widget, forms.Textarea)
    untouched = posted_values(base, row, name) == row.data.getlist(row.add_prefix(name))
    block = Block(
        shown(row, name, row.initial.get(name)),
        shown(row, name, bound.value()),
        name=f"{PREFIX}{row.add_prefix(name)}",
        label=f"{title} – {bound.label}",
        offered=choices(both=long),
        usual=THEIRS if untouched else (BOTH if long and row.initial.get(name) else MINE),
    )
    block.apply = lambda data, answer: put(data, row, name, answer)
    return block


def uids_of(base):
    return {value for name, values in base.items() if name.endswith("-uid") for value in values}


def posted_values(base, row, name):
    """Return what the base holds for the field of the same row, wherever the row stood; None if nothing."""
    uid = str(row.row.uid)
    for key, values in base.items():
        if key.endswith("-uid") and uid in values:
            return base.get(f"{key.removesuffix('-uid')}-{name}", [])
    return None


def shown(row, name, value):
    """Return a value as a person reads it."""
    field = row.fields[name]
    if value is None:
        return ""
    if hasattr(field, "choices"):
        words = {str(key): str(label) for key, label in field.choices}
        values = value if isinstance(value, list) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values if str(one))
    formatted = field.widget.format_value(value)
    return "" if formatted is None else str(formatted)


# --- What was chosen ----------------------------------------------------------------------------


def chosen(blocks, data, posted):
    """Return what to save: the writer's own request, changed as `posted` says."""
    if all(block.apply is None for block in blocks) and "body" in data:
        data["body"] = "\n\n".join(filter(None, (text_of(block, posted) for block in blocks)))
        return data
    for block in blocks:
        block.apply(data, (block.answer(posted), block))
    return data


def text_of(block, posted):
    if not block.differs:
        return block.stored
    answer = block.answer(posted)
    if answer == BOTH:
        return f"{block.stored}\n\n{block.mine}"
    return block.mine if answer == MINE else block.stored


def prefix_of(block):
    return block.name.removeprefix(PREFIX)


def without_row(data, choice):
    answer, block = choice
    if answer == THEIRS:
        data.pop(f"{prefix_of(block)}-uid", None)


def without_mark(data, choice):
    answer, block = choice
    if answer == THEIRS:
        data.pop(f"{prefix_of(block)}-delete", None)


def put(data, row, name, choice):
    """Put the chosen value of a field into the request, as a browser would post it."""
    answer, _block = choice
    key, stored = row.add_prefix(name), row.initial.get(name)
    if answer == MINE:
        return
    widget = row.fields[name].widget
    if isinstance(stored, list):
        data.setlist(key, [str(value) for value in stored])
    elif answer == BOTH:
        data[key] = f"{stored}\n\n{data.get(key, '')}"
    elif hasattr(row.fields[name], "choices"):
        data[key] = "" if stored is None else str(stored)
    else:
        formatted = widget.format_value(stored)
        data[key] = "" if formatted is None else str(formatted)
