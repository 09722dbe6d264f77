"""Restricted values: encrypted at rest, compared by a keyed index, masked where they are shown.

`DATA_KEY` holds one key or several, separated by commas: the first encrypts, all of them decrypt. So a key
is changed in three steps: put the new one before the old, run `manage.py rotate-data-key`, drop the old.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

SHOWN_DIGITS = 4


class Unreadable(Exception):
    """The value was altered, or encrypted with a key that `DATA_KEY` no longer holds."""


def ring():
    return MultiFernet([Fernet(key) for key in settings.DATA_KEYS])


def encrypt(text):
    """Return the text encrypted and signed with the first key; the same text twice gives two tokens."""
    return ring().encrypt(text.encode()).decode()


def decrypt(token):
    try:
        return ring().decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def rotated(token):
    """Return the same value, encrypted with the first key."""
    try:
        return ring().rotate(token.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def keyed_index(purpose, text):
    """Return a digest by which equal values are found: worth nothing without the first key."""
    key = base64.urlsafe_b64decode(settings.DATA_KEYS[0])
    # A key of its own: what encrypts is used for nothing else.
    own = hmac.digest(key, f"index of {purpose}".encode(), "sha256")
    return hmac.new(own, text.encode(), "sha256").hexdigest()


def masked(text):
    """Return the text with dots in place of all but its last four characters."""
    return "•" * max(len(text) - SHOWN_DIGITS, SHOWN_DIGITS) + text[-SHOWN_DIGITS:]
