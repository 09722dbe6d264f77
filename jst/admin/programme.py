"""The admin of projects and their editions."""

from django.contrib import admin

from jst.models import Edition, Project
from portal.admin import PortalModelAdmin


@admin.register(Project)
class ProjectAdmin(PortalModelAdmin):
    list_display = ["title", "number", "programme", "since", "until"]
    search_fields = ["title", "number"]


@admin.register(Edition)
class EditionAdmin(PortalModelAdmin):
    list_display = ["name", "kind", "project", "since", "until"]
    list_filter = ["kind"]
    list_select_related = ["project"]
    search_fields = ["name", "project__title"]
    autocomplete_fields = ["project"]
