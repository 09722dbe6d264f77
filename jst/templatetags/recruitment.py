"""What pages show of recruitment: a unit told apart from its namesakes, declared beside covered scope."""

from django import template
from django.urls import reverse

from jst.admission import reconciled
from jst.received import placed
from jst.workflow import PARTICIPATION

register = template.Library()


@register.simple_tag
def unit_in_full(jst):
    """The unit with its kind, county and voivodeship."""
    above = jst.parent.parent if jst.parent else None
    return f"{placed(jst)}, {above.full_name}" if above else placed(jst)


@register.inclusion_tag("jst/_team_scope.html", takes_context=True)
def declared_scope(context, participation):
    """Declared beside covered, and for whoever runs the edition the ways to end the participation early."""
    moves = {move.name: move for move in PARTICIPATION.available(participation, context["user"])}
    ways = (("withdraw", "rezygnacja"), ("exclude", "wykluczenie"))
    return {
        "reconciled": reconciled(participation),
        "endings": [
            (moves[name].label, reverse("jst:participation_end", args=[participation.pk, way]))
            for name, way in ways
            if name in moves
        ],
    }
