"""How long a session lasts: half a day, as long again when somebody asks for it, at most a day in all.

The reasons stand in docs/decisions/0026-how-long-a-session-lasts.md.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as StoredSession
from django.contrib.sessions.middleware import SessionMiddleware
from django.dispatch import receiver
from django.utils import timezone

SIGNED_IN_AT = "signed_in_at"


class SessionStore(StoredSession):
    """A session in the database that knows when it ends without asking for it again."""

    stored_end = None

    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        self.stored_end = row.expire_date if row else None
        return row

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        self.stored_end = row.expire_date
        return row

    def get_session_cookie_age(self):
        """Give the seconds that a save lets the session last; after a day from signing in, none."""
        age, since = super().get_session_cookie_age(), self.get(SIGNED_IN_AT)
        if since is None:
            return age
        return max(min(age, int(since + settings.SESSION_LONGEST - time.time())), 0)

    @property
    def end(self):
        return self.stored_end or self.get_expiry_date()

    @property
    def seconds_left(self):
        return max(int((self.end - timezone.now()).total_seconds()), 0)

    @property
    def latest_end(self):
        """The moment to which asking now would put the end."""
        return max(self.end, timezone.now() + timedelta(seconds=self.get_session_cookie_age()))

    def extend(self):
        """Put the end as far as it may be; what was proven by a password or a second factor stays as old."""
        # A session of an earlier release does not know when it began.
        self.setdefault(SIGNED_IN_AT, int(time.time()))
        self.modified = True
        self.stored_end = self.get_expiry_date()


class SessionsOfTabs(SessionMiddleware):
    """Leaves it to pages to take away a cookie whose session is gone; what a script of a page asks does not.

    Somebody who lost the session signs in in another tab while the page they write on goes on trying. The
    answer to a try with the old cookie may come last, and would sign them out again.
    """

    def process_response(self, request, response):
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie["max-age"] == 0 and request.headers.get("HX-Request"):
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


@receiver(user_logged_in, dispatch_uid="portal.sessions")
def remember_the_hour(sender, request, **kwargs):
    request.session[SIGNED_IN_AT] = int(time.time())
