"""Forms of the pages of editions: days, filters, the copy of an edition."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.editions import shift_of
from jst.figures import KINDS
from jst.models import Edition, Jst
from jst.models.dated import today

from .base import PortalForm


def default_day(edition):
    """Return today, or the last day of an edition that is over."""
    return min(today(), edition.until - timedelta(days=1))


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayForm(forms.Form):
    """As of which day the figures are; what cannot be read is the day given as default."""

    dzien = DayField(label=_("As of the day"), required=False)

    def __init__(self, data, *, default):
        super().__init__({"dzien": default, **data.dict()} if data else {"dzien": default})
        self.default = default

    @property
    def day(self):
        self.is_valid()
        return self.cleaned_data.get("dzien") or self.default


class TwoDaysForm(forms.Form):
    """Two days to compare, the earlier one first."""

    od = DayField(label=_("First day"), required=False)
    do = DayField(label=_("Second day"), required=False)

    def __init__(self, data, *, first, second):
        given = {name: data[name] for name in ("od", "do") if data.get(name)}
        super().__init__({"od": first, "do": second} | given)
        self.defaults = first, second

    @property
    def days(self):
        self.is_valid()
        first, second = self.defaults
        found = self.cleaned_data.get("od") or first, self.cleaned_data.get("do") or second
        return min(found), max(found)


class RecordFilter(DayForm):
    """Words of the unit's name and its kind, of the list behind a figure."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"),
        required=False,
        choices=[("", _("all")), *((kind.value, kind.label) for kind in KINDS)],
    )

    @property
    def wanted(self):
        """Return what was asked as arguments of `figures.records`."""
        self.is_valid()
        found = self.cleaned_data
        return {"words": found.get("szukaj", ""), "kind": found.get("rodzaj", "")}

    def in_words(self):
        """Return (label, value) of each filter that is set."""
        wanted = self.wanted
        kind = Jst.Kind(wanted["kind"]).label if wanted["kind"] else ""
        rows = [(self.fields["szukaj"].label, wanted["words"]), (self.fields["rodzaj"].label, kind)]
        return [row for row in rows if row[1]]


class CopyForm(PortalForm):
    """A new edition like another one: its name, and when it begins."""

    name = forms.CharField(label=_("Name of the new edition"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name for addresses and commands"),
        max_length=60,
        help_text=_("Small letters without Polish signs, digits and hyphens. For example: edycja-2027."),
    )
    since = DayField(label=_("Beginning of the new edition"), required=False)
    days = forms.IntegerField(
        label=_("or move by so many days"),
        required=False,
        min_value=-3660,
        max_value=3660,
        help_text=_("Fill in one of the two. 364 days are 52 whole weeks."),
    )
    same_weekday = forms.BooleanField(
        label=_("Keep the days of the week: move by whole weeks, the nearest number of them"), required=False
    )

    def __init__(self, data, *, edition):
        super().__init__(data)
        self.edition = edition

    def clean_slug(self):
        slug = self.cleaned_data["slug"].lower()
        if Edition.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is an edition with this short name. Choose another."))
        return slug

    def clean(self):
        found = super().clean()
        since, days = found.get("since"), found.get("days")
        if not self.errors and (since is None) == (days is None):
            self.add_error("since", _("Give the beginning of the new edition or the number of days."))
        return found

    @property
    def shift(self):
        """By how many days everything moves."""
        given = self.cleaned_data
        since = given["since"] or self.edition.since + timedelta(days=given["days"])
        return shift_of(self.edition, since, same_weekday=given["same_weekday"])
