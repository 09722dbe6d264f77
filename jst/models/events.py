from django.db import models

from portal.models import EventCompanion

from .applications import Application
from .experts import ConflictDeclaration, Expert, ExpertAssignment
from .imports import RegisterImport, RegisterUpload
from .joining import JoinRequest, Nomination
from .programme import Edition, OperatorStaff, Project
from .recruitment import Call
from .register import Jst
from .schools import School
from .team import Invitation, Participation, SchoolScope, TeamMembership


class JstEventQuerySet(models.QuerySet):
    def with_words(self):
        """Load what the sentences of the history name, in the same query."""
        return self.select_related(
            "membership__person",
            "invitation",
            "join_request",
            "scope__school",
            "assignment__expert__person",
            "conflict__expert__person",
            "employee__person",
        )


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
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="events")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="events")
    employee = models.ForeignKey(OperatorStaff, on_delete=models.PROTECT, null=True, related_name="events")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="events")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="events")
    register_upload = models.ForeignKey(
        RegisterUpload, on_delete=models.PROTECT, null=True, related_name="events"
    )
    unit = models.ForeignKey(Jst, on_delete=models.PROTECT, null=True, related_name="events")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="events")
    join_request = models.ForeignKey(JoinRequest, on_delete=models.PROTECT, null=True, related_name="events")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, null=True, related_name="events")

    objects = JstEventQuerySet.as_manager()

    def __str__(self):
        return str(self.event)

    def words(self):
        """Return whom and what the sentence of the history names besides the person who acted."""
        if self.membership:
            person = self.membership.person
        elif self.invitation:
            person = f"{self.invitation.first_name} {self.invitation.last_name}"
        elif self.join_request:
            person = self.join_request.person
        elif self.assignment or self.conflict:
            person = (self.assignment or self.conflict).expert
        elif self.employee:
            person = self.employee.person
        elif "expert" in self.event.data:
            person = Expert.objects.select_related("person").get(pk=self.event.data["expert"])
        else:
            person = ""
        return {
            "person": person,
            "school": self.scope.school if self.scope else "",
            "field": self.field_words(),
        }

    def field_words(self):
        """Return the name of the field that a correction is about, with the value that it was given."""
        subject = self.unit or self.school
        if subject is None or "field" not in self.event.data:
            return ""
        label = subject._meta.get_field(self.event.data["field"]).verbose_name
        return f"{label}: {self.event.data['shown'] or '–'}"
