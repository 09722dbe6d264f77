"""What `manage.py remind` writes in this app."""

from jst import joining


def remind(day):
    """Pass on what nobody answered; return how many matters were moved."""
    return joining.remind(day)
