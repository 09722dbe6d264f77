"""The page of a team: who is in it, who may do what, and the moves of its lead."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from jst import invitations, teams
from jst.forms.teams import ChangeRightsForm, EndMembershipForm, InviteForm, TeamFilter
from jst.invitations import LETTERS_PER_DAY, OPEN_PER_TEAM
from jst.models import ExpertAssignment, Invitation, JoinRequest, JstEvent, Participation, TeamMembership
from jst.models.dated import today
from jst.moves import LETTERS_PER_INVITATION
from jst.naming import named, place_columns
from jst.navigation import standing
from jst.permissions import can_list_teams, can_manage_team, can_run_edition, is_member, is_ore_staff
from jst.workflow import INVITATION
from portal import conventions
from portal.addresses import addresses
from portal.history import told
from portal.workflow import AlreadyMoved, NotAllowed, TransitionError

HISTORY_SHOWN = 30
# Said on the pages, so that nobody meets a limit unprepared.
LIMITS = {"open": OPEN_PER_TEAM, "letters": LETTERS_PER_DAY, "each": LETTERS_PER_INVITATION}

# What follows from a move, said before the button is pressed.
CONSEQUENCES = {
    "resend": gettext_lazy("A new letter goes to this address. The link in the letter before stops working."),
    "revoke": gettext_lazy("The link in the letter stops working. You may invite the person again."),
}


def posted(request):
    """Return what was posted, an empty form included, or None."""
    return request.POST if request.method == "POST" else None


def get_team(request, pk):
    """Return a participation that the person may see, or 404."""
    rows = Participation.objects.visible_to(request.user).select_related("jst__parent", "edition")
    return get_object_or_404(rows, pk=pk)


def get_managed_team(request, pk):
    """The same, for those who may change the team."""
    participation = get_team(request, pk)
    if not can_manage_team(request.user, participation):
        raise PermissionDenied(
            _("Only the lead of the team changes it, while the unit takes part. You may read this page.")
        )
    return participation


@require_safe
def team(request, pk):
    """One team: members, former members, invitations, caretaker, history."""
    participation = get_team(request, pk)
    rows = list(participation.memberships.select_related("person"))
    waiting = participation.invitations.filter(status=Invitation.Status.INVITED).select_related("invited_by")
    about = JstEvent.objects.filter(participation=participation).with_words()
    offered = conventions.offered("links", "team_links")
    context = {
        "participation": participation,
        "members": [row for row in rows if row.until is None or row.until > today()],
        "former": [row for row in rows if row.until is not None and row.until <= today()],
        "invitations": waiting,
        "experts": experts_of(participation),
        "links": [link for team_links in offered for link in team_links(participation, request.user)],
        "requests": requests_to_answer(participation, request.user),
        "may_manage": can_manage_team(request.user, participation),
        "may_hand_over": any(row.is_lead for row in rows if row.holds_on(today())),
        "limits": LIMITS,
        "may_run": participation.status in Participation.OPEN
        and not is_member(request.user, participation)
        and can_run_edition(request.user, participation.edition),
        "may_list": may_list(request.user),
        "history": told(about, HISTORY_SHOWN),
        "today": today(),
    }
    return render(request, "jst/team_detail.html", context)


def may_list(user):
    who = standing(user)
    return is_ore_staff(user) or who["has_more_teams"] or who["is_operator"]


def requests_to_answer(participation, user):
    """Return the requests to join that this person may answer."""
    waiting = JoinRequest.objects.waiting().filter(participation=participation)
    return waiting if can_manage_team(user, participation) else waiting.waiting_for(user)


def experts_of(participation):
    assignments = ExpertAssignment.objects.today().filter(participation=participation)
    return assignments.select_related("expert__person")


@require_safe
def team_list(request):
    """The teams this person may see; for those with one team its page."""
    if not can_list_teams(request.user):
        only = Participation.objects.visible_to(request.user).first()
        if only is None:
            raise PermissionDenied(_("You are not in any team."))
        return redirect(only)
    team_filter = TeamFilter(request.GET, user=request.user)
    rows = team_filter.apply(Participation.objects.visible_to(request.user)).order_by("jst__sort_key", "pk")
    page = Paginator(
        rows.values(
            "pk",
            "status",
            "edition__name",
            *place_columns("jst"),
        ),
        50,
    ).get_page(request.GET.get("page"))
    address = addresses("jst:team")
    rows = [as_line(row) | {"address": address(row["pk"])} for row in page.object_list]
    context = {"page": page, "rows": rows, "filter": team_filter}
    return render(request, "jst/team_list.html", context)


def as_line(row):
    """Return one line of the list in words."""
    return {
        "pk": row["pk"],
        "edition": row["edition__name"],
        "status": Participation.Status(row["status"]).label,
        "unit": named(row, "jst"),
    }


@require_http_methods(["GET", "POST"])
def invite(request, pk):
    """Invite a person to the team by e-mail."""
    participation = get_managed_team(request, pk)
    form = InviteForm(posted(request))
    if form.is_valid():
        try:
            invitation = invitations.invite(participation, by=request.user, **form.values())
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("The invitation is on its way to %s.") % invitation.email)
            return redirect(participation)
    context = {"form": form, "participation": participation, "limits": LIMITS}
    return render(request, "jst/invitation_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def invitation_move(request, pk, move):
    """Confirm and make one move of an invitation: send the letter again, withdraw."""
    rows = Invitation.objects.visible_to(request.user).select_related("participation__jst")
    invitation = get_object_or_404(rows, pk=pk)
    transition = INVITATION.transitions.get(move)
    if transition is None or transition.hidden:
        raise Http404
    get_managed_team(request, invitation.participation_id)
    refusal = []
    if request.method == "POST":
        try:
            INVITATION.perform(invitation, move, by=request.user)
        except AlreadyMoved as error:
            messages.info(request, str(error))
            return redirect(invitation.participation)
        except TransitionError as error:
            refusal = error.sentences
        else:
            messages.success(request, _("Done: %s.") % transition.label)
            return redirect(invitation.participation)
    context = {
        "invitation": invitation,
        "move": transition,
        "refusal": refusal,
        "consequence": CONSEQUENCES[move],
    }
    return render(request, "jst/invitation_move.html", context, status=409 if refusal else 200)


def get_member(participation, pk):
    """Return a membership of the team that has not ended, or 404."""
    rows = TeamMembership.objects.lasting().filter(participation=participation).select_related("person")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
def membership_end(request, pk, membership):
    """End a membership today, with a reason."""
    participation = get_managed_team(request, pk)
    member = get_member(participation, membership)
    form = EndMembershipForm(posted(request))
    if form.is_valid():
        try:
            teams.end_membership(member, by=request.user, **form.cleaned_data)
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            ended = form.cleaned_data["on"] <= today()
            said = _("%s is no longer in the team.") if ended else _("The end is recorded: %s.")
            messages.success(request, said % member.person)
            own = ended and member.person_id == request.user.pk
            return redirect("desk") if own else redirect(participation)
    context = {"form": form, "participation": participation, "member": member}
    return render(request, "jst/membership_end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def membership_rights(request, pk, membership):
    """Give a member other rights from today."""
    participation = get_managed_team(request, pk)
    member = get_member(participation, membership)
    now = {"rights": [right for right in teams.RIGHTS if getattr(member, right)]}
    form = ChangeRightsForm(posted(request), initial=now)
    if form.is_valid():
        try:
            teams.change_rights(
                member,
                by=request.user,
                rights=set(form.cleaned_data["rights"]),
                reason=form.cleaned_data["reason"],
            )
        except TransitionError as refusal:
            form.add_error(None, refusal.sentences)
        else:
            messages.success(request, _("The rights of %s have changed.") % member.person)
            return redirect(participation)
    context = {"form": form, "participation": participation, "member": member}
    return render(request, "jst/membership_rights.html", context, status=422 if form.errors else 200)
