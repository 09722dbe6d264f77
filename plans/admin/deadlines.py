"""More time for one plan."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.admin.base import UnitSearch
from plans.deadlines import extend_deadline
from plans.models import DeadlineExtension
from portal.admin import RecordedAdmin


class ExtensionForm(forms.ModelForm):
    def clean_until(self):
        until = self.cleaned_data["until"]
        if until <= timezone.now():
            raise ValidationError(_("Choose a time that has not passed yet."))
        return until


@admin.register(DeadlineExtension)
class DeadlineExtensionAdmin(UnitSearch, RecordedAdmin):
    """More time for one plan. It is given once and stays; the latest one counts."""

    begin = staticmethod(extend_deadline)
    ending = ()
    form = ExtensionForm
    list_display = ["plan", "until", "reason", "by", "at"]
    list_select_related = ["plan__participation__jst", "plan__participation__edition", "by"]
    search_fields = ["plan__participation__jst__search"]
    autocomplete_fields = ["plan"]
