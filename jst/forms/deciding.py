"""Forms of those who run a call: scores, decisions, the list of applications, the end of a participation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jst.models import Application, ApplicationDecision, Jst
from jst.models.dated import today

from .base import ListFilter, PortalForm


class ScoreForm(PortalForm):
    """Points and a rationale for each published criterion."""

    def __init__(self, *args, application, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        given = {score.criterion_id: score for score in application.scores.all()}
        for criterion in criteria:
            score = given.get(criterion.pk)
            self.fields[f"points_{criterion.pk}"] = forms.IntegerField(
                label=_("Points: %s") % criterion.label,
                min_value=0,
                max_value=criterion.max_points,
                initial=score and score.points,
                help_text=_("From 0 to %(most)d. %(words)s")
                % {"most": criterion.max_points, "words": criterion.description},
            )
            self.fields[f"rationale_{criterion.pk}"] = forms.CharField(
                label=_("Rationale: %s") % criterion.label,
                initial=score.rationale if score else "",
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def values(self):
        """Return what `deciding.score` takes."""
        found = self.cleaned_data
        return {
            criterion: (found[f"points_{criterion.pk}"], found[f"rationale_{criterion.pk}"])
            for criterion in self.criteria
        }


class DecisionForm(PortalForm):
    """What is decided and why; the letter carries the reason."""

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=ApplicationDecision.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The applicant will read it in the letter, word for word."),
    )
    position = forms.IntegerField(
        label=_("Place on the reserve list"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("Only for the reserve list. Left empty: at its end."),
    )
    over_quota = forms.CharField(
        label=_("Why beyond the quota"),
        required=False,
        max_length=300,
        help_text=_(
            "Only where an acceptance exceeds a quota. It stays with the decision; the letter has it not."
        ),
    )


class ApplicationFilter(ListFilter):
    """Words of a name, status, kind and voivodeship; what cannot be read filters nothing."""

    szukaj = forms.CharField(label=_("Name of the unit"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("all")), *Application.Status.choices[1:]]
    )
    rodzaj = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("all")), *Jst.Kind.choices[:-1]]
    )
    wojewodztwo = forms.ChoiceField(label=_("Voivodeship"), required=False)

    def __init__(self, data):
        super().__init__(data)
        regions = Jst.objects.filter(kind=Jst.Kind.W).values_list("code", "name")
        self.fields["wojewodztwo"].choices = [("", _("all")), *regions]

    def by_szukaj(self, applications, words):
        return applications.filter(jst__in=Jst.objects.search(words))

    def by_status(self, applications, status):
        return applications.filter(status=status)

    def by_rodzaj(self, applications, kind):
        return applications.filter(jst__kind=kind)

    def by_wojewodztwo(self, applications, region):
        return applications.filter(jst__code__startswith=region)


class EndParticipationForm(PortalForm):
    """The day and the reason for which a unit stops taking part before the end."""

    on = forms.DateField(label=_("Takes no part from"), initial=today)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("It stays in the history.")
    )
    replace = forms.BooleanField(
        label=_("Offer the place to the first of the reserve list at once"), required=False
    )

    def __init__(self, *args, first=None, **kwargs):
        super().__init__(*args, **kwargs)
        if first is None:
            del self.fields["replace"]
        else:
            self.fields["replace"].help_text = _("First on the list: %s.") % first
