"""Who may do what with a plan. Reading is `visible_to`; these are the verbs.

Each predicate takes (user, object) and answers yes or no; the tables of `workflow.py` use them.
"""

from jst.models import Expert, ExpertAssignment, OperatorStaff
from jst.models.dated import today
from jst.permissions import (
    is_coordinator,
    is_lead,
    is_member,
    is_ore_staff,
    is_signatory,
    is_writer,
    works_for_operator_of,
)
from plans.models import Decision, Plan, PlanVersion, Remark, Review
from portal.memory import once


def can_follow(user, plan):
    return Plan.objects.visible_to(user).filter(pk=plan.pk).exists()


def works(participation):
    """Every move and save of a team needs a participation in progress."""
    return participation.is_open()


def can_write(user, version):
    """Leads and authors write the draft; which sections are open is told by `sections.open_keys`."""
    participation = version.plan.participation
    return version.status in PlanVersion.EDITABLE and works(participation) and is_writer(user, participation)


def can_check(user, version):
    """Any member of the team may ask what is still missing."""
    return is_member(user, version.plan.participation)


def sees_check(user, version):
    """ORE and whoever reviews the plan read what the check says about it, once it was sent.

    The team has its own page for its draft, and nobody else is told what a plan lacks.
    """
    if not user.is_authenticated or version.status in PlanVersion.UNSENT:
        return False
    return is_ore_staff(user) or Review.objects.of(user).filter(version__plan=version.plan_id).exists()


def leads(user, version):
    participation = version.plan.participation
    return works(participation) and is_lead(user, participation)


def writes(user, version):
    participation = version.plan.participation
    return works(participation) and is_writer(user, participation)


def signs(user, version):
    participation = version.plan.participation
    return works(participation) and is_signatory(user, participation)


def sends(user, version):
    """The signatory sends what waits for a signature; the lead a draft where no signature is asked."""
    setup = version.plan.participation.edition.setup
    if version.status == PlanVersion.Status.AWAITING_SIGNATURE:
        return signs(user, version)
    return not setup.signature_required and leads(user, version)


def asks_signature(user, version):
    return version.plan.participation.edition.setup.signature_required and writes(user, version)


def decides(user, version):
    """ORE decides; experts only recommend."""
    return is_coordinator(user)


def can_start_plan(user, participation):
    return works(participation) and is_lead(user, participation)


def can_publish(user, plan):
    return works_or_completed(plan.participation) and is_lead(user, plan.participation)


def can_adopt(user, plan):
    """The lead, or ORE for them, records how the accepted plan was adopted."""
    return is_coordinator(user) or can_publish(user, plan)


def works_or_completed(participation):
    return participation.status in {participation.Status.IN_PROGRESS, participation.Status.COMPLETED}


# --- Reviews ------------------------------------------------------------------------------------


def is_reviewer(user, review):
    """The expert who writes this review, while an expert of the programme."""
    return review.expert.person_id == user.pk and review.expert.holds_on(today())


def can_judge(user, review):
    return (
        is_reviewer(user, review)
        and review.status in Review.WRITABLE
        and review.version.status == PlanVersion.Status.IN_REVIEW
    )


def may_recuse(user, review):
    """The expert may give a review up until ORE has decided."""
    return is_reviewer(user, review) and review.version.status in {
        PlanVersion.Status.SENT,
        PlanVersion.Status.IN_REVIEW,
    }


def may_reopen(user, review):
    return is_coordinator(user) and review.version.status == PlanVersion.Status.IN_REVIEW


def may_second(user, review):
    """Another expert of the same version, once the own review of it is handed in."""
    own = Review.objects.of(user).filter(version=review.version_id, status=Review.Status.HANDED_IN)
    plan = review.version.plan
    return own.exclude(pk=review.pk).filter(expert__in=assignable_experts(plan)).exists()


def can_second(user, review):
    """Who may say what they think of another's review, until a decision on the version is released.

    Not only until it is prepared: a form that closes then tells the expert so.
    """
    if review.status != Review.Status.HANDED_IN or review.version.status != PlanVersion.Status.IN_REVIEW:
        return False
    return may_second(user, review)


