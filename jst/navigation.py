"""What the people of the programme find in the main menu."""

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from jst.models import Expert, OperatorStaff, Participation, TeamMembership
from jst.models.dated import today
from jst.permissions import is_ore_staff
from portal.memory import once
from portal.models import User

ROLES = ("is_caretaker", "is_expert", "is_lead", "is_operator")


def standing(user):
    """Return what the person is today.

    `team` (a participation or None), `has_more_teams`, `is_caretaker`, `is_expert`, `is_lead`, `is_operator`.
    One query a request: the menu is on every page.
    """
    return once(("jst.standing", user.pk), lambda: ask_standing(user))


def ask_standing(user):
    teams = TeamMembership.objects.today().filter(person=OuterRef("pk")).order_by("-since", "-pk")
    # Two levels up: the person stands outside the participation, which stands outside the assignment.
    cared_for = Participation.objects.of_caretaker(OuterRef(OuterRef("pk")))
    experts = Expert.objects.on(today()).filter(person=OuterRef("pk"))
    found = User.objects.filter(pk=user.pk).values_list(
        Subquery(teams.values("participation")[:1]),
        Subquery(teams.values("participation")[1:2]),
        Exists(cared_for),
        Exists(experts),
        Exists(teams.filter(is_lead=True)),
        Exists(OperatorStaff.objects.on(today()).filter(person=OuterRef("pk"))),
    )
    team, second, *roles = found.first() or (None, None, False, False, False, False)
    return {
        "team": team,
        "has_more_teams": second is not None,
        **dict(zip(ROLES, roles, strict=True)),
    }


def entries(user):
    """The person's team, or the list for whoever sees several."""
    if not user.is_authenticated:
        return []
    several = (_("Teams"), reverse("jst:teams"), _("Who is in which team and who may do what."))
    if user.is_staff:
        return [several] if is_ore_staff(user) else []
    who = standing(user)
    if who["has_more_teams"] or who["is_caretaker"]:
        return [several]
    if not who["team"]:
        return []
    return [(_("My team"), reverse("jst:team", args=[who["team"]]), _("Who is in it and whom to invite."))]
