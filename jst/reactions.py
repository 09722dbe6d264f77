"""What follows in this app from its own events: units enter the edition, copies get their calls."""

from datetime import timedelta

from jst import admission
from jst.calls import copy_call
from jst.handover import succeed
from jst.models import Call


def copy_calls(event):
    """Copy the calls of an edition with it, every date moved by as many days; nobody sees the copies yet."""
    shift = timedelta(days=event.data["days"])
    for call in Call.objects.filter(edition=event.data["source"]).order_by("pk"):
        copy_call(call, event.jstevent.edition, shift, event.actor)


REACTIONS = {
    "jst.invitation.accept": succeed,
    "jst.application.accept": admission.admit_accepted,
    "jst.application.take": admission.admit_taken,
    "jst.edition.copy": copy_calls,
}
