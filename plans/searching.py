"""Searching the library: every word asked must stand in the plan, in whatever form, or in the unit's name.

A word is looked up in `ShelvedForm` for its basic forms; one that is there in no form is taken for the
beginning of a word. Nothing here needs a dictionary, nor an extension of a database.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import CharField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Left
from django.utils.html import escape
from django.utils.safestring import mark_safe

from jst.models import Jst
from plans.lemmas import WORD, is_telling
from plans.models import Goal, ShelvedForm, ShelvedWord, Text
from plans.shelving import public
from portal.spelling import folded

MOST_WORDS = 8
# Of each text only the beginning is looked through for a passage to show.
LOOKED_THROUGH = 1500
AROUND = 90


@dataclass
class Asked:
    """One word of a search: without Polish marks, its basic forms, and all forms in which it is marked."""

    word: str
    lemmas: set = field(default_factory=set)
    forms: set = field(default_factory=set)

    def on_shelf(self):
        """Return the condition on `ShelvedWord`."""
        if self.lemmas:
            return Q(lemma__in=sorted(self.lemmas | {self.word}))
        # The bounds let an index be read where the order of the database allows it.
        beginning = Q(lemma__startswith=self.word, lemma__gte=self.word)
        last = self.word[-1]
        return (
            beginning & Q(lemma__lt=self.word[:-1] + chr(ord(last) + 1)) if "a" <= last < "z" else beginning
        )

    def is_met_by(self, plain):
        return plain in self.forms or (not self.lemmas and plain.startswith(self.word))


def asked_words(text):
    """Return the words of what was typed that may be looked for, each once."""
    words = (match[0].lower() for match in WORD.finditer(text))
    return list(dict.fromkeys(folded(word) for word in words if is_telling(word)))[:MOST_WORDS]


def forms_rows(words):
    """The forms of all basic forms that stand behind the words, as rows (form, lemma)."""
    behind = ShelvedForm.objects.filter(form__in=words).values("lemma")
    return ShelvedForm.objects.filter(lemma__in=behind)


def understood(words, rows):
    """Return the words with what `rows`, pairs of (form, lemma), tell of them."""
    lemmas, forms = defaultdict(set), defaultdict(set)
    for form, lemma in rows:
        lemmas[form].add(lemma)
        forms[lemma].add(form)
    found = []
    for word in words:
        marked = {word}.union(*(forms[lemma] for lemma in lemmas[word])) if word in lemmas else {word}
        found.append(Asked(word, set(lemmas.get(word, ())), marked))
    return found


def matching(plans, asked):
    """Narrow the plans to those in which, or in whose unit's name, each word stands."""
    for one in asked:
        standing = ShelvedWord.objects.filter(one.on_shelf()).values("version__plan")
        plans = plans.filter(Q(pk__in=standing) | Q(participation__jst__in=Jst.objects.search(one.word)))
    return plans


def weight_of(asked):
    """Return how much the words weigh in a plan, as an expression over plans."""
    condition = Q()
    for one in asked:
        condition |= one.on_shelf()
    rows = ShelvedWord.objects.filter(condition, version__plan=OuterRef("pk")).order_by()
    weighed = rows.values("version__plan").annotate(weight=Sum("times")).values("weight")
    return Coalesce(Subquery(weighed), 0)


# --- Passages -----------------------------------------------------------------------------------


def passages(plan_keys, asked):
    """Return {plan: a passage of it as HTML, the words found marked}, in one query; goals come first."""
    pieces = defaultdict(list)
    for plan, text in texts_of(plan_keys):
        pieces[plan].append(text)
    found = {plan: best_passage(texts, asked) for plan, texts in pieces.items()}
    return {plan: passage for plan, passage in found.items() if passage}


def texts_of(plan_keys):
    versions = public().filter(plan__in=plan_keys).values("pk")
    columns = ("version__plan", "place", "position", "said")
    goals = (
        Goal.objects.filter(version__in=versions)
        .annotate(place=Value(0), said=Cast(F("title"), CharField()))
        .values_list(*columns)
        .order_by()
    )
    told = (
        Text.objects.filter(version__in=versions)
        .annotate(place=Value(1), said=Cast(Left("body", LOOKED_THROUGH), CharField()))
        .values_list(*columns)
        .order_by()
    )
    return [(plan, said) for plan, _place, _position, said in sorted(goals.union(told, all=True))]


def best_passage(texts, asked):
    """Return the passage that shows most of the words; the first of those that show as many."""
    best, shown = None, 0
    for text in texts:
        places = places_in(text, asked)
        words = {word for _start, _end, word in places}
        if len(words) > shown:
            best, shown = (text, places), len(words)
        if shown == len(asked):
            break
    return marked(*best) if best else ""


def places_in(text, asked):
    """Return (start, end, word) of the words found in a text."""
    found = []
    for match in WORD.finditer(text):
        word = plain(match[0])
        found += [(*match.span(), one.word) for one in asked if one.is_met_by(word)]
    return found


@lru_cache(maxsize=20_000)
def plain(word):
    """Return a word without Polish marks; plans share their words."""
    return folded(word)


def marked(text, places):
    """Return the text around the first word found; everything is escaped, the words found are marked."""
    first = places[0][0]
    start = text.rfind(" ", 0, max(0, first - AROUND)) + 1 if first > AROUND else 0
    end = text.find(" ", first + AROUND)
    end = len(text) if end < 0 else end
    html, at = ["… " if start else ""], start
    for left, right, _word in places:
        if left >= at and right <= end:
            html += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    html += [escape(text[at:end]), " …" if end < len(text) else ""]
    return mark_safe("".join(html))
