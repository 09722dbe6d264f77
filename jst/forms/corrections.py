"""Forms of corrections by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.models import Jst

from .base import PortalForm

MOST_FOUND = 20
OTHER = "inny"


def reason_field(example):
    return forms.CharField(label=_("Reason"), max_length=300, help_text=example)


class CorrectionForm(PortalForm):
    """The right value of one field of a unit or school, as the model checks it."""

    def __init__(self, *args, subject, field, **kwargs):
        super().__init__(*args, initial={"value": getattr(subject, field)}, **kwargs)
        self.fields["value"] = subject._meta.get_field(field).formfield()
        # It is the office's, not that of the person who writes: a browser has nothing to fill in.
        self.fields["value"].widget.attrs["autocomplete"] = "off"
        self.fields["reason"] = reason_field(
            _("How you know it. For example: the school’s letter of 3 March.")
        )


class AuthorityForm(PortalForm):
    """Which of the units found runs the school, or that another body does."""

    authority = forms.ChoiceField(label=_("Running authority"), widget=forms.RadioSelect)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        other = (OTHER, _("another body, no local government"))
        self.fields["authority"].choices = [*units, other]
        self.fields["reason"] = reason_field(
            _("How you know it. For example: the founding act of the school.")
        )

    @property
    def chosen(self):
        """Return the unit chosen, or None for another body."""
        code = self.cleaned_data["authority"]
        return None if code == OTHER else Jst.objects.get(code=code)
