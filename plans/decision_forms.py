"""Forms of ORE: giving a plan to an expert, preparing a decision, releasing decisions together."""

from datetime import timedelta

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.models import Decision
from plans.uploads import MAX_MEGABYTES, check_upload

MAX_TEXT = 20_000
MAX_OWN_WORDS = 2_000

NOT_PAST = _("Choose a day that has not passed yet.")


def day_field(label, **kwargs):
    widget = forms.DateInput(attrs={"placeholder": "dd.mm.rrrr", "class": "short"})
    return forms.DateField(label=label, widget=widget, **kwargs)


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


class AssignForm(forms.Form):
    """The expert to ask, chosen from those shown, and until when."""

    expert = forms.ModelChoiceField(
        queryset=None,
        label=_("Expert"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an expert."),
            "invalid_choice": _("Choose one of the experts of the list."),
        },
    )
    due = day_field(_("Review due"), error_messages={"required": _("Say until when the review is due.")})

    def __init__(self, data=None, *, experts, days):
        super().__init__(data, initial={"due": in_days(days)})
        # Checked against all who may review, while the page draws only those it shows.
        self.fields["expert"].queryset = experts

    def clean_due(self):
        if self.cleaned_data["due"] < timezone.localdate():
            raise forms.ValidationError(NOT_PAST)
        return self.cleaned_data["due"]


class ExpertFilter(forms.Form):
    """Narrows the list of experts by name; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the expert"), required=False, max_length=100)

    def apply(self, experts):
        if not self.is_valid():
            return experts
        for word in self.cleaned_data["szukaj"].split():
            named = Q(person__first_name__icontains=word) | Q(person__last_name__icontains=word)
            experts = experts.filter(named)
        return experts


class DecisionForm(forms.Form):
    """ORE's decision on one version. `seen` tells which state of a prepared decision the person changed."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=Decision.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The team will read it word for word, on the plan's page and in the letter."),
        error_messages={"required": _("Write the reason.")},
    )
    own_words = forms.CharField(
        label=_("Own words in the letter"),
        required=False,
        max_length=MAX_OWN_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A paragraph after the reason, for example whom to ask. It stands in the letter alone."),
    )
    sections = forms.MultipleChoiceField(
        label=_("Sections to correct"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for a return. The team can change only these; all others stay locked."),
    )
    due = day_field(
        _("Corrections due"), required=False, help_text=_("Only for a return. Until the end of that day.")
    )
    without_reviews = forms.CharField(
        label=_("Why without all reviews"),
        required=False,
        max_length=300,
        help_text=_("Only when the plan is accepted before all experts have handed in."),
    )
    report = forms.FileField(
        label=_("Report or letter of ORE"),
        required=False,
        help_text=_(
            "Optional. PDF, Word, Excel, OpenDocument or a picture, up to %d MB. "
            "The team opens it on the plan's page after the release."
        )
        % MAX_MEGABYTES,
    )
    without_report = forms.BooleanField(label=_("Remove the attached file"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, files=None, *, sections, suggested, decision, reviews_missing, days):
        self.decision, self.reviews_missing = decision, reviews_missing
        initial = {"sections": sorted(suggested), "due": in_days(days), "seen": stamp(decision)}
        if decision:
            names = ("outcome", "reason", "own_words", "without_reviews")
            initial |= {name: getattr(decision, name) for name in names}
        if decision and decision.outcome == Decision.Outcome.RETURN:
            initial |= {"sections": decision.sections, "due": decision.due}
        super().__init__(data, files, initial=initial)
        self.fields["sections"].choices = [(section.key, section.title) for section in sections]
        if not reviews_missing:
            del self.fields["without_reviews"]
        if not decision or not decision.report_id:
            del self.fields["without_report"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_due(self):
        due = self.cleaned_data["due"]
        is_return = self.cleaned_data.get("outcome") == Decision.Outcome.RETURN
        if is_return and due and due < timezone.localdate():
            raise forms.ValidationError(NOT_PAST)
        return due

    def clean_report(self):
        return check_upload(self.cleaned_data["report"]) if self.cleaned_data["report"] else None

    def clean(self):
        said = super().clean()
        outcome = said.get("outcome")
        if outcome == Decision.Outcome.RETURN:
            if not said.get("sections"):
                self.add_error("sections", _("Choose at least one section to correct."))
            if not said.get("due") and "due" not in self.errors:
                self.add_error("due", _("Say until when the corrections are due."))
        if outcome == Decision.Outcome.ACCEPT and self.reviews_missing and not said.get("without_reviews"):
            self.add_error("without_reviews", _("Say why the plan is accepted without all reviews."))
        if said.get("seen", "") != stamp(self.decision):
            # The page that comes back is about what is stored now.
            self.data = self.data.copy()
            self.data["seen"] = stamp(self.decision)
            raise forms.ValidationError(
                _("Somebody else changed this decision in the meantime. Read it again, then save.")
            )
        return said

    def words(self):
        """Return what `decisions.prepare_decision` takes; only for a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def stamp(decision):
    """Return what tells one state of a prepared decision from another; empty where there is none."""
    return f"{decision.pk}:{decision.prepared_at.isoformat()}" if decision else ""
