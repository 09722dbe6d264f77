"""Forms of this app that are not a section, a review or a decision."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.models import Evidence, Plan
from plans.uploads import MAX_MEGABYTES, check_upload, files_of


class AboutForm(forms.Form):
    """Scope, title and years of a plan; without `may_rescope` the scope stays what it is."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Scope of the plan"),
        choices=Plan.Scope.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("It may be changed until the plan is sent for the first time."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        help_text=gettext_lazy("As it will stand on the cover. You may change it until the plan is sent."),
    )
    year_from = forms.IntegerField(label=gettext_lazy("First year"), min_value=2016, max_value=2100)
    year_to = forms.IntegerField(label=gettext_lazy("Last year"), min_value=2016, max_value=2100)

    def __init__(self, data=None, *, initial, may_rescope=True):
        super().__init__(data, initial=initial)
        for name in ("year_from", "year_to"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short"})
        if not may_rescope:
            del self.fields["scope"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("year_from"), cleaned.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", _("The last year cannot be before the first."))
        return cleaned


class StartForm(AboutForm):
    """What the lead says before the first section: scope, title and years, and what to begin with."""

    earlier = forms.ChoiceField(
        label=gettext_lazy("What to begin with"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Texts, goals, actions, indicators and support of schools may come along."),
    )

    def __init__(self, data=None, *, participation, earlier=None):
        year = timezone.localdate().year
        initial = {
            "scope": Plan.Scope.WIDE,
            "title": _("Local plan for the development of education and support of schools"),
            "year_from": year,
            "year_to": year + 3,
        }
        super().__init__(data, initial=initial)
        self.earlier = earlier
        if earlier is None:
            del self.fields["earlier"]
        else:
            last = _("with the last plan of the unit: “%s”") % earlier.title
            self.fields["earlier"].choices = [("", _("with empty sections")), (str(earlier.pk), last)]

    def clean_earlier(self):
        return self.earlier if self.cleaned_data["earlier"] else None


class EvidenceForm(forms.Form):
    """A file to attach, with what it is. `uid` makes a repeated request the same attachment."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, Word, Excel, OpenDocument or a picture, up to %d MB.") % MAX_MEGABYTES,
        required=False,
    )
    stored = forms.ModelChoiceField(
        None,
        label=gettext_lazy("Or a file attached before"),
        required=False,
        empty_label=gettext_lazy("– a new file –"),
        help_text=gettext_lazy("One file may prove several things; it is not sent again."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of document"), choices=Evidence.Kind.choices)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    proves = forms.CharField(label=gettext_lazy("What it confirms"), max_length=300, required=False)

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stored"].queryset = files_of(plan)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return check_upload(upload) if upload else None

    def clean(self):
        cleaned = super().clean()
        if "file" in cleaned and "stored" in cleaned and bool(cleaned["file"]) == bool(cleaned["stored"]):
            self.add_error("file", _("Choose a new file, or one attached before."))
        return cleaned


class ReasonForm(forms.Form):
    """The comment of a move; compulsory where the table says so."""

    comment = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, required, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = required
        self.helper = FormHelper()
        self.helper.form_tag = False
