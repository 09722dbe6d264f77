"""What `manage.py remind` writes in this app."""

from plans import teamwork


def remind(day):
    """Write to teams about sections that are due and about yesterday's comments; return how many plans."""
    return teamwork.remind(day)
