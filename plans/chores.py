"""What this app does every minute by itself."""

from plans.transfer.keeping import forget_uploads


def every_minute():
    """Remove the files that were brought in or left behind long ago."""
    forget_uploads()
