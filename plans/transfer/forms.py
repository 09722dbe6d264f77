"""The forms by which a file is brought in."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.forms.base import PortalForm
from plans.transfer.reading import ENDINGS
from plans.uploads import CSV, KINDS, MAX_MEGABYTES, check_upload

SHEETS = {ending: kind for ending, kind in (KINDS | CSV).items() if ending in ENDINGS}


class DocumentForm(PortalForm):
    """One section as a text document."""

    file = forms.FileField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy("The DOCX file of this section, up to %d MB.") % MAX_MEGABYTES,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".docx"

    def clean_file(self):
        sentence = _("Choose the document that you downloaded from this section (DOCX).")
        return check_upload(self.cleaned_data["file"], {".docx": KINDS[".docx"]}, sentence)


class SheetForm(PortalForm):
    """A spreadsheet of rows."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("XLSX, ODS or CSV, up to %d MB.") % MAX_MEGABYTES,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(SHEETS)

    def clean_file(self):
        sentence = _("Choose a spreadsheet: XLSX, ODS or CSV.")
        return check_upload(self.cleaned_data["file"], SHEETS, sentence)
