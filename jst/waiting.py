"""What waits in the teams: requests to join, for a lead a team too small, for ORE teams without a lead."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import Invitation, JoinRequest, Participation, TeamMembership
from jst.models.dated import today
from jst.models.joining import DAYS_FOR_THE_LEAD
from jst.permissions import is_coordinator
from portal.conventions import Waiting

# The desk shows the oldest; the page of each team shows all.
REQUESTS_SHOWN = 20


def waiting_for(user):
    if user.is_staff:
        return [*leads_to_invite(), *requests_to_join(user)] if is_coordinator(user) else []
    return [*requests_to_join(user), *(too_small(team) for team in small_teams(user))]


def requests_to_join(user):
    """Return one line for each request to join that this person is to answer today."""
    wanted = JoinRequest.objects.waiting_for(user).select_related("participation__jst").order_by("asked_on")
    return [request_to_join(request) for request in wanted[:REQUESTS_SHOWN]]


def request_to_join(request):
    words = {"person": request.person, "unit": request.participation.jst.full_name}
    due = request.asked_on + timedelta(days=DAYS_FOR_THE_LEAD)
    reason = _("%(person)s asks to join the team: %(unit)s") % words
    return Waiting(_("Answer a request to join"), reason, request.get_absolute_url(), due=due, rank=40)


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
