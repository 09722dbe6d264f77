"""One cell of a spreadsheet as the value that the form of the section would take, or the reason why not."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.spelling import folded

SEVERAL = re.compile(r"[;\n]")
ERRORS = re.compile(r"#(REF|DIV/0|N/A|NAME\?|NULL|NUM|VALUE|ARG|ADR|LICZBA|NAZWA\?|N/D)[!?]?$", re.IGNORECASE)
CURRENCY = re.compile(r"\s*(zł|zl|pln)\.?$", re.IGNORECASE)
YEAR_MARK = re.compile(r"\s*(r\.|r|roku|rok)$", re.IGNORECASE)


class Unclear(Exception):
    """The cell cannot be used; the text is the reason."""


def value_of(field, text, names):
    """Return the cell as the form posts it: a string, or a list of strings for several things.

    `names`: folded words → value, for columns that choose. Raises Unclear with the reason.
    """
    if text.startswith("="):
        raise Unclear(_("this is a formula: write the value itself"))
    if ERRORS.match(text):
        raise Unclear(_("the formula of this cell has an error"))
    if isinstance(field, forms.MultipleChoiceField):
        parts = [part.strip() for part in SEVERAL.split(text) if part.strip()]
        return list(dict.fromkeys(chosen(part, names) for part in parts))
    if isinstance(field, forms.ChoiceField | forms.TypedChoiceField):
        return chosen(text, names)
    return cleaned(field, text)


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
