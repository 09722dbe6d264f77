"""Forms with which ORE gives many plans of an edition to experts at once."""

from pathlib import PurePath

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.forms.base import PortalForm
from plans.assignment_files import LIMIT
from plans.decision_forms import NOT_PAST, day_field, in_days

ENDINGS = (".csv", ".xlsx")


class DueForm(PortalForm):
    """The day until which all these reviews are due."""

    due = day_field(
        gettext_lazy("Reviews due"),
        error_messages={"required": gettext_lazy("Say until when the reviews are due.")},
    )

    def __init__(self, data=None, *, days, **kwargs):
        super().__init__(data, initial={"due": in_days(days)}, **kwargs)

    def clean_due(self):
        if self.cleaned_data["due"] < timezone.localdate():
            raise forms.ValidationError(NOT_PAST)
        return self.cleaned_data["due"]


class SeatsForm(DueForm):
    """One choice of an expert for each seat, and the day for all."""

    def __init__(self, data=None, *, seats, days):
        super().__init__(data, days=days)
        self.seats = seats
        for seat in seats:
            self.fields[seat.name] = forms.ChoiceField(
                label=seat.version.plan.participation.jst.full_name,
                choices=[
                    ("", gettext_lazy("nobody yet")),
                    *((str(one.pk), words(one)) for one in seat.offered),
                ],
                required=False,
                initial=str(seat.chosen.pk) if seat.chosen else "",
            )

    def choose(self):
        """Put what was chosen into the seats; return the pairs (version, expert)."""
        for seat in self.seats:
            chosen = self.cleaned_data.get(seat.name)
            seat.chosen = next((one for one in seat.offered if str(one.pk) == chosen), None)
        return pairs_of(self.seats)


def words(expert):
    return f"{expert} ({expert.region.name.lower()})" if expert.region else str(expert)


def pairs_of(seats):
    return [(seat.version, seat.chosen) for seat in seats if seat.chosen]


class ListForm(PortalForm):
    """A spreadsheet that says which expert reviews which plan."""

    file = forms.FileField(
        label=gettext_lazy("File with the list"),
        help_text=gettext_lazy(
            "CSV or XLSX with the columns „numer planu” or „kod JST”, and „e-mail”; a row is a review."
        ),
        error_messages={"required": gettext_lazy("Choose the file.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if PurePath(file.name).suffix.lower() not in ENDINGS:
            raise forms.ValidationError(_("Choose a file CSV or XLSX."))
        if file.size > LIMIT:
            raise forms.ValidationError(_("The file is too large: at most 2 MB."))
        return file
