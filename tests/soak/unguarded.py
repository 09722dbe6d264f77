"""What granian serves for the controls: the portal as it is, but for the guard of a save."""

from portal.wsgi import application

__all__ = ["application"]

# The models can be imported once the portal has been set up.
from plans import saving  # noqa: E402
from tests import unguarded  # noqa: E402

saving.write = unguarded.write
