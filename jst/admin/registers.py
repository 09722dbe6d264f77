"""The admin of registers: units, schools and the files they came from."""

from django.contrib import admin

from jst.models import Jst, JstPeriod, RegisterImport, School
from portal.admin import PortalModelAdmin, ReadOnlyAdmin

from .rows import ReadOnlyInline, UnitSearch


class PeriodInline(ReadOnlyInline):
    model = JstPeriod
    show_change_link = False


@admin.register(Jst)
class JstAdmin(UnitSearch, PortalModelAdmin):
    """Units come from the register; by hand only the office and its mailbox are kept."""

    list_display = ["name", "kind", "code", "county_code", "parent", "abolished_on"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["search"]
    fields = ["name", "kind", "code", "county_code", "parent", "abolished_on", "office_name", "mailbox"]
    readonly_fields = ["name", "kind", "code", "county_code", "parent", "abolished_on"]
    inlines = [PeriodInline]

    def has_add_permission(self, request):
        return False


@admin.register(School)
class SchoolAdmin(PortalModelAdmin):
    list_display = ["name", "town", "kind", "rspo", "authority", "pupils"]
    list_select_related = ["authority"]
    search_fields = ["name", "town", "rspo"]
    autocomplete_fields = ["authority"]


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadOnlyAdmin):
    list_display = ["source", "as_of", "file_name", "applied_at", "applied_by"]
    list_select_related = ["applied_by"]
