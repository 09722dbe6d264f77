"""Forms of asking to join a team, of answering, of naming a lead and of handing the lead over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.models.team import OldLead
from portal.accounts import check_name
from portal.models.user import normal_email

from .base import PortalForm
from .teams import RightsForm


def name_field(label, autocomplete="off"):
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=150, validators=[check_name], widget=widget)


class FindTeamForm(forms.Form):
    szukaj = forms.CharField(
        label=_("Your local government"),
        required=False,
        max_length=100,
        help_text=_("The name of the unit, of its office or of the town of the office."),
    )


class AskForm(PortalForm):
    """Who asks to join, and a few words by which the lead knows the person."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        help_text=_("Best the one at the office. We send a letter there; its button sends the request."),
    )
    first_name = name_field(_("First name"), "given-name")
    last_name = name_field(_("Last name"), "family-name")
    function = forms.CharField(
        label=_("Function in the office"),
        max_length=150,
        required=False,
        help_text=_("For example: head of the education department."),
    )
    words = forms.CharField(
        label=_("A few words to the lead"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if user.is_authenticated:
            del self.fields["email"]
            self.initial = {"first_name": user.first_name, "last_name": user.last_name}

    def clean(self):
        found = super().clean()
        if self.user.is_authenticated:
            found["email"] = self.user.email
        elif "email" in found:
            found["email"] = normal_email(found["email"])
        return found


class AnswerForm(RightsForm):
    """What to do with a request to join; a reason is needed to decline it."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("approve", _("Invite the person with these rights")), ("decline", _("Decline"))],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed when you decline; the person will read it in the letter."),
    )

    field_order = ["answer", "rights", "comment"]

    def clean(self):
        found = super().clean()
        if found.get("answer") == "decline" and not found.get("comment", "").strip():
            self.add_error("comment", _("Give a reason."))
        return found


class NomineeForm(PortalForm):
    """Whom the office names the lead."""

    email = forms.EmailField(
        label=_("E-mail of the new lead"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first_name = name_field(_("First name"))
    last_name = name_field(_("Last name"))
    function = forms.CharField(label=_("Function in the office"), max_length=150, required=False)


class UndoForm(PortalForm):
    comment = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Everybody concerned will read it in the letter."),
    )


class HandOverForm(PortalForm):
    """Who leads next, and what becomes of the one who leads now."""

    old = forms.ChoiceField(label=_("Who hands over"), required=False)
    to = forms.ChoiceField(label=_("Who leads next"), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    first_name = forms.CharField(
        label=_("First name"), max_length=150, required=False, validators=[check_name]
    )
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False, validators=[check_name])
    becomes = forms.ChoiceField(label=_("What the lead of today becomes"), choices=OldLead.choices)

    SOMEBODY_ELSE = "new"

    def __init__(self, *args, leads, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old"].choices = [(str(row.pk), str(row.person)) for row in leads]
        if len(leads) == 1:
            self.fields["old"].widget = forms.HiddenInput()
            self.initial["old"] = str(leads[0].pk)
        self.fields["old"].required = len(leads) > 1
        people = [(str(row.pk), f"{row.person} ({', '.join(row.rights)})") for row in members]
        somebody = (self.SOMEBODY_ELSE, _("Somebody who is not in the team: write the address below"))
        self.fields["to"].choices = [*people, somebody]

    def clean(self):
        found = super().clean()
        if found.get("to") == self.SOMEBODY_ELSE:
            for name in ("email", "first_name", "last_name"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, _("Give this for a person who is not in the team."))
        return found
