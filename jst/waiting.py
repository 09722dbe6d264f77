"""What waits in teams and calls: for leads, for applicants, for those who run an edition."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst import recruiting
from jst.models import (
    Edition,
    Invitation,
    JoinRequest,
    ParticipantDataSetup,
    ParticipantValue,
    Participation,
    TeamMembership,
)
from jst.models.dated import today
from jst.models.joining import DAYS_FOR_THE_LEAD
from jst.navigation import standing
from jst.permissions import is_coordinator
from portal.conventions import Waiting

# A longer list of editions is for the page of editions.
MOST_EDITIONS = 10
# The desk shows the oldest; the page of each team shows all.
REQUESTS_SHOWN = 20


def waiting_for(user):
    if user.is_staff:
        if not is_coordinator(user):
            return []
        return [*for_runners(user, Participation.objects.all()), *requests_to_join(user)]
    rows = [
        *requests_to_join(user),
        *map(too_small, small_teams(user)),
        *recruiting.own(user),
        *data_to_give(user),
    ]
    if standing(user)["is_operator"]:
        rows += for_runners(user, Participation.objects.of_operator(user))
    return [*rows, *conflicts_to_state(user)] if standing(user)["is_expert"] else rows


def for_runners(user, participations):
    """Return what waits for whoever runs the editions of these participations."""
    return [*leads_to_invite(participations), *units_to_care_for(user), *recruiting.to_decide(user)]


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


def leads_to_invite(participations):
    """Return one line about the units in progress whose team nobody leads and nobody is invited to lead."""
    count = participations.without_lead().count()
    if not count:
        return []
    reason = ngettext(
        "%d team has no lead and nobody is invited to lead it.",
        "%d teams have no lead and nobody is invited to lead them.",
        count,
    )
    return [Waiting(_("Invite team leads"), reason % count, f"{reverse('jst:teams')}?bez_lidera=on", rank=60)]


def units_to_care_for(user):
    """Return one line for each edition run by the person in which units have no caretaker today."""
    uncared = Participation.objects.without_caretaker().filter(edition__in=Edition.objects.run_by(user))
    counted = uncared.order_by().values("edition__name", "edition__slug").annotate(count=Count("pk"))
    return [
        Waiting(
            _("Name caretakers: %s") % row["edition__name"],
            ngettext("%d unit has no caretaker.", "%d units have no caretaker.", row["count"]) % row["count"],
            reverse("jst:caretakers", args=[row["edition__slug"]]),
            rank=60,
        )
        for row in counted.order_by("edition__name")[:MOST_EDITIONS]
    ]


def conflicts_to_state(user):
    """Return one line for an expert who has not yet stated their conflicts in the editions at work."""
    editions = Edition.objects.at_work().exclude(conflict_statements__expert__person=user)
    if not editions.exists():
        return []
    reason = _("Before that you are given no unit of the edition.")
    return [Waiting(_("State your conflicts of interest"), reason, reverse("jst:conflicts"), rank=40)]
