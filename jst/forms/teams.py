"""Forms of the pages of a team."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from jst.models import Edition, Jst, Participation, TeamMembership
from jst.models.dated import today
from jst.teams import RIGHTS
from portal.accounts import check_name
from portal.models import User

from .base import PortalForm

# A list of choices longer than this is a search, not a list.
MAX_EDITIONS = 50

RIGHTS_IN_WORDS = [
    ("is_lead", _("Leads the team: invites people, writes the plan, answers for it")),
    ("is_author", _("Writes the plan")),
    ("is_signatory", _("Signs the plan and so sends it to ORE")),
]


class RightsForm(PortalForm):
    """What a member may do besides reading."""

    rights = forms.MultipleChoiceField(
        label=_("Rights"),
        choices=RIGHTS_IN_WORDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Everybody in the team reads the plan. Mark what else this person may do."),
    )


class InviteForm(RightsForm):
    """Whom to invite, in what function and with which rights."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    first_name = forms.CharField(label=_("First name"), max_length=150, validators=[check_name])
    last_name = forms.CharField(label=_("Last name"), max_length=150, validators=[check_name])
    function = forms.CharField(
        label=_("Function in the office"),
        max_length=150,
        required=False,
        help_text=_("For example: head of the education department."),
    )
    role_kind = forms.ChoiceField(
        label=_("Kind of role"),
        choices=[("", _("not given")), *TeamMembership.RoleKind.choices],
        required=False,
    )

    since = forms.DateField(
        label=_("In the team from"), required=False, help_text=_("Empty: from the day the person joins.")
    )
    until = forms.DateField(
        label=_("In the team to"),
        required=False,
        help_text=_("The first day on which the person is not in the team any more. Empty: no end is set."),
    )

    field_order = ["email", "first_name", "last_name", "function", "role_kind", "rights", "since", "until"]

    def clean(self):
        found = super().clean()
        since, until = found.get("since"), found.get("until")
        if until and until <= max(since or today(), today()):
            self.add_error(
                "until", _("Give a later day: the end must lie after today and after the beginning.")
            )
        return found

    def values(self):
        """Return what `invitations.invite` takes."""
        found = dict(self.cleaned_data)
        chosen = found.pop("rights")
        return found | {right: right in chosen for right in RIGHTS}


class ChangeRightsForm(RightsForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class EndMembershipForm(PortalForm):
    on = forms.DateField(
        label=_("Ends on"),
        initial=today,
        required=False,
        help_text=_(
            "Today: the person sees nothing from now on. A later day: until then all stays as it is."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The person will read it in the letter. For example: left the office."),
    )

    def clean_on(self):
        day = self.cleaned_data["on"] or today()
        if day < today():
            raise forms.ValidationError(_("Give today or a later day."))
        return day


class JoinForm(PortalForm):
    """What a person without an account gives to join a team."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        validators=[check_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        validators=[check_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters. Three or four words that do not belong together are best."),
    )

    def __init__(self, *args, invitation, **kwargs):
        names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        super().__init__(*args, initial=names, **kwargs)
        self.email = invitation.email

    def clean(self):
        found = super().clean()
        person = User(email=self.email, **{name: found.get(name, "") for name in ("first_name", "last_name")})
        if password := found.get("password"):
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return found


class TeamFilter(forms.Form):
    """Words of a name, kind of unit, edition and status; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("all")), *Jst.Kind.choices[:-1]]
    )
    edycja = forms.ChoiceField(label=_("Edition"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("all")), *Participation.Status.choices]
    )
    bez_lidera = forms.BooleanField(label=_("Only teams without a lead"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        editions = Edition.objects.run_by(user)
        options = [(str(pk), name) for pk, name in editions.values_list("pk", "name")[:MAX_EDITIONS]]
        self.fields["edycja"].choices = [("", _("all")), *options]
        if not options:
            del self.fields["edycja"], self.fields["bez_lidera"]

    def apply(self, participations):
        """Return those of `participations` that fit what was asked."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("szukaj"):
            participations = participations.filter(jst__in=Jst.objects.search(words))
        if kind := wanted.get("rodzaj"):
            participations = participations.filter(jst__kind=kind)
        if edition := wanted.get("edycja"):
            participations = participations.filter(edition=edition)
        if status := wanted.get("status"):
            participations = participations.filter(status=status)
        if wanted.get("bez_lidera"):
            participations = participations.without_lead()
        return participations
