"""Polish letters in search and in order, the same on both databases and without an extension."""

import unicodedata

_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_RANKS = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET)}
_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "–": "-", "„": '"', "”": '"'})


def folded(text):
    """Return the text in lower case without diacritics, for searching: „Łódź” → „lodz”."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def polish_order(text):
    """Return a key by which any database sorts as the Polish alphabet does: „Łomża” after „Lublin”."""
    return "".join(_RANKS.get(letter, letter if letter.isdigit() else " ") for letter in text.casefold())[
        :300
    ]
