"""What the pages of plans in the admin have in common."""

from django.contrib import admin

from jst.spelling import folded
from portal.admin import ProcessAdmin


class UnitSearch:
    """Search that finds a unit with and without Polish letters."""

    def get_search_results(self, request, queryset, search_term):
        found, _more = super().get_search_results(request, queryset, search_term)
        plain, _more = super().get_search_results(request, queryset, folded(search_term))
        return found | plain, True


class PartInline(admin.TabularInline):
    """Rows that may be changed as long as the whole they belong to may be."""

    extra = 1

    def may_change(self, request, obj):
        return self.admin_site.get_model_admin(self.parent_model).has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.may_change(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.may_change(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.may_change(request, obj)


class MovedAdmin(UnitSearch, ProcessAdmin):
    """Objects of which nothing is typed here: they are shown and moved. `staff_moves` may be made in bulk."""

    staff_moves = frozenset()

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        return [*dict.fromkeys([*self.fields, *super().get_readonly_fields(request, obj)])]

    def get_fields(self, request, obj=None):
        return [*self.fields, "what_happened"]

    def get_actions(self, request):
        offered = {f"move_{name}" for name in self.staff_moves}
        return {name: action for name, action in super().get_actions(request).items() if name in offered}

    def save_model(self, request, obj, form, change):
        """Store nothing: an old copy of the row must not overwrite a move made meanwhile."""

    def render_change_form(self, request, context, **kwargs):
        context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context, **kwargs)
