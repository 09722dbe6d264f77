"""What the admin pages of this app share: rows changed elsewhere, and search without Polish letters."""

from django.contrib import admin

from jst.spelling import folded


class ReadOnlyInline(admin.TabularInline):
    """Rows that belong to the object and are changed elsewhere."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class UnitSearch:
    """Search that finds a unit with and without Polish letters, and people as they are written."""

    def get_search_results(self, request, queryset, search_term):
        found, _more = super().get_search_results(request, queryset, search_term)
        plain, _more = super().get_search_results(request, queryset, folded(search_term))
        return found | plain, True
