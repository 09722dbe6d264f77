"""Plans and their versions, as far as staff may see them: the text is read in the portal."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy

from plans.admin.base import MovedAdmin, UnitSearch
from plans.facts import title_read
from plans.models import Plan, PlanVersion
from plans.workflow import SILENT, VERSION
from portal.admin import ReadOnlyAdmin

STATUS_WORDS = dict(PlanVersion.Status.choices)


@admin.register(Plan)
class PlanAdmin(UnitSearch, ReadOnlyAdmin):
    """Plans with their progress; the text is read in the portal by those who may."""

    list_display = ["unit", "title", "scope", "edition", "number", "stage"]
    list_filter = ["scope", "participation__edition"]
    search_fields = ["participation__jst__search", "title"]
    readonly_fields = ["title"]
    fields = ["participation", "template", "title", "scope", "published_on"]

    def get_queryset(self, request):
        newest = PlanVersion.objects.filter(plan=OuterRef("pk")).order_by("-number")
        plans = super().get_queryset(request).for_list().titled_for(request.user)
        return plans.annotate(
            number=Subquery(newest.values("number")[:1]), stage=Subquery(newest.values("status")[:1])
        )

    @admin.display(description=gettext_lazy("local government"), ordering="participation__jst__sort_key")
    def unit(self, plan):
        return plan.participation.jst.full_name

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def title(self, plan):
        return title_read(plan.title)

    @admin.display(description=gettext_lazy("edition"))
    def edition(self, plan):
        return plan.participation.edition

    @admin.display(description=gettext_lazy("version"))
    def number(self, plan):
        return plan.number

    @admin.display(description=gettext_lazy("status"))
    def stage(self, plan):
        return STATUS_WORDS.get(plan.stage, "")


@admin.register(PlanVersion)
class PlanVersionAdmin(MovedAdmin):
    """Versions that were sent. Decisions are prepared and released on their own pages."""

    workflow = VERSION
    silent = SILENT
    staff_moves = frozenset({"start_review"})
    list_display = ["plan", "title", "number", "status", "register_number", "sent_at"]
    list_filter = ["status"]
    list_select_related = ["plan__participation__jst", "plan__participation__edition"]
    search_fields = ["plan__participation__jst__search", "register_number"]
    fields = [
        *("plan", "title", "year_from", "year_to"),
        *("number", "status", "register_number", "sent_at", "sha256"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("comparison")

    def page_arguments(self, obj, move):
        return [obj.plan_id, obj.number]
