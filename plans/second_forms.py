"""The form of a second opinion on a review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.forms.base import PortalForm

MOST = 4000


class SecondOpinionForm(PortalForm):
    """Whether one agrees with another's review, and why; who disagrees says why."""

    agrees = forms.ChoiceField(
        label=_("Do you agree with this review?"),
        choices=[("yes", _("I agree")), ("no", _("I disagree"))],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose whether you agree.")),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Needed where you disagree. ORE and the experts who have judged this version read it. "
            "Never the team."
        ),
    )

    def __init__(self, data=None, *, said=None):
        """Begin with what was `said` before, if anything."""
        initial = {"agrees": "yes" if said.agrees else "no", "reason": said.reason} if said else {}
        super().__init__(data, initial=initial)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("agrees") == "no" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why you disagree."))
        return cleaned

    def words(self):
        """Return what `seconding.second` takes; only for a valid form."""
        return {"agrees": self.cleaned_data["agrees"] == "yes", "reason": self.cleaned_data["reason"]}
