"""What this app does every minute by itself."""

from plans.teamwork import forget_presences
from plans.transfer.keeping import forget_uploads


def every_minute():
    """Remove the files that were brought in or left behind long ago, and presences of pages long gone."""
    forget_uploads()
    forget_presences()
