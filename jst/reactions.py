"""What follows in this app from its own events: units enter the edition, copies get their calls."""

from datetime import timedelta

from django.utils.translation import gettext as _

from jst import admission
from jst.calls import copy_call
from jst.handover import succeed
from jst.models import Call, ParticipantData
from portal.models import AccessRecord
from portal.workflow import note


def copy_calls(event):
    """Copy the calls of an edition with it, every date moved by as many days; nobody sees the copies yet."""
    shift = timedelta(days=event.data["days"])
    for call in Call.objects.filter(edition=event.data["source"]).order_by("pk"):
        copy_call(call, event.jstevent.edition, shift, event.actor)


def record_reading(event):
    """An extract made by somebody else reads the person's restricted data: recorded as every reading is."""
    person = event.personevent.person
    if event.actor_id == person.pk:
        return
    for data in ParticipantData.objects.filter(person=person).select_related("project"):
        names = sorted(data.values.values_list("field", flat=True))
        record = AccessRecord(person=person, matter=data.project.number, fields=names)
        note("jst.data.read", by=event.actor, about=record, comment=_("An extract for the person."))


REACTIONS = {
    "jst.invitation.accept": succeed,
    "jst.application.accept": admission.admit_accepted,
    "jst.application.take": admission.admit_taken,
    "jst.edition.copy": copy_calls,
    "portal.person.extract": record_reading,
}
