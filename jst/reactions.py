"""What follows in this app from its own events: an accepted application enters the unit in the edition."""

from jst import admission

REACTIONS = {
    "jst.application.accept": admission.admit_accepted,
    "jst.application.take": admission.admit_taken,
}
