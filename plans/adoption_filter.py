"""ORE's list of accepted plans with their adoption, and its filter."""

from dataclasses import dataclass

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jst.models import Edition, Jst
from plans.models import AdoptionAct, PlanVersion
from plans.shelving import in_force

NOT_RECORDED = "brak"
MAX_EDITIONS = 50


def accepted_plans():
    """Return the versions in force by the names of their units, each with its adoption, in one query."""
    return (
        in_force()
        .select_related("plan__participation__jst", "plan__participation__edition", "adoption__scan")
        .defer("comparison")
        .order_by("plan__participation__jst__sort_key", "plan__participation__jst__code", "pk")
    )


class AdoptionFilter(forms.Form):
    """Words of a name, edition and form of the act; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=gettext_lazy("Name of the unit"), required=False, max_length=100)
    edycja = forms.ChoiceField(label=gettext_lazy("Edition"), required=False)
    akt = forms.ChoiceField(
        label=gettext_lazy("How it was adopted"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            *AdoptionAct.Form.choices,
            (NOT_RECORDED, gettext_lazy("not recorded yet")),
        ],
    )

    def __init__(self, data):
        super().__init__(data)
        editions = Edition.objects.values_list("pk", "name")[:MAX_EDITIONS]
        self.fields["edycja"].choices = [("", _("all")), *((str(pk), name) for pk, name in editions)]
        self.is_valid()

    def apply(self, versions):
        wanted = self.cleaned_data
        if words := wanted.get("szukaj"):
            versions = versions.filter(plan__participation__jst__in=Jst.objects.search(words))
        if edition := wanted.get("edycja"):
            versions = versions.filter(plan__participation__edition=edition)
        if act := wanted.get("akt"):
            choice = {"adoption": None} if act == NOT_RECORDED else {"adoption__form": act}
            versions = versions.filter(**choice)
        return versions

    def in_words(self):
        """Return (filter, value) of what is asked."""
        found = []
        for name, value in self.cleaned_data.items():
            if value:
                words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
                found.append((str(self.fields[name].label), str(words)))
        return found or [(_("Filters"), _("none, all rows"))]


@dataclass
class Line:
    version: PlanVersion
    unit: str
    form: str
    facts: list
    cells: tuple


def as_line(version):
    """Return one accepted version with its adoption in words, for the list and for the file."""
    participation = version.plan.participation
    act = getattr(version, "adoption", None)
    form = capfirst(act.get_form_display()) if act else ""
    told = (act.number, act.adopted_on, act.organ, act.address) if act else ("", None, "", "")
    unit = participation.jst.full_name
    cells = (
        *(participation.jst.code, unit, participation.edition.name, version.title, version.number),
        *(version.register_number, form, *told, _("yes") if act and act.scan_id else _("no")),
    )
    return Line(version, unit, form, told, cells)
