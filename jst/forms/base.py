"""What the forms of this app share."""

from crispy_forms.helper import FormHelper
from django import forms


class PortalForm(forms.Form):
    """A form without a tag of its own: the page gives it the button and says what follows."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():
            if isinstance(field.widget, forms.DateInput):
                field.widget.attrs.setdefault("class", "short")


class ListFilter(forms.Form):
    """A filter whose fields have each a method `by_<field>(rows, value)`."""

    def apply(self, rows):
        """Return those of `rows` that fit what was asked."""
        for name, value in self.asked().items():
            rows = getattr(self, f"by_{name}")(rows, value)
        return rows

    def asked(self):
        """Return what was asked and understood, by field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def in_words(self):
        """Return what was asked as pairs of words, for the file of an export."""
        found = []
        for name, value in self.asked().items():
            field = self.fields[name]
            word = dict(field.choices)[value] if isinstance(field, forms.ChoiceField) else value
            found.append((field.label, word))
        return found

    def by_szukaj(self, rows, words):
        return rows.search(words)
