"""When the session of a person ends: asked by every page before it warns, put off by one request."""

from datetime import timedelta

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.views.decorators.http import require_http_methods

# More than this must be gained, or the offer to make the session longer is none.
WORTH_ASKING = timedelta(minutes=1)


@require_http_methods(["GET", "POST"])
def session_end(request):
    """Tell when the session ends and whether it may last longer; a POST makes it last longer first."""
    session = request.session
    if request.method == "POST":
        session.extend()
    return JsonResponse(
        {
            "left": session.seconds_left,
            "at": time_format(timezone.localtime(session.end), "H:i"),
            "may_be_longer": session.latest_end - session.end > WORTH_ASKING,
        }
    )
