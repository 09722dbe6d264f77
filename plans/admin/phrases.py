"""The admin of the reusable remarks that ORE keeps for everybody; an expert's own are nobody else's."""

from django.contrib import admin

from plans.models import RemarkPhrase
from portal.admin import PortalModelAdmin


@admin.register(RemarkPhrase)
class RemarkPhraseAdmin(PortalModelAdmin):
    """Remarks worth writing again, for all experts."""

    list_display = ["title", "kind", "section"]
    list_filter = ["kind"]
    search_fields = ["title", "body"]
    fields = ["title", "kind", "section", "body"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(owner=None)
