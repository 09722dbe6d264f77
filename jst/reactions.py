"""What follows within this app from its own events."""

from jst.handover import succeed

REACTIONS = {"jst.invitation.accept": succeed}