def conflicts(expert, plan):
    """Return why `expert` may not review `plan`: ever the unit's caretaker or in its team, a conflict,
    or an employee of the operator that runs the edition.

    A reviewer is never the unit's caretaker nor its former employee (domain.md §3; ORE decides on the rest).
    """
    participation = plan.participation
    found = []
    if ExpertAssignment.objects.filter(
        participation__jst=participation.jst, expert=expert, role__in=ExpertAssignment.CARING
    ).exists():
        found.append("caretaker")
    if expert.conflicts.filter(jst=participation.jst).exists():
        found.append("declared")
    if expert.person.memberships.filter(participation__jst=participation.jst).exists():
        found.append("member")
    if works_for_operator_of(expert.person.email, participation.edition):
        found.append("operator")
    return found


def assignable_experts(plan):
    """Return the experts of today who may review `plan`, as a queryset."""
    participation = plan.participation
    operators = OperatorStaff.objects.lasting().filter(operator=participation.edition.operator_id)
    return (
        Expert.objects.today()
        .exclude(person__in=operators.values("person"))
        .exclude(
            pk__in=ExpertAssignment.objects.filter(
                participation__jst=participation.jst, role__in=ExpertAssignment.CARING
            ).values("expert")
        )
        .exclude(conflicts__jst=participation.jst)
        .exclude(person__memberships__participation__jst=participation.jst)
        .select_related("person", "region")
    )


# --- Remarks ------------------------------------------------------------------------------------


def can_answer(user, remark):
    """The team answers while the next draft is open."""
    draft = remark.plan.versions.filter(status__in=PlanVersion.EDITABLE).first()
    return draft is not None and draft.pk != remark.version_id and can_write(user, draft)


def can_remark(user, version):
    """ORE remarks on a version itself until it has prepared a decision on it."""
    if version.status != PlanVersion.Status.IN_REVIEW or not decides(user, version):
        return False
    return not Decision.objects.filter(version=version).exists()


def can_change_remark(user, remark):
    """The author, while the review to which the remark belongs is being written and nobody acted on it.

    A remark of ORE itself is changed by any coordinator until the decision is released.
    """
    if remark.status != Remark.Status.OPEN:
        return False
    if remark.review_id is None:
        return remark.version.status == PlanVersion.Status.IN_REVIEW and decides(user, remark.version)
    return remark.author_id == user.pk and can_judge(user, remark.review)


def can_settle(user, remark):
    """Whoever reviews the plan now says whether the answer settles the remark; ORE may do so too.

    The answer is the same for all remarks of a plan, so a page with sixty of them asks once.
    """
    return once(("plans.settles", user.pk, remark.plan_id), lambda: settles(user, remark.plan))


def settles(user, plan):
    S = PlanVersion.Status
    if is_coordinator(user):
        return plan.versions.filter(status=S.IN_REVIEW).exists()
    writing = Review.objects.of(user).filter(status__in=Review.WRITABLE, version__status=S.IN_REVIEW)
    return writing.filter(version__plan=plan, expert__in=assignable_experts(plan)).exists()


def can_waive(user, remark):
    return is_coordinator(user) and remark.status in {
        Remark.Status.OPEN,
        Remark.Status.ANSWERED,
        Remark.Status.UPHELD,
    }


# --- Flags --------------------------------------------------------------------------------------


def can_raise_flag(user, plan):
    """Those who judge the plan or care for the unit, and ORE's coordinators. Never the team."""
    if is_coordinator(user):
        return True
    return cares_for(user, plan) or Review.objects.of(user).filter(version__plan=plan).exists()


def cares_for(user, plan):
    care = ExpertAssignment.objects.on(today()).filter(
        participation=plan.participation_id, role__in=ExpertAssignment.CARING, expert__person=user
    )
    return care.exists()


def can_resolve_flag(user, flag):
    return flag.addressee_id == user.pk or is_coordinator(user)


def can_reopen_flag(user, flag):
    return flag.raised_by_id == user.pk or is_coordinator(user)
