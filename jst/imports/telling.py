"""What an import changed, in words: the rows of `RegisterChange` and the counts of a report."""

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.models import Jst, School

# What changed → the sentence, with the values before and after.
SENTENCES = {
    "new": gettext_lazy("new in the register"),
    "gone": gettext_lazy("no longer in the register"),
    "back": gettext_lazy("in the register again"),
    "renamed": gettext_lazy("was called “%(before)s”, is called “%(after)s”"),
    "kind": gettext_lazy("was “%(before)s”, is “%(after)s”"),
    "moved": gettext_lazy("lay in %(before)s, lies in %(after)s"),
    "county": gettext_lazy("the county code was “%(before)s”, is “%(after)s”"),
    "period": gettext_lazy("entered in the history"),
    "figure": gettext_lazy("the figure was “%(before)s”, is “%(after)s”"),
    "kept": gettext_lazy("corrected by hand and kept: the register said “%(before)s”, says “%(after)s”"),
}
# Counts of a report, in the order in which they are told.
COUNTS = {
    "rows": gettext_lazy("rows in the file"),
    "units": gettext_lazy("units in the file"),
    "schools": gettext_lazy("schools in the file"),
    "complexes": gettext_lazy("complexes of schools among them"),
    "mailboxes": gettext_lazy("official mailboxes"),
    "new": gettext_lazy("new ones"),
    "changed": gettext_lazy("those that change"),
    "missing": gettext_lazy("missing from the file"),
    "back": gettext_lazy("back in the file"),
    "rejected": gettext_lazy("rows that cannot be used"),
}


def change_in_words(what, before, after):
    """Return what happened to one unit or school, without its name."""
    if what == "kind":
        kinds = dict(Jst.Kind.choices)
        before, after = kinds.get(before, before), kinds.get(after, after)
    if what in SENTENCES:
        return str(SENTENCES[what]) % {"before": before, "after": after}
    words = {"field": label_of(what), "before": before or "–", "after": after or "–"}
    return _("%(field)s: was “%(before)s”, is “%(after)s”") % words


def label_of(what):
    """Return the name of the field of a unit or school that changed."""
    for model in (School, Jst):
        try:
            return model._meta.get_field(what).verbose_name
        except (FieldDoesNotExist, AttributeError):
            continue
    return what


def counts_in_words(counts):
    """Return (label, number) for the counts that people read."""
    found = [(label, counts[key]) for key, label in COUNTS.items() if isinstance(counts.get(key), int)]
    kinds = dict(Jst.Kind.choices)
    bases = dict(School.Basis.choices)
    of_kinds, of_bases = counts.get("kinds") or {}, counts.get("authority") or {}
    found += [(kinds[kind], number) for kind, number in of_kinds.items() if kind in kinds]
    return found + [(bases[basis], number) for basis, number in of_bases.items() if basis in bases]
