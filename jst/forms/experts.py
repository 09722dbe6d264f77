"""Forms about experts: finding them, who cares for a unit, and where they have a conflict."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.expert_lists import named, with_free_capacity
from jst.models import Expert, Jst, Participation
from jst.models.dated import today

from .base import PortalForm


def day_field(label, **kwargs):
    widget = forms.DateInput(attrs={"placeholder": "dd.mm.rrrr", "class": "short"})
    return forms.DateField(label=label, widget=widget, **kwargs)


class DescribeForm(PortalForm):
    """Where an expert works and how many units they would care for."""

    region = forms.ModelChoiceField(
        Jst.objects.filter(kind=Jst.Kind.W), label=_("Voivodeship"), required=False, empty_label=_("none")
    )
    capacity = forms.IntegerField(
        label=_("Most units at a time"),
        required=False,
        min_value=0,
        max_value=200,
        help_text=_("Leave empty for no limit."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )


class ExpertFilter(forms.Form):
    """Words of a name, voivodeship, free capacity; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the expert"), required=False, max_length=100)
    wojewodztwo = forms.ModelChoiceField(
        Jst.objects.filter(kind=Jst.Kind.W), label=_("Voivodeship"), required=False, empty_label=_("all")
    )
    wolne = forms.BooleanField(label=_("Only those who would take one more unit"), required=False)
    dawni = forms.BooleanField(label=_("Also those who are no experts any more"), required=False)

    def apply(self, experts):
        """Return those of `experts` that fit what was asked; without a word about it only those of today."""
        self.is_valid()
        wanted = self.cleaned_data
        if not wanted.get("dawni"):
            experts = experts.on(today())
        if words := wanted.get("szukaj"):
            experts = named(experts, words)
        if region := wanted.get("wojewodztwo"):
            experts = experts.filter(region=region)
        return with_free_capacity(experts) if wanted.get("wolne") else experts


def offered(expert):
    """Return an expert as a list of choices shows them."""
    return f"{expert} ({expert.region.name})" if expert.region else str(expert)


class ExpertChoice(forms.ModelChoiceField):
    """One of the experts offered for a unit."""

    def label_from_instance(self, expert):
        return offered(expert)


class CareForm(PortalForm):
    """Which expert, from which day and why."""

    expert = ExpertChoice(
        queryset=Expert.objects.none(),
        label=_("Expert"),
        error_messages={"required": _("Choose an expert.")},
    )
    since = day_field(_("From"), initial=today)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("The history of the team keeps it.")
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = Expert.objects.filter(
            pk__in=[one.pk for one in offered]
        ).select_related("person", "region")


class CaretakerForm(CareForm):
    """A new caretaker; `despite` is the reason to name one against the doubts."""

    despite = forms.CharField(
        label=_("Reason to name this expert all the same"),
        max_length=300,
        required=False,
        help_text=_("Only where the portal has said what stands against the expert."),
    )

    field_order = ["expert", "since", "reason", "despite"]


class DeputyForm(CareForm):
    """A deputy, from a day until a day."""

    until = day_field(_("To"), help_text=_("The first day on which the caretaker is back."), required=True)

    field_order = ["expert", "since", "until", "reason"]


class ManyCaretakersForm(forms.Form):
    """One choice of an expert for each unit, the day from which all hold, and the reason against doubts."""

    since = day_field(_("From"), initial=today)
    despite = forms.CharField(
        label=_("Reason to name experts against doubts"),
        max_length=300,
        required=False,
        help_text=_("For all rows at once. Leave empty where nothing stands against the experts."),
    )

    def __init__(self, data=None, *, rows):
        super().__init__(data)
        self.rows = rows
        for row in rows:
            options = [("", _("nobody yet")), *[(str(one.pk), offered(one)) for one in row.offered]]
            self.fields[row.name] = forms.ChoiceField(
                label=row.participation.jst.full_name,
                choices=options,
                required=False,
                initial=str(row.chosen.pk) if row.chosen else "",
            )

    def choose(self):
        """Put what was chosen into the rows; return the pairs (participation, expert) to be named."""
        for row in self.rows:
            chosen = self.cleaned_data.get(row.name)
            row.chosen = next((one for one in row.offered if str(one.pk) == chosen), None)
        return [(row.participation, row.chosen) for row in self.rows if row.chosen]


class StatementForm(PortalForm):
    """The units of an edition with which the expert has a conflict, or the word that there is none."""

    units = forms.ModelMultipleChoiceField(
        Participation.objects.none(),
        label=_("Units with which you have a conflict"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You worked there, somebody close to you does, or another reason ties you to it."),
    )
    reason = forms.CharField(
        label=_("What the conflict is"),
        max_length=300,
        required=False,
        help_text=_("Needed where you have marked a unit. ORE and whoever runs the edition read it."),
    )
    none = forms.BooleanField(label=_("I have no conflict with any unit of this edition"), required=False)

    def __init__(self, *args, participations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = participations
        self.fields["units"].label_from_instance = lambda one: one.jst.full_name

    def clean(self):
        found = super().clean()
        units = found.get("units")
        if found.get("none") and units:
            self.add_error("none", _("Unmark this, or unmark the units."))
        elif not found.get("none") and not units:
            self.add_error("none", _("Mark the units of a conflict, or say that there is none."))
        if units and not found.get("reason"):
            self.add_error("reason", _("Say what the conflict is."))
        return found
