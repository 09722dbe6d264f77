"""The admin of requests to join and of nominations: what happened, to be looked up."""

from django.contrib import admin

from jst.models import JoinRequest, Nomination
from jst.workflow import JOINING, NOMINATION
from portal.admin import ProcessAdmin

from .rows import UnitSearch


class LookedUpAdmin(UnitSearch, ProcessAdmin):
    """Rows that people make on the pages of the portal; their moves have pages of their own there."""

    list_filter = ["status"]
    list_select_related = ["participation__jst", "participation__edition"]
    exclude = ["nonce"]

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        fields = [field.name for field in self.opts.fields if field.name not in ("id", "nonce", "changed_at")]
        return [*dict.fromkeys([*fields, *super().get_readonly_fields(request, obj)])]


@admin.register(JoinRequest)
class JoinRequestAdmin(LookedUpAdmin):
    workflow = JOINING
    list_display = ["email", "participation", "status", "asked_on", "turn"]
    search_fields = ["email", "last_name", "participation__jst__search"]


@admin.register(Nomination)
class NominationAdmin(LookedUpAdmin):
    workflow = NOMINATION
    list_display = ["participation", "mailbox", "status", "created_at"]
    search_fields = ["mailbox", "participation__jst__search"]
