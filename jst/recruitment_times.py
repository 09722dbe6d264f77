"""Until when: the times of a call in words, always in Polish time."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models.recruitment import CLOSED, SCHEDULED


def not_open(call, at=None):
    """Say why nothing is received by the call at this moment."""
    phase = call.phase(at)
    if phase == SCHEDULED:
        yield _("The call opens on %s, Polish time.") % in_words(call.opens)
    if phase == CLOSED:
        yield _("The call closed on %s, Polish time.") % in_words(call.closes)


def in_words(moment):
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return date_format(local, "DATETIME_FORMAT")


def remaining(until, now=None):
    """Return the two largest parts of the time left: „3 dni i 4 godziny”."""
    seconds = int((until - (now or timezone.now())).total_seconds())
    if seconds < 60:
        return _("less than a minute")
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [
        ngettext("%d day", "%d days", days) % days if days else "",
        ngettext("%d hour", "%d hours", hours) % hours if hours else "",
        ngettext("%d minute", "%d minutes", minutes) % minutes if minutes and not days else "",
    ]
    return _(" and ").join(part for part in parts if part)
