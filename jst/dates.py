"""Which dates of an edition move with it when it is copied."""

from django.utils.translation import gettext as _

from jst.models import Call


def edition_dates(edition):
    """Return (label, date or moment) of the edition itself and of its calls."""
    dates = [(_("Beginning"), edition.since), (_("Last day"), edition.until)]
    for call in Call.objects.filter(edition=edition).order_by("pk"):
        dates += [
            (_("Call opens: %s") % call.title, call.opens),
            (_("Call closes: %s") % call.title, call.closes),
        ]
    return dates
