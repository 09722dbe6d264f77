"""The admin of experts, their work with units and their conflicts."""

from django.contrib import admin

from jst import experts
from jst.models import ConflictDeclaration, ConflictStatement, Expert, ExpertAssignment
from portal.admin import ReadOnlyAdmin, RecordedAdmin

from .rows import UnitSearch


@admin.register(Expert)
class ExpertAdmin(RecordedAdmin):
    begin = staticmethod(experts.appoint)
    end = staticmethod(experts.dismiss)

    list_display = ["person", "region", "capacity", "since", "until"]
    list_filter = ["region"]
    list_select_related = ["person", "region"]
    search_fields = ["person__email", "person__last_name", "person__first_name"]
    autocomplete_fields = ["person"]


@admin.register(ExpertAssignment)
class ExpertAssignmentAdmin(UnitSearch, RecordedAdmin):
    """Visits and advice are entered here; caretakers and their deputies on the page of the team."""

    begin = staticmethod(experts.assign)
    end = staticmethod(experts.end_assignment)

    list_display = ["expert", "role", "participation", "since", "until"]
    list_filter = ["role"]
    list_select_related = ["expert__person", "participation__jst", "participation__edition"]
    search_fields = ["expert__person__last_name", "expert__person__email", "participation__jst__search"]
    autocomplete_fields = ["participation", "expert"]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            entered = [
                (value, words) for value, words in db_field.choices if value not in db_field.model.CARING
            ]
            kwargs["choices"] = entered
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(UnitSearch, RecordedAdmin):
    """Once declared a conflict stays: a plan judged in its shadow could not be defended."""

    begin = staticmethod(experts.declare_conflict)
    ending = ()

    list_display = ["expert", "jst", "reason", "declared_at"]
    list_select_related = ["expert__person", "jst"]
    search_fields = ["expert__person__last_name", "jst__search"]
    autocomplete_fields = ["expert", "jst"]


@admin.register(ConflictStatement)
class ConflictStatementAdmin(ReadOnlyAdmin):
    list_display = ["expert", "edition", "stated_at"]
    list_select_related = ["expert__person", "edition"]
    search_fields = ["expert__person__last_name", "edition__name"]
