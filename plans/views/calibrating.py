"""How experts judge, for coordinators: the page and its table as a file."""

from django import forms
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jst.forms.base import ListFilter
from jst.models import Edition
from plans.calibration import calibration, frequent_remarks
from plans.models import Remark, TemplateSection
from plans.views.overseeing import require_coordinator
from portal.exports import table_file

KINDS = dict(Remark.Kind.choices)


class EditionFilter(ListFilter):
    """One edition, or all of them."""

    edycja = forms.ChoiceField(label=gettext_lazy("Edition"), required=False)

    def __init__(self, data):
        super().__init__(data)
        editions = Edition.objects.order_by("-since", "name").values_list("pk", "name")[:50]
        self.fields["edycja"].choices = [
            ("", gettext_lazy("all")),
            *((str(pk), name) for pk, name in editions),
        ]


def figure(value):
    return "–" if value is None else number_format(value, 2)


def lines_of(found):
    """Return (expert, cells in words, mean and spread of each criterion in words) for each expert."""
    lines = []
    for judge in found.judges:
        pairs = [judge.criteria.get(criterion.pk, (None, None)) for criterion in found.criteria]
        in_time = f"{judge.in_time}/{judge.with_due}" if judge.with_due else "–"
        cells = [judge.reviews, figure(judge.average), figure(judge.leniency), in_time]
        lines.append((judge.expert, cells, [(figure(middle), figure(spread)) for middle, spread in pairs]))
    return lines


def frequent(edition):
    """Return (title of the section, kind in words, count), the thirty most frequent."""
    titles = dict(TemplateSection.objects.order_by("pk").values_list("key", "title"))
    rows = frequent_remarks(edition)[:30]
    return [(titles.get(section, section), KINDS[kind], count) for section, kind, count in rows]


@require_safe
def calibration_page(request):
    """Means and spreads by criterion and expert, agreement, leniency, timeliness, frequent remarks."""
    require_coordinator(request.user)
    chosen = EditionFilter(request.GET)
    edition = chosen.asked().get("edycja")
    found = calibration(edition)
    context = {"filter": chosen, "found": found, "lines": lines_of(found), "remarks": frequent(edition)}
    context["kappa"] = figure(found.agreement.kappa)
    context["query"] = request.GET.urlencode()
    return render(request, "plans/calibration.html", context)


@require_safe
def calibration_file(request, kind):
    """The same table as a file."""
    require_coordinator(request.user)
    chosen = EditionFilter(request.GET)
    found = calibration(chosen.asked().get("edycja"))
    columns = [_("Expert"), _("Reviews"), _("Mean score"), _("Leniency"), _("In time")]
    for criterion in found.criteria:
        columns += [_("%s: mean") % criterion.label, _("%s: spread") % criterion.label]
    rows = (
        [str(expert), *cells, *(number for pair in pairs for number in pair)]
        for expert, cells, pairs in lines_of(found)
    )
    return table_file(kind, "kalibracja", columns, rows, about=chosen.in_words())
