"""Forms of register imports: the file, and the choice to apply it."""

from pathlib import PurePath

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.imports.registry import IMPORTS
from jst.models import Source

from .base import PortalForm

MEGABYTE = 1024 * 1024
# The register of schools is about 42 MB unpacked.
MAX_MEGABYTES = 100
ENDINGS = (".zip", ".csv", ".xml", ".xlsx")


class UploadForm(PortalForm):
    """Which register, and its official file as downloaded."""

    source = forms.ChoiceField(label=gettext_lazy("Register"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("Official file as downloaded"),
        help_text=gettext_lazy("ZIP, CSV, XML or XLSX, at most 100 MB. Do not change it before."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [choice for choice in Source.choices if choice[0] in IMPORTS]
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in ENDINGS:
            raise forms.ValidationError(_("Choose a file ZIP, CSV, XML or XLSX."))
        if file.size > MAX_MEGABYTES * MEGABYTE:
            words = {"size": file.size // MEGABYTE, "limit": MAX_MEGABYTES}
            raise forms.ValidationError(
                _("The file has %(size)d MB. Choose one of at most %(limit)d MB.") % words
            )
        return file


class SetAsideForm(PortalForm):
    """The choice to apply a file without the rows that cannot be used."""

    set_aside = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "It stays in the history of the import. For example: GUS knows of these rows."
        ),
    )

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["set_aside"].label = label
