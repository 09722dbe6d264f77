"""Matters about a plan put to one person, by an expert to ORE or by ORE to an expert; the team sees none."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jst.models import Expert, ExpertAssignment
from jst.models.dated import today
from jst.permissions import is_coordinator
from plans.models import Flag, PlanEvent, PlanVersion, Review
from plans.permissions import can_raise_flag
from portal.groups import ADMINISTRATOR, COORDINATOR
from portal.models import ChainHead, User
from portal.workflow import NotAllowed, TransitionError, note


def addressees(user, plan):
    """Return to whom this person may put a matter: ORE's coordinators; for them also the plan's experts."""
    groups = Q(groups__name=COORDINATOR) | Q(groups__name=ADMINISTRATOR)
    found = Q(pk__in=User.objects.filter(groups, is_staff=True).values("pk"))
    if is_coordinator(user):
        reviews = Review.objects.filter(version__plan=plan).exclude(status=Review.Status.RECUSED)
        care = ExpertAssignment.objects.on(today()).filter(
            participation=plan.participation_id, role__in=ExpertAssignment.CARING
        )
        experts = Expert.objects.today().filter(
            Q(pk__in=reviews.values("expert")) | Q(pk__in=care.values("expert"))
        )
        found |= Q(pk__in=experts.values("person"))
    return User.objects.filter(found, is_active=True).exclude(pk=user.pk).order_by("last_name", "first_name")


def version_of(plan):
    """Return the version that a matter is about: the last one sent, or the first where none was."""
    sent = plan.versions.exclude(status__in=PlanVersion.UNSENT).order_by("-number").first()
    return sent or plan.latest()


@transaction.atomic
def raise_flag(plan, *, kind, body, addressee, by, at=None):
    """Put a matter to one person; the same words while it is open are the same matter."""
    if not can_raise_flag(by, plan):
        raise NotAllowed(_("You may not do this."))
    if not addressees(by, plan).filter(pk=addressee.pk).exists():
        raise TransitionError(_("Choose one of the people of the list."))
    ChainHead.hold()
    words = {"plan": plan, "kind": kind, "body": body.strip(), "raised_by": by, "addressee": addressee}
    if known := Flag.objects.filter(status=Flag.Status.OPEN, **words).first():
        return known
    flag = Flag.objects.create(version=version_of(plan), **words, **({"created_at": at} if at else {}))
    about = PlanEvent(plan=plan, version=flag.version, flag=flag)
    note("plans.flag.raise", by=by, about=about, at=at)
    return flag
