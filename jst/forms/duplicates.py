"""The form by which two accounts become one: which stays, and which name and address it has."""

from django import forms
from django.utils.translation import gettext as _

from jst.merges import CHOSEN

from .base import PortalForm

FIRST, SECOND = "a", "b"


class MergeForm(PortalForm):
    """A or B: which account stays, and whose name and address it has from now on."""

    def __init__(self, data=None, *, first, second):
        super().__init__(data)
        self.people = {FIRST: first, SECOND: second}
        self.fields["keep"] = self.either(_("Which account stays"), lambda person: person.email)
        for name, label in zip(CHOSEN, (_("First name"), _("Last name"), _("E-mail")), strict=True):
            # Where both say the same there is nothing to choose.
            if getattr(first, name) != getattr(second, name):
                self.fields[name] = self.either(label, lambda person, name=name: getattr(person, name) or "–")
        # What has been shown: the effect must still be the same when it is confirmed.
        self.fields["effect"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def either(self, label, words):
        choices = [(key, f"{key.upper()}: {words(person)}") for key, person in self.people.items()]
        return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)

    def pair(self):
        """Return (the account that stays, the account that is closed)."""
        keep = self.cleaned_data["keep"]
        return self.people[keep], self.people[SECOND if keep == FIRST else FIRST]

    def taken(self):
        """Return the fields that are taken from the account that is closed."""
        keep = self.cleaned_data["keep"]
        return [name for name in CHOSEN if self.cleaned_data.get(name, keep) != keep]
