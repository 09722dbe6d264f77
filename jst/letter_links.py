"""The secrets of links in letters: computed, never stored (docs/decisions/0006).

A row has a `nonce`; with the portal's key and a purpose it makes the secret, so a copy of the database opens
nothing, and a new nonce makes the link of the letter before worthless.
"""

import base64

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac


def secret(purpose, row):
    """Return the secret of the row for this purpose: 256 bits."""
    code = salted_hmac(purpose, f"{row.pk}:{row.nonce}", algorithm="sha256")
    return base64.urlsafe_b64encode(code.digest()).decode().rstrip("=")


def matches(purpose, row, given):
    """Whether `given` is that secret; takes equally long whatever was given."""
    return constant_time_compare(secret(purpose, row), given)


def address(url_name, purpose, row):
    """Return the whole address for the letter."""
    return settings.PORTAL_ORIGIN + reverse(url_name, args=[row.pk, secret(purpose, row)])
