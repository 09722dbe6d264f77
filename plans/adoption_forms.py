"""Forms of what comes after acceptance: how the plan was adopted, and whether everybody may read it."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.decision_forms import day_field
from plans.models import AdoptionAct, Challenge
from plans.uploads import MAX_MEGABYTES, check_upload

MAX_CHALLENGES = 5


class AdoptionForm(forms.Form):
    """How the accepted plan was adopted; nothing but the form of the act has to be told."""

    form = forms.ChoiceField(
        label=_("How the plan was adopted"),
        choices=AdoptionAct.Form.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how the plan was adopted. “No separate act” is an answer too.")
        },
    )
    number = forms.CharField(
        label=_("Number of the act"),
        max_length=100,
        required=False,
        help_text=_("As it stands in the document, for example XXII/187/2026."),
    )
    adopted_on = day_field(_("Date of the act"), required=False)
    organ = forms.CharField(
        label=_("Who adopted it"),
        max_length=200,
        required=False,
        help_text=_("For example: the council of the gmina, the county board, the mayor."),
    )
    address = forms.URLField(
        label=_("Address in the public bulletin (BIP)"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    scan = forms.FileField(
        label=_("Scan or file of the act"),
        required=False,
        help_text=_(
            "PDF, Word, Excel, OpenDocument or a picture, up to %d MB. Only the team and ORE open it."
        )
        % MAX_MEGABYTES,
    )

    def __init__(self, data=None, files=None, *, act=None):
        names = ("form", "number", "adopted_on", "organ", "address")
        super().__init__(data, files, initial={name: getattr(act, name) for name in names} if act else {})
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_adopted_on(self):
        day = self.cleaned_data["adopted_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Record the act once it is adopted."))
        return day

    def clean_scan(self):
        return check_upload(self.cleaned_data["scan"]) if self.cleaned_data["scan"] else None

    def words(self):
        """Return what `adopting.record_adoption` takes; only for a valid form."""
        said = dict(self.cleaned_data)
        return said | {"upload": said.pop("scan")}


class PublishForm(forms.Form):
    """The team's consent: to this version or to later ones too, and which challenges the plan answers."""

    THIS, LATER = "this", "later"

    reach = forms.ChoiceField(
        label=_("What you agree to"),
        choices=[
            (
                THIS,
                _("publish the plan as it is accepted now; we will be asked again about each later version"),
            ),
            (LATER, _("publish the plan and each later version that ORE accepts")),
        ],
        widget=forms.RadioSelect,
    )
    challenges = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Challenges that the plan answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to five. Other local governments find the plan by them."),
    )

    def __init__(self, data=None, *, plan):
        chosen = plan.challenge_links.values_list("challenge", flat=True)
        reach = self.LATER if plan.publishes_later else self.THIS
        super().__init__(data, initial={"reach": reach, "challenges": list(chosen)})
        offered = Challenge.objects.all()
        self.fields["challenges"].queryset = offered
        if not offered:
            del self.fields["challenges"]
        elif any(challenge.is_sample for challenge in offered):
            self.fields["challenges"].help_text = _(
                "Up to five. Other local governments find the plan by them. "
                "This list is a sample; ORE will set it."
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_challenges(self):
        chosen = self.cleaned_data["challenges"]
        if len(chosen) > MAX_CHALLENGES:
            raise forms.ValidationError(_("Choose at most five challenges: those that matter most."))
        return chosen

    def words(self):
        """Return what `publishing.publish_plan` takes; only for a valid form."""
        said = self.cleaned_data
        return {"later_too": said["reach"] == self.LATER, "challenges": list(said.get("challenges", []))}
