"""The admin of experts, their work with units and their conflicts."""

from django.contrib import admin

from jst import experts
from jst.models import ConflictDeclaration, Expert, ExpertAssignment
from portal.admin import RecordedAdmin

from .rows import UnitSearch


@admin.register(Expert)
class ExpertAdmin(RecordedAdmin):
    begin = staticmethod(experts.appoint)
    end = staticmethod(experts.dismiss)

    list_display = ["person", "region", "since", "until"]
    list_filter = ["region"]
    list_select_related = ["person", "region"]
    search_fields = ["person__email", "person__last_name", "person__first_name"]
    autocomplete_fields = ["person"]


@admin.register(ExpertAssignment)
class ExpertAssignmentAdmin(UnitSearch, RecordedAdmin):
    begin = staticmethod(experts.assign)
    end = staticmethod(experts.end_assignment)

    list_display = ["expert", "role", "participation", "since", "until"]
    list_filter = ["role"]
    list_select_related = ["expert__person", "participation__jst", "participation__edition"]
    search_fields = ["expert__person__last_name", "expert__person__email", "participation__jst__search"]
    autocomplete_fields = ["participation", "expert"]


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(UnitSearch, RecordedAdmin):
    """Once declared a conflict stays: a plan judged in its shadow could not be defended."""

    begin = staticmethod(experts.declare_conflict)
    ending = ()

    list_display = ["expert", "jst", "reason", "declared_at"]
    list_select_related = ["expert__person", "jst"]
    search_fields = ["expert__person__last_name", "jst__search"]
    autocomplete_fields = ["expert", "jst"]
