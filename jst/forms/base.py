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
