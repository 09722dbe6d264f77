"""What the people of the programme find in the main menu."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from jst.models import (
    Expert,
    OperatorStaff,
    ParticipantDataSetup,
    Participation,
    TeamMembership,
)
from jst.models.dated import today
from jst.permissions import RIGHTS, is_administrator, is_coordinator, is_ore_staff
from portal.addresses import address
from portal.memory import once
from portal.models import User
from portal.prepared import prepared

ROLES = ("is_caretaker", "is_expert", "is_lead", "is_operator")
DATA = ("gives_data", "reads_data")
# Pages whose address begins otherwise than that of the entry they belong to.
BELONGS = {
    "edycje": "jst:programme",
    "opiekunowie": "jst:experts",
    "osoby": "jst:units",
    "prosby": "jst:teams",
    "rejestry": "jst:units",
    "szkoly": "jst:units",
    "wnioski": "jst:calls",
    "zgloszenie": "jst:calls",
}


def standing(user):
    """Return what the person is today.

    `team` (a participation or None) and the `rights` in it, `has_more_teams`, `has_second_factor`, and
    whether each of `ROLES` and `DATA` holds: `gives_data` says that a project asks data of this person,
    `reads_data` that their operator collects data. One query a request: the menu is on every page.
    """
    return once(("jst.standing", user.pk), lambda: ask_standing(user))


def ask_standing(user):
    found = prepared("jst.standing", standing_of, user)
    told = found[0] if found else (None, None, False, *[False] * len(RIGHTS + ROLES + DATA))
    (team, second, factor), rights, roles = told[:3], told[3 : 3 + len(RIGHTS)], told[3 + len(RIGHTS) :]
    return {
        "team": team,
        "rights": {name for name, held in zip(RIGHTS, rights, strict=True) if held},
        "has_more_teams": second is not None,
        "has_second_factor": factor,
        **dict(zip(ROLES + DATA, roles, strict=True)),
    }


def standing_of(user):
    """Return the question behind `standing`: one row, in the order of its answer."""
    teams = TeamMembership.objects.today().filter(person=OuterRef("pk")).order_by("-since", "-pk")
    # Two levels up: the person stands outside the participation, which stands outside the assignment.
    cared_for = Participation.objects.of_caretaker(OuterRef(OuterRef("pk")))
    employers = OperatorStaff.objects.today().filter(person=OuterRef("pk"))
    experts = Expert.objects.on(today()).filter(person=OuterRef("pk"))
    employed = OperatorStaff.objects.on(today()).filter(
        person=OuterRef("pk"), operator__editions__project__data_setup__isnull=False
    )
    return User.objects.filter(pk=user.pk).values_list(
        Subquery(teams.values("participation")[:1]),
        Subquery(teams.values("participation")[1:2]),
        Exists(second_factors().filter(user=OuterRef("pk"))),
        *(Subquery(teams.values(right)[:1]) for right in RIGHTS),
        Exists(cared_for),
        Exists(experts),
        Exists(teams.filter(is_lead=True)),
        Exists(employers),
        Exists(ParticipantDataSetup.objects.asking(OuterRef(OuterRef("pk")))),
        Exists(employed),
    )


def second_factors():
    """The apps and keys with which people sign in; spare codes alone are none."""
    return Authenticator.objects.filter(type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def entries(user):
    """What the person has of teams and editions, and the calls for everybody."""
    calls = (_("Calls"), address("jst:calls"), _("Where local governments apply to take part."))
    if not user.is_authenticated:
        return [calls]
    return [*own_entries(user), *([] if user.is_staff else data_entries(user)), calls]


def own_entries(user):
    """The person's team, or the list for whoever sees several; editions for those who run or watch them."""
    teams = (_("Teams"), address("jst:teams"), _("Who is in which team and who may do what."))
    editions = (_("Editions"), address("jst:editions"), _("Figures as of any day, with targets."))
    experts = (_("Experts"), address("jst:experts"), _("Who they are, where and how busy."))
    registers = (_("Registers"), address("jst:units"), _("Units, schools, people, imports."))
    if user.is_staff:
        programme = (_("Programme"), address("jst:programme"), _("Targets and what is reached."))
        return [programme, teams, experts, registers] if is_ore_staff(user) else []
    who = standing(user)
    if who["is_operator"]:
        return [editions, teams, experts, registers]
    if who["is_caretaker"]:
        return [(_("My units"), address("jst:own_units"), _("Units whose teams you care for today."))]
    if who["has_more_teams"]:
        return [teams]
    if not who["team"]:
        return []
    return [(_("My team"), reverse("jst:team", args=[who["team"]]), _("Who is in it and whom to invite."))]


def data_entries(user):
    """What the person gives of their own data and does with those of others; staff find it at the people."""
    own = (
        _("Data for the project"),
        address("jst:my_data"),
        _("What projects ask about you, and who read it."),
    )
    others = (
        _("Data of participants"),
        address("jst:participant_projects"),
        _("Whose data for the report are missing."),
    )
    alike = (_("Duplicates"), address("jst:duplicates"), _("Accounts that may belong to one person."))
    if user.is_staff:
        offered = [(others, is_coordinator(user)), (alike, is_administrator(user))]
    else:
        who = standing(user)
        offered = [(own, who["gives_data"]), (others, who["reads_data"])]
    return [entry for entry, holds in offered if holds]
