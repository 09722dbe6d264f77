"""Who may do what with a participation and its team. Reading is `visible_to`; these are the verbs."""

from portal.groups import ADMINISTRATOR, AUDITOR, COORDINATOR


def is_coordinator(user):
    """ORE staff who run the programme: coordinators and administrators."""
    return user.is_authenticated and bool(user.group_names & {ADMINISTRATOR, COORDINATOR})


def is_auditor(user):
    return user.is_authenticated and AUDITOR in user.group_names


def is_ore_staff(user):
    """Everybody of ORE who may look at the programme as a whole."""
    return is_coordinator(user) or is_auditor(user)


def membership(user, participation):
    """Return the person's membership of the team today, or None.

    Kept on the user object for the length of a request: pages ask it for every button.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    from jst.models import TeamMembership

    memberships = user.__dict__.setdefault("memberships_today", {})
    if participation.pk not in memberships:
        memberships[participation.pk] = (
            TeamMembership.objects.today().filter(participation=participation, person=user).first()
        )
    return memberships[participation.pk]


def is_member(user, participation):
    return membership(user, participation) is not None


def is_lead(user, participation):
    member = membership(user, participation)
    return member is not None and member.is_lead


def is_writer(user, participation):
    """Leads and authors write drafts."""
    member = membership(user, participation)
    return member is not None and (member.is_lead or member.is_author)


def is_signatory(user, participation):
    member = membership(user, participation)
    return member is not None and member.is_signatory


def can_manage_team(user, participation):
    """The lead invites and ends memberships; ORE's coordinators do so where there is no lead."""
    return is_coordinator(user) or (participation.is_open() and is_lead(user, participation))
