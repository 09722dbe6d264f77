"""Polish letters in search and in order, the same on both databases and without an extension.

Both run for every row of a national register, so they go over a text by tables that fill as they are used.
"""

import re
import unicodedata

_UNDECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "–": "-", "—": "-", "„": '"', "”": '"', "’": "'"})

# Two digits for each character, so that keys compare alike under every collation; between words the least.
_GAP = "00"
_ALPHABET = "0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_RANKS = {character: f"{rank:02d}" for rank, character in enumerate(_ALPHABET, start=1)}
_KEY_LENGTH = 300


class _Bare(dict):
    """Character → itself, or nothing for a sign that is put on a letter."""

    def __missing__(self, code):
        self[code] = "" if unicodedata.combining(chr(code)) else chr(code)
        return self[code]


class _Ranked(dict):
    """Character → its two digits; a gap is a space, so that gaps side by side become one."""

    def __missing__(self, code):
        self[code] = _rank(chr(code))
        return self[code]


_BARE, _RANKED = _Bare(), _Ranked()


def folded(text):
    """Return the text in lower case without diacritics, for searching: „Łódź” → „lodz”."""
    return " ".join(_bare(text).casefold().split())


def polish_order(text):
    """Return a key by which any database sorts as a Polish reader does.

    „Łomża” comes after „Lublin”, „nr 10” after „nr 2”; other signs count as a gap between words.
    """
    padded = re.sub("[0-9]+", lambda number: number[0].zfill(4), text.casefold())
    words = unicodedata.normalize("NFC", padded).translate(_RANKED).split()
    return _GAP.join(words)[:_KEY_LENGTH]


def _bare(text):
    return unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)).translate(_BARE)


def _rank(character):
    if character in _RANKS:
        return _RANKS[character]
    # Foreign letters sort as their plain form: „Müller” as „Muller”.
    return "".join(_RANKS.get(plain, " ") for plain in _bare(character).casefold()) or " "


def full_name(first_name, last_name, email):
    """Return how a person is shown: both names, or the address where there is none."""
    return f"{first_name} {last_name}".strip() or email
