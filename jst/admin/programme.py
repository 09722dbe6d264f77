"""The admin of calls, projects, operators, editions and their targets."""

from django import forms
from django.contrib import admin

from jst import editions, operators
from jst.models import Competition, Edition, LogoLine, Operator, OperatorStaff, Project, Target
from portal.admin import PortalModelAdmin, RecordedAdmin
from portal.indicators import indicators


@admin.register(Competition)
class CompetitionAdmin(PortalModelAdmin):
    list_display = ["title", "number", "announced_on", "projects_since", "allocation"]
    search_fields = ["title", "number"]
    filter_horizontal = ["voivodeships"]


class LogoLineInline(admin.TabularInline):
    """The lines of logos that the owner of the project has supplied; the one before ends first."""

    model = LogoLine
    extra = 0
    can_delete = False
    fields = ["picture", "alternative", "since", "until"]


@admin.register(Project)
class ProjectAdmin(PortalModelAdmin):
    list_display = ["title", "number", "stage", "programme", "since", "until"]
    list_filter = ["stage", "competition"]
    search_fields = ["title", "number"]
    autocomplete_fields = ["competition"]
    inlines = [LogoLineInline]


@admin.register(Operator)
class OperatorAdmin(PortalModelAdmin):
    list_display = ["name", "nip"]
    search_fields = ["name", "nip"]
    filter_horizontal = ["voivodeships"]


@admin.register(OperatorStaff)
class OperatorStaffAdmin(RecordedAdmin):
    """Who works for which operator; they run its editions in the portal and never enter this panel."""

    begin = staticmethod(operators.employ)
    end = staticmethod(operators.release)

    list_display = ["person", "operator", "since", "until"]
    list_filter = ["operator"]
    list_select_related = ["person", "operator"]
    search_fields = ["person__email", "person__last_name", "operator__name"]
    autocomplete_fields = ["operator", "person"]


@admin.register(Edition)
class EditionAdmin(PortalModelAdmin):
    """Editions. “View on site” leads to the page with the figures, from which the edition is copied."""

    list_display = ["name", "kind", "project", "operator", "since", "until"]
    list_filter = ["kind", "operator"]
    list_select_related = ["project", "operator"]
    search_fields = ["name", "project__title"]
    autocomplete_fields = ["project", "operator"]
    filter_horizontal = ["voivodeships"]

    def save_model(self, request, obj, form, change):
        if change and "operator" in form.changed_data:
            # The verb says who runs the edition; everything else is saved with the form.
            operators.entrust(Edition.objects.get(pk=obj.pk), obj.operator, by=request.user)
        super().save_model(request, obj, form, change)


class TargetForm(forms.ModelForm):
    """A target of one of the indicators that the portal computes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "indicator" not in self.fields:
            return
        choices = [(code, indicator.name) for code, indicator in indicators().items()]
        old = self.fields["indicator"]
        self.fields["indicator"] = forms.ChoiceField(label=old.label, choices=choices)


@admin.register(Target)
class TargetAdmin(PortalModelAdmin):
    form = TargetForm
    list_display = ["indicator", "value", "women", "men", "project", "edition", "is_sample"]
    list_filter = ["indicator", "is_sample"]
    list_select_related = ["project", "edition"]
    search_fields = ["project__title", "edition__name"]
    autocomplete_fields = ["project", "edition"]

    def save_model(self, request, obj, form, change):
        editions.set_target(obj, by=request.user)
