"""The admin of calls: terms, questions, criteria, quotas. An opened call changes them only with a reason."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jst import calls
from jst.models import Call, EligibilityQuestion, Quota, ScoringCriterion
from jst.permissions import can_run_edition
from portal.admin import PortalModelAdmin


class CallForm(forms.ModelForm):
    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed once the call has opened. It stays in the history with what changed."),
    )


class TermsInline(admin.TabularInline):
    extra = 0


class QuestionInline(TermsInline):
    model = EligibilityQuestion


class CriterionInline(TermsInline):
    model = ScoringCriterion


class QuotaInline(TermsInline):
    model = Quota


@admin.register(Call)
class CallAdmin(PortalModelAdmin):
    """Calls for applications. „View on site” leads to the page that everybody sees."""

    form = CallForm
    list_display = ["title", "edition", "opens", "closes", "places", "is_published"]
    list_select_related = ["edition"]
    list_filter = ["is_published"]
    search_fields = ["title", "edition__name"]
    autocomplete_fields = ["edition"]
    prepopulated_fields = {"slug": ["title"]}
    inlines = [QuestionInline, CriterionInline, QuotaInline]

    def get_readonly_fields(self, request, obj=None):
        return ["edition", "slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_fields(self, request, obj=None):
        found = [name for name in super().get_fields(request, obj) if name != "reason"]
        return [*found, "reason"] if obj else found

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or can_run_edition(request.user, obj.edition))

    def save_model(self, request, obj, form, change):
        """A new call is saved at once; what changes in another waits for `save_related`, with its parts."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        if not change:
            super().save_related(request, form, formsets, change)
            return
        call = form.instance

        def apply():
            call.save()
            super(CallAdmin, self).save_related(request, form, formsets, change)

        opened = Call.objects.get(pk=call.pk).has_opened
        reason = form.cleaned_data.get("reason", "")
        calls.change(call, apply, reason=reason, by=request.user, has_opened=opened)
