"""What the people of the programme find in the main menu."""

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from jst.models import Expert, Participation, TeamMembership
from jst.models.dated import today
from portal.models import User


def standing(user):
    """Return what the person is today: `team` (a participation or None), `is_caretaker`, `is_expert`.

    One query, kept on the user object for the length of a request: the menu is on every page.
    """
    if "standing_today" not in user.__dict__:
        teams = TeamMembership.objects.today().filter(person=OuterRef("pk")).order_by("-since", "-pk")
        cared_for = Participation.objects.of_caretaker(OuterRef("pk"))
        experts = Expert.objects.on(today()).filter(person=OuterRef("pk"))
        found = User.objects.filter(pk=user.pk).values_list(
            Subquery(teams.values("participation")[:1]), Exists(cared_for), Exists(experts)
        )
        team, is_caretaker, is_expert = found.first() or (None, False, False)
        user.__dict__["standing_today"] = {
            "team": team,
            "is_caretaker": is_caretaker,
            "is_expert": is_expert,
        }
    return user.__dict__["standing_today"]


def entries(user):
    """The person's team."""
    if not user.is_authenticated or user.is_staff:
        return []
    team = standing(user)["team"]
    if not team:
        return []
    return [(_("My team"), reverse("jst:team", args=[team]), _("Who is in it and whom to invite."))]
