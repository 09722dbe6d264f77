"""Forms with which a team works together."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from jst.permissions import is_lead
from plans.models import InternalComment
from plans.teamwork import writers_of


class CareForm(forms.Form):
    """Who looks after a section, and until when."""

    owner = forms.ModelChoiceField(
        None, label=_("Who looks after the section"), required=False, empty_label=_("nobody yet")
    )
    due = forms.DateField(
        label=_("Internal due date"),
        required=False,
        help_text=_("Only your team sees it, for example 30.09.2026. ORE's deadline stays as it is."),
        widget=forms.DateInput(attrs={"class": "short"}),
    )

    def __init__(self, *args, version, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = writers_of(version.plan.participation)
        if not is_lead(user, version.plan.participation):
            people = people.filter(pk=user.pk)
        self.fields["owner"].queryset = people
        self.helper = FormHelper()
        self.helper.form_tag = False


class CommentForm(forms.Form):
    """A word to the team about a section or one row of it."""

    body = forms.CharField(
        label=_("Comment"),
        max_length=InternalComment._meta.get_field("body").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your team reads it. ORE and the experts never see it."),
    )
    row_uid = forms.TypedChoiceField(label=_("About"), required=False, empty_value=None)

    def __init__(self, *args, rows, by_caretaker=False, **kwargs):
        super().__init__(*args, **kwargs)
        if by_caretaker:
            self.fields["body"].help_text = _(
                "The team reads it, marked as the caretaker's. ORE and the experts never see it."
            )
        if rows:
            self.fields["row_uid"].choices = [("", _("the whole section")), *rows]
        else:
            del self.fields["row_uid"]
        self.helper = FormHelper()
        self.helper.form_tag = False
