from django.db import models

from portal.models import EventCompanion

from .experts import ConflictDeclaration, ExpertAssignment
from .register import RegisterImport
from .team import Invitation, Participation, SchoolScope, TeamMembership


class JstEvent(EventCompanion):
    """What an event of this app is about; the participation is there whenever there is one."""

    participation = models.ForeignKey(
        Participation, on_delete=models.PROTECT, null=True, related_name="events"
    )
    membership = models.ForeignKey(TeamMembership, on_delete=models.PROTECT, null=True, related_name="events")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, null=True, related_name="events")
    scope = models.ForeignKey(SchoolScope, on_delete=models.PROTECT, null=True, related_name="events")
    assignment = models.ForeignKey(
        ExpertAssignment, on_delete=models.PROTECT, null=True, related_name="events"
    )
    conflict = models.ForeignKey(
        ConflictDeclaration, on_delete=models.PROTECT, null=True, related_name="events"
    )
    register_import = models.ForeignKey(
        RegisterImport, on_delete=models.PROTECT, null=True, related_name="events"
    )

    def __str__(self):
        return str(self.event)
