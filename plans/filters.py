"""Filters of the list of plans."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.models import Edition, Jst
from plans.models import PlanVersion
from portal.prepared import prepared

MAX_EDITIONS = 50


def editions_of(user):
    return Edition.objects.run_by(user).values_list("pk", "name")[:MAX_EDITIONS]


class PlanFilter(forms.Form):
    """Words of a name, kind of unit, edition and status; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("all")), *Jst.Kind.choices[:-1]]
    )
    edycja = forms.ChoiceField(label=_("Edition"), required=False)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("all")), *PlanVersion.Status.choices]
    )

    def __init__(self, data, *, user):
        super().__init__(data)
        editions = prepared("plans.filter.editions", editions_of, user)
        options = [(str(pk), name) for pk, name in editions]
        self.fields["edycja"].choices = [("", _("all")), *options]
        if not options:
            del self.fields["edycja"]

    def apply(self, plans):
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("szukaj"):
            plans = plans.filter(participation__jst__in=Jst.objects.search(words))
        if kind := wanted.get("rodzaj"):
            plans = plans.filter(participation__jst__kind=kind)
        if edition := wanted.get("edycja"):
            plans = plans.filter(participation__edition=edition)
        if status := wanted.get("status"):
            plans = plans.filter(status=status)
        return plans
