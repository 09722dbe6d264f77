"""The demonstration: made-up people and plans on real places, the same for the same seed and day."""

from portal.models import User


def accounts():
    """Return the people one may sign in as: dicts of role, name, email."""
    return []
