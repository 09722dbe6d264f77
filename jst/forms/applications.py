"""Forms of the pages of an application. A draft may stay empty anywhere; only the shape is checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.models import ApplicationPerson, Invitation, School, TeamMembership
from jst.problems import REASONS_LIMIT
from jst.teams import RIGHTS
from portal.accounts import check_name

from .base import PortalForm
from .teams import RIGHTS_IN_WORDS, JoinForm


class EmailForm(PortalForm):
    """The address to which the link goes."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        help_text=_("Best your address at work. A letter with a link comes to it."),
    )


class AccountForm(JoinForm):
    """The account of somebody who begins an application: the address is proven, the name not known yet."""

    def __init__(self, *args, link, **kwargs):
        super().__init__(*args, invitation=Invitation(email=link.email), **kwargs)


class UnitSearch(forms.Form):
    szukaj = forms.CharField(
        label=_("Name of the unit, its office or town"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class SchoolsForm(PortalForm):
    """The unit's own schools, each with a box. Ids come from the RSPO number, for links from problems."""

    schools = forms.ModelMultipleChoiceField(
        School.objects.none(),
        label=_("Schools and institutions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, schools, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["schools"].queryset = schools
        self.fields["schools"].label_from_instance = in_one_line


def in_one_line(school):
    return f"{school} ({school.kind.lower()}, RSPO {school.rspo})"


class PersonForm(PortalForm):
    """One person of the team, as far as known."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, required=False, validators=[check_name]
    )
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False, validators=[check_name])
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"spellcheck": "false"})
    )
    function = forms.CharField(label=_("Function in the office"), max_length=150, required=False)
    role_kind = forms.ChoiceField(
        label=_("Kind of role"),
        choices=[("", _("not given")), *TeamMembership.RoleKind.choices],
        required=False,
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=RIGHTS_IN_WORDS, widget=forms.CheckboxSelectMultiple, required=False
    )

    def values(self):
        """Return the fields of `ApplicationPerson`, or nothing where nothing was filled in."""
        found = dict(self.cleaned_data)
        chosen = found.pop("rights", [])
        if not any(found.values()) and not chosen:
            return None
        return found | {right: right in chosen for right in RIGHTS}


class PeopleFormSet(forms.BaseFormSet):
    """As many forms as the call takes people; those left empty are nobody."""

    def values(self):
        return [person for form in self.forms if (person := form.values())]


def people_formset(application, data=None):
    """Return the formset of an application's people."""
    kept = [
        {
            **{name: getattr(person, name) for name in PersonForm.base_fields if name != "rights"},
            "rights": [right for right in RIGHTS if getattr(person, right)],
        }
        for person in ApplicationPerson.objects.filter(application=application)
    ]
    most = max(application.call.people_max, len(kept))
    factory = forms.formset_factory(
        PersonForm, formset=PeopleFormSet, extra=most - len(kept), max_num=most, absolute_max=most
    )
    return factory(data, initial=kept)


class ReasonsForm(PortalForm):
    """Why, whom to ask, and the statement."""

    reasons = forms.CharField(
        label=_("Why the unit wants to take part"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10, "data-word-limit": REASONS_LIMIT}),
        help_text=_("What you want to change in the education of your unit, and how the team will work."),
    )
    contact_name = forms.CharField(
        label=_("Contact person"), max_length=150, required=False, validators=[check_name]
    )
    contact_function = forms.CharField(label=_("Function in the office"), max_length=150, required=False)
    contact_email = forms.EmailField(label=_("E-mail of the contact person"), required=False)
    contact_phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, help_text=_("May stay empty.")
    )
    statement = forms.BooleanField(
        label=_(
            "I state that the unit meets the conditions of the call and that the declared people know of it."
        ),
        required=False,
    )


class WithdrawForm(PortalForm):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("May stay empty.")
    )
