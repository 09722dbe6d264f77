"""The admin of registers: units, schools and the files they came from."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jst.models import ExamResult, Jst, JstPeriod, Population, RegisterImport, School
from portal.admin import ReadOnlyAdmin

from .rows import ReadOnlyInline, UnitSearch


class PeriodInline(ReadOnlyInline):
    model = JstPeriod
    show_change_link = False


@admin.register(Jst)
class JstAdmin(UnitSearch, ReadOnlyAdmin):
    """Units come from the registers; „View on site” leads to the page where fields are corrected by hand."""

    list_display = ["placed_name", "code", "county_code", "abolished_on"]
    list_filter = ["kind"]
    list_select_related = ["parent__parent"]
    search_fields = ["search"]
    exclude = ["search", "sort_key"]
    inlines = [PeriodInline]

    def get_queryset(self, request):
        # The lists of choices of other pages come from here: units of one name are told apart by their place.
        return super().get_queryset(request).select_related("parent__parent")

    @admin.display(description=_("local government"), ordering="sort_key")
    def placed_name(self, unit):
        return unit.placed_name


@admin.register(School)
class SchoolAdmin(UnitSearch, ReadOnlyAdmin):
    """Schools come from the RSPO register; „View on site” leads to the page where they are corrected."""

    list_display = ["name", "town", "kind", "rspo", "authority", "pupils"]
    list_select_related = ["authority"]
    search_fields = ["search"]
    exclude = ["search", "sort_key"]


@admin.register(RegisterImport)
class RegisterImportAdmin(ReadOnlyAdmin):
    """Imports are made at /rejestry/; „View on site” leads to what one changed."""

    list_display = ["source", "as_of", "file_name", "applied_at", "applied_by"]
    list_select_related = ["applied_by"]


@admin.register(Population)
class PopulationAdmin(UnitSearch, ReadOnlyAdmin):
    """Figures come from the files of GUS, imported at /rejestry/."""

    list_display = ["unit", "year", "people", "women", "men"]
    list_filter = ["year"]
    list_select_related = ["jst__parent__parent", "register_import"]
    search_fields = ["jst__search"]
    fields = ["unit", "year", "people", "women", "men", "file"]

    @admin.display(description=_("local government"), ordering="jst__sort_key")
    def unit(self, population):
        return population.jst.placed_name

    @admin.display(description=_("file"))
    def file(self, population):
        return population.register_import.file_name


@admin.register(ExamResult)
class ExamResultAdmin(UnitSearch, ReadOnlyAdmin):
    """Results come from the files of CKE, imported at /rejestry/."""

    list_display = ["tested", "year", "subject", "takers", "mean", "median"]
    list_filter = ["year", "subject"]
    list_select_related = ["school", "register_import"]
    search_fields = ["school__search"]
    fields = ["tested", "year", "subject", "takers", "mean", "median", "deviation", "file"]

    @admin.display(description=_("school"), ordering="school__sort_key")
    def tested(self, result):
        return result.school.name

    @admin.display(description=_("file"))
    def file(self, result):
        return result.register_import.file_name
