"""Reviews handed in, the ledger of remarks, decisions."""

from django.contrib import admin
from django.urls import reverse

from plans.admin.base import MovedAdmin, UnitSearch
from plans.models import Decision, Remark, Review
from plans.workflow import REMARK, REVIEW
from portal.admin import ReadOnlyAdmin

UNIT_OF_VERSION = ("version__plan__participation__jst", "version__plan__participation__edition")


@admin.register(Review)
class ReviewAdmin(MovedAdmin):
    """Reviews handed in; experts are asked on the page of the plan."""

    workflow = REVIEW
    staff_moves = frozenset({"reopen"})
    list_display = ["version", "expert", "due", "status", "recommendation"]
    list_filter = ["recommendation"]
    list_select_related = [*UNIT_OF_VERSION, "expert__person"]
    search_fields = ["version__plan__participation__jst__search", "expert__person__last_name"]
    fields = ["version", "expert", "due", "status", "recommendation"]


@admin.register(Remark)
class RemarkAdmin(MovedAdmin):
    """The ledger of remarks. Answers are read in the portal once they have been sent."""

    workflow = REMARK
    staff_moves = frozenset({"confirm", "waive"})
    list_display = ["plan", "section", "kind", "status", "created_at"]
    list_filter = ["kind", "status"]
    list_select_related = ["plan__participation__jst", "plan__participation__edition"]
    search_fields = ["plan__participation__jst__search"]
    fields = ["plan", "version", "section", "kind", "body", "status", "created_at"]

    def get_view_on_site_url(self, obj=None):
        return obj.plan.get_absolute_url() if obj else None


@admin.register(Decision)
class DecisionAdmin(UnitSearch, ReadOnlyAdmin):
    """Decisions, prepared and released; they are made on the page of the version."""

    list_display = ["version", "outcome", "prepared_by", "prepared_at", "released_by", "released_at"]
    list_filter = ["outcome"]
    list_select_related = [*UNIT_OF_VERSION, "prepared_by", "released_by"]
    search_fields = ["version__plan__participation__jst__search"]

    def get_view_on_site_url(self, obj=None):
        return reverse("plans:decision", args=[obj.version.plan_id, obj.version.number]) if obj else None
