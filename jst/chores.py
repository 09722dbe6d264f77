"""What this app does every minute by itself."""

from jst.offers import forget_unsent, lapse_offers


def every_minute():
    """Record the offers that lapsed, and forget what was never sent."""
    lapse_offers()
    forget_unsent()
