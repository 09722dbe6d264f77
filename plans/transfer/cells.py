"""One cell as the value that the form of the section takes, or the reason why not; and a value as a cell."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.spelling import folded

ERRORS = re.compile(r"#(REF|DIV/0|N/A|NAME\?|NULL|NUM|VALUE|ARG|ADR|LICZBA|NAZWA\?|N/D)[!?]?$", re.IGNORECASE)
CURRENCY = re.compile(r"\s*(zł|zl|pln)\.?$", re.IGNORECASE)
YEAR_MARK = re.compile(r"\s*(r\.|r|roku|rok)$", re.IGNORECASE)


class Unclear(Exception):
    """The cell cannot be used; the text is the reason."""


def value_of(field, text, names):
    """Return the cell as the form posts it: a string, or a list of strings for several things.

    `names`: folded words → value, for columns that choose. Raises Unclear with the reason.
    """
    if not text:
        return [] if isinstance(field, forms.MultipleChoiceField) else ""
    if text.startswith("="):
        raise Unclear(_("this is a formula: write the value itself"))
    if ERRORS.match(text):
        raise Unclear(_("the formula of this cell has an error"))
    if isinstance(field, forms.MultipleChoiceField):
        return list(dict.fromkeys(chosen(part, names) for part in parts_of(text, names)))
    if isinstance(field, forms.ChoiceField | forms.TypedChoiceField):
        return chosen(text, names)
    return cleaned(field, text)


def parts_of(text, names):
    """Return the names in a cell: one in a line, or several with semicolons; a name may hold one itself."""
    for line in filter(None, map(str.strip, text.split("\n"))):
        known = folded(line).strip() in names
        yield from [line] if known else filter(None, map(str.strip, line.split(";")))


def chosen(text, names):
    value = names.get(folded(text).strip())
    if value is None:
        raise Unclear(_("there is no such thing to choose in this plan"))
    if value == AMBIGUOUS:
        raise Unclear(_("more than one has this name"))
    return value


AMBIGUOUS = object()


def named(pairs):
    """Return folded words → value from pairs (words, value); words that stand for two things are marked."""
    found = {}
    for words, value in pairs:
        words = folded(str(words)).strip()
        if words:
            found[words] = value if found.get(words, value) == value else AMBIGUOUS
    return found


def cleaned(field, text):
    """Return the text as the form's own field reads and shows it."""
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        text = number(CURRENCY.sub("", YEAR_MARK.sub("", text)))
    elif isinstance(field, forms.DateField):
        text = YEAR_MARK.sub("", text)
    try:
        value = field.clean(text)
    except ValidationError as error:
        raise Unclear(" ".join(error.messages)) from error
    shown = field.widget.format_value(value)
    return "" if shown is None else str(shown)


def number(text):
    """Return a number as people write it, „12 000,50”, in one spelling; what is none stays as it is."""
    bare = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}", bare):
        bare = bare.replace(".", "")
    if not re.fullmatch(r"-?\d+([.,]\d+)?", bare):
        return text
    bare = bare.replace(",", ".")
    # What a spreadsheet computes ends in dust: 1234.5600000000001.
    return f"{float(bare):.6f}".rstrip("0").rstrip(".") if re.search(r"\.\d{9,}", bare) else bare


def posted(bound):
    """Return what a browser posts for a control: a string, or a list where it takes several things."""
    value = bound.field.widget.format_value(bound.value())
    several = bound.field.widget.allow_multiple_selected if hasattr(bound.field.widget, "choices") else False
    if isinstance(value, list | tuple):
        value = [str(one) for one in value]
        return value if several else "".join(value[:1])
    return "" if value is None else str(value)


def cell_of(bound):
    """Return the value of a control as the words of a cell; `value_of` reads them back."""
    value = posted(bound)
    if not hasattr(bound.field, "choices"):
        return value
    labels = {str(key): str(label) for key, label in bound.field.choices}
    several = value if isinstance(value, list) else [value]
    return "\n".join(labels.get(one, one) for one in several if one)


def same_words(one, other):
    """Whether two cells say the same, but for the spaces that programs change by themselves."""
    return spaced(one) == spaced(other)


def spaced(text):
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip()
