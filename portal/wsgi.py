"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
served = get_wsgi_application()

from portal.frames import with_room  # noqa: E402
from portal.outage import watch_for_hangs  # noqa: E402

application = with_room(served)
watch_for_hangs()
