"""Passwords that everybody would guess, at a length where Django's own list says nothing.

Of Django's 19,640 common passwords only 49 have fifteen characters or more. People stretch a short one:
they repeat it, put two together or add digits. So a password is refused when it is made of one or
two common words, repeated or not, with digits and signs around them; that covers far more than the
3,000 entries that OWASP ASVS 5.0 6.2.4 asks for.
"""

import re
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LOCAL_WORDS = """
haslo mojehaslo tajnehaslo polska polskapolska warszawa krakow gmina powiat urzad miasto samorzad
oswiata szkola edukacja wojt burmistrz starosta prezydent ore portal jst administrator qwerty qwertyuiop
asdfghjkl zxcvbnm abcdefghijklmnopqrstuvwxyz abcdef abcabc legia wisla kochamcie dupadupa misiek
styczen luty marzec kwiecien maj czerwiec lipiec sierpien wrzesien pazdziernik listopad grudzien
poniedzialek wtorek sroda czwartek piatek sobota niedziela wiosna lato jesien zima
""".split()
PLAIN = str.maketrans("ąćęłńóśźż", "acelnoszz")
LONGEST = 30
KEYBOARD = ["1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"]


@cache
def common_words():
    """Return the common passwords and our own words, in lower case, letters only, three or more."""
    words = {letters(word) for word in [*CommonPasswordValidator().passwords, *LOCAL_WORDS]}
    return frozenset(word for word in words if len(word) >= 3)


def letters(text):
    """Return the letters alone, in lower case and without Polish marks: people type „hasło” both ways."""
    return re.sub(r"[\W\d_]", "", text.casefold()).translate(PLAIN)


def unit(text):
    """Return the shortest piece whose repetition gives the text: „abcabc” → „abc”."""
    for size in range(1, len(text) // 2 + 1):
        if len(text) % size == 0 and text[:size] * (len(text) // size) == text:
            return text[:size]
    return text


def is_guessable(password):
    """Whether the password is a stretched common one."""
    plain = password.casefold()
    if len(set(plain)) < 5 or any(unit(plain) in row * 3 for row in KEYBOARD) or len(unit(plain)) <= 7:
        return True
    core = unit(letters(password))
    words = common_words()
    if len(core) < 3:
        # Digits and signs: a manager's random ones have many kinds, a date or a number few.
        return len(set(plain)) < 10
    if core in words or any(core in row * 3 for row in KEYBOARD):
        return True
    # No further than the longest word: a megabyte of text must not cost a minute.
    cuts = range(3, min(len(core) - 2, LONGEST + 1))
    return any(core[:cut] in words and unit(core[cut:]) in words for cut in cuts)


class BlocklistValidator:
    """Refuse passwords that are among the first to be tried."""

    def validate(self, password, user=None):
        if is_guessable(password):
            raise ValidationError(
                _(
                    "This password is too easy to guess. "
                    "Join three or four words that do not belong together."
                ),
                code="password_too_common",
            )

    def get_help_text(self):
        return _("Use at least 15 characters: three or four words that do not belong together are best.")
