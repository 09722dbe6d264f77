"""What waits in the teams: for a lead a team too small, for ORE's coordinators teams without a lead."""

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import (
    Invitation,
    ParticipantDataSetup,
    ParticipantValue,
    Participation,
    TeamMembership,
)
from jst.models.dated import today
from jst.navigation import standing
from jst.permissions import is_coordinator
from portal.conventions import Waiting


def waiting_for(user):
    if user.is_staff:
        return leads_to_invite() if is_coordinator(user) else []
    return [*(too_small(team) for team in small_teams(user)), *data_to_give(user)]


def data_to_give(user):
    """Return a line for each project that still misses data of this person."""
    if not standing(user)["gives_data"]:
        return []
    setups = ParticipantDataSetup.objects.asking(user).select_related("project")
    given = ParticipantValue.objects.filter(data__person=user).values_list("data__project", "field")
    there = set(given)
    return [
        Waiting(
            _("Give your data for the project"),
            setup.project.title,
            reverse("jst:my_data_edit", args=[setup.project_id]),
            rank=70,
        )
        for setup in setups
        if any((setup.project_id, field.name) not in there for field in setup.needed())
    ]


def small_teams(user):
    """Return the teams led by `user` that have fewer people, the invited counted, than the edition asks."""
    leads = TeamMembership.objects.today().filter(participation=OuterRef("pk"), person=user, is_lead=True)
    day = today()
    here = Q(memberships__since__lte=day) & (Q(memberships__until=None) | Q(memberships__until__gt=day))
    invited = Q(invitations__status=Invitation.Status.INVITED)
    return (
        Participation.objects.filter(Exists(leads), status=Participation.Status.IN_PROGRESS)
        .select_related("jst", "edition")
        .annotate(
            people=Count("memberships__person", filter=here, distinct=True),
            invited=Count("invitations", filter=invited, distinct=True),
        )
        .filter(edition__team_min__gt=F("people") + F("invited"))
    )


def too_small(team):
    reason = ngettext(
        "The team has %(people)d person. The edition asks for at least %(least)d: invite the others.",
        "The team has %(people)d people. The edition asks for at least %(least)d: invite the others.",
        team.people,
    ) % {"people": team.people, "least": team.edition.team_min}
    return Waiting(team.jst.full_name, reason, team.get_absolute_url(), rank=60)


def leads_to_invite():
    """Return one line about the units in progress whose team nobody leads and nobody is invited to lead."""
    count = Participation.objects.without_lead().count()
    if not count:
        return []
    reason = ngettext(
        "%d team has no lead and nobody is invited to lead it.",
        "%d teams have no lead and nobody is invited to lead them.",
        count,
    )
    return [Waiting(_("Invite team leads"), reason % count, f"{reverse('jst:teams')}?bez_lidera=on", rank=60)]
