"""The admin of what projects collect of their participants. The data themselves are not here."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from jst import participants
from jst.models import FieldOption, ParticipantDataSetup
from jst.participant_fields import ORDINARY
from portal.admin import PortalModelAdmin


class SetupForm(forms.ModelForm):
    """Which data are collected; PESEL has a switch of its own, off by default."""

    fields = forms.MultipleChoiceField(
        label=_("Data collected"),
        choices=[(field.name, field.label) for field in ORDINARY],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only what is marked is asked. Mark only what the contract of the project lists."),
    )
    erase = forms.BooleanField(
        label=_("Erase what was given in data that are no longer collected"), required=False
    )


@admin.register(ParticipantDataSetup)
class ParticipantDataSetupAdmin(PortalModelAdmin):
    """What a project collects is said by a verb, so that it is in the history with its legal basis."""

    form = SetupForm
    list_display = ["project", "profile", "dictionary", "pesel"]
    list_filter = ["profile", "pesel"]
    list_select_related = ["project"]
    search_fields = ["project__title", "project__number"]
    autocomplete_fields = ["project"]
    shown = ["project", "profile", "dictionary", "purpose", "legal_basis", "fields", "pesel", "pesel_basis"]

    def get_fields(self, request, obj=None):
        return [*self.shown, "erase"] if obj else self.shown

    def get_readonly_fields(self, request, obj=None):
        return ["project"] if obj else []

    def save_model(self, request, obj, form, change):
        participants.set_up(obj, by=request.user, erase=form.cleaned_data.get("erase", False))


@admin.register(FieldOption)
class FieldOptionAdmin(PortalModelAdmin):
    """The dictionaries of both profiles. A new version is a set of rows with another number."""

    list_display = ["value", "field", "profile", "version", "position", "offered"]
    list_filter = ["profile", "version", "field"]
    search_fields = ["value"]
