"""Forms of matters put to a person, and of one more section that ORE opens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.forms.base import PortalForm
from plans.models import Flag


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return str(person)


class FlagForm(PortalForm):
    """What the matter is and to whom it is put."""

    kind = forms.ChoiceField(label=_("Kind of matter"), choices=Flag.Kind.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("What it is about"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only you, the person you choose and ORE's coordinators will read it. Never the team."),
        error_messages={"required": _("Write what it is about.")},
    )
    addressee = PersonChoice(
        queryset=None,
        label=_("Who is to settle it"),
        empty_label=_("– choose –"),
        error_messages={
            "required": _("Choose who is to settle it."),
            "invalid_choice": _("Choose one of the people of the list."),
        },
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["addressee"].queryset = people
        self.initial.setdefault("kind", Flag.Kind.DOUBT)


class UnlockForm(PortalForm):
    """One more section of a returned plan to open, and why."""

    section = forms.ChoiceField(
        label=_("Section to open"), error_messages={"required": _("Choose the section.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The team reads it in the history of the plan."),
        error_messages={"required": _("Give a reason.")},
    )

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [
            ("", _("– choose –")),
            *((section.key, section.title) for section in sections),
        ]
