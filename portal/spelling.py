"""Polish letters in search and in order, the same on both databases and without an extension."""

import re
import unicodedata

_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "–": "-", "—": "-", "„": '"', "”": '"', "’": "'"})

# Two digits for each character, so that keys compare alike under every collation: gap, numbers, letters.
_GAP = "00"
_ALPHABET = "0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_RANKS = {character: f"{rank:02d}" for rank, character in enumerate(_ALPHABET, start=1)}
_KEY_LENGTH = 300


def folded(text):
    """Return the text in lower case without diacritics, for searching: „Łódź” → „lodz”."""
    return " ".join(_bare(text).casefold().split())


def polish_order(text):
    """Return a key by which any database sorts as a Polish reader does.

    „Łomża” comes after „Lublin”, „nr 10” after „nr 2”; other signs count as a gap between words.
    """
    padded = re.sub("[0-9]+", lambda number: number[0].zfill(4), text.casefold())
    ranks = "".join(_ranks(character) for character in unicodedata.normalize("NFC", padded))
    return _without_gaps_at_ends(ranks)[:_KEY_LENGTH]


def _bare(text):
    decomposed = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _ranks(character):
    if character in _RANKS:
        return _RANKS[character]
    # Foreign letters sort as their plain form: „Müller” as „Muller”.
    return "".join(_RANKS.get(plain, _GAP) for plain in _bare(character).casefold()) or _GAP


def _without_gaps_at_ends(ranks):
    pairs = [ranks[i : i + 2] for i in range(0, len(ranks), 2)]
    words = "".join(" " if pair == _GAP else pair for pair in pairs).split()
    return _GAP.join(words)
