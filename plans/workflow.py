"""The tables of this app's processes: the life of a plan version, of a review, of a remark and of a flag.

Read this first. A move is made by `WORKFLOW.perform(version, "send", by=user)` and in no other way;
the tests hold the same tables as a literal (`tests/plans/test_workflow.py`).
"""

from django.utils.translation import gettext_lazy as _

from plans import moves, permissions
from plans.models import Flag, PlanEvent, PlanVersion, Remark, Review
from plans.obstacles import (
    accepting,
    conflict_of_interest,
    contradictions,
    handing_in,
    newer_version,
    no_decision,
    past_deadline,
    remark_without_answer,
    review_begun,
    reviewers_missing,
    sending,
    signatory_missing,
)
from portal.workflow import Transition, Workflow

S, R, M, F = PlanVersion.Status, Review.Status, Remark.Status, Flag.Status


def about_version(version):
    return PlanEvent(plan_id=version.plan_id, version=version)


def about_review(review):
    return PlanEvent(plan_id=review.version.plan_id, version=review.version, review=review)


def about_remark(remark):
    return PlanEvent(plan_id=remark.plan_id, version_id=remark.version_id, remark=remark)


def about_flag(flag):
    return PlanEvent(plan_id=flag.plan_id, version_id=flag.version_id, flag=flag)


# fmt: off
VERSION = Workflow(
    "plans.version",
    #          name             label                                from                             to                    who                      only if, then
    Transition("ask_signature", _("Hand over for signature"),        {S.DRAFT},            S.AWAITING_SIGNATURE, permissions.asks_signature, obstacles=lambda v: [*sending(v), *signatory_missing(v)]),
    Transition("recall",        _("Take back from signature"),       {S.AWAITING_SIGNATURE}, S.DRAFT,            permissions.leads),
    Transition("decline",       _("Do not sign"),                    {S.AWAITING_SIGNATURE}, S.DRAFT,            permissions.signs,       needs_comment=True),
    Transition("send",          _("Send to ORE"),                    {S.DRAFT, S.AWAITING_SIGNATURE}, S.SENT,    permissions.sends,       obstacles=lambda v: [*sending(v), *past_deadline(v)], facts=moves.seal, then=moves.send),
    Transition("take_back",     _("Take back from ORE"),             {S.SENT},             S.TAKEN_BACK,         permissions.leads,       obstacles=review_begun, then=moves.open_next, needs_comment=True),
    Transition("start_review",  _("Start the review"),               {S.SENT},             S.IN_REVIEW,          permissions.decides,     obstacles=reviewers_missing),
    Transition("return",        _("Return for correction"),          {S.IN_REVIEW},        S.RETURNED,           permissions.decides,     obstacles=no_decision("return"), then=moves.reopen, needs_comment=True, page="plans:decision"),
    Transition("accept",        _("Accept"),                         {S.IN_REVIEW},        S.ACCEPTED,           permissions.decides,     obstacles=accepting, then=moves.accept, needs_comment=True, page="plans:decision"),
    Transition("refuse",        _("Do not accept"),                  {S.IN_REVIEW},        S.NOT_ACCEPTED,       permissions.decides,     obstacles=no_decision("refuse"), needs_comment=True, page="plans:decision"),
    Transition("amend",         _("Change the accepted plan"),       {S.ACCEPTED},         S.ACCEPTED,           permissions.leads,       obstacles=newer_version, then=moves.open_next, needs_comment=True),
    about=about_version,
)

REVIEW = Workflow(
    "plans.review",
    Transition("begin",         _("Begin the review"),               {R.ASSIGNED},         R.IN_PROGRESS,        permissions.can_judge,   obstacles=conflict_of_interest, hidden=True),
    Transition("hand_in",       _("Hand in the review"),             {R.IN_PROGRESS},      R.HANDED_IN,          permissions.can_judge,   obstacles=lambda r: [*conflict_of_interest(r), *handing_in(r)], explained=contradictions, facts=moves.judgement, then=moves.keep_scores),
    Transition("recuse",        _("Give up the review"),             {R.ASSIGNED, R.IN_PROGRESS}, R.RECUSED,     permissions.may_recuse,  needs_comment=True),
    Transition("abstain",       _("Read, no opinion"),               {R.ASSIGNED, R.IN_PROGRESS}, R.ABSTAINED,   permissions.can_judge,   needs_comment=True),
    Transition("reopen",        _("Let the expert correct the review"), {R.HANDED_IN, R.ABSTAINED}, R.IN_PROGRESS,        permissions.may_reopen,  needs_comment=True),
    about=about_review,
)

REMARK = Workflow(
    "plans.remark",
    Transition("answer",        _("Answer"),                         {M.OPEN, M.UPHELD, M.ANSWERED}, M.ANSWERED, permissions.can_answer,  obstacles=remark_without_answer, hidden=True),
    Transition("confirm",       _("Settled"),                        {M.OPEN, M.ANSWERED, M.UPHELD}, M.CONFIRMED, permissions.can_settle),
    Transition("uphold",        _("Uphold"),                         {M.ANSWERED},         M.UPHELD,             permissions.can_settle,  needs_comment=True),
    Transition("waive",         _("Waive"),                          {M.OPEN, M.ANSWERED, M.UPHELD}, M.WAIVED,   permissions.can_waive,   needs_comment=True),
    about=about_remark,
)

FLAG = Workflow(
    "plans.flag",
    Transition("resolve",       _("Settle the matter"),              {F.OPEN},             F.RESOLVED,            permissions.can_resolve_flag, needs_comment=True),
    Transition("reopen",        _("Open the matter again"),          {F.RESOLVED},         F.OPEN,                permissions.can_reopen_flag, needs_comment=True),
    about=about_flag,
)
# fmt: on

PROCESSES = [VERSION, REVIEW, REMARK, FLAG]

# What the team writes to itself about its draft stays in the team; others see that it happened.
SILENT = frozenset(
    {
        "plans.plan.describe",
        "plans.version.ask_signature",
        "plans.version.recall",
        "plans.version.decline",
    }
)

# Event kind → the sentence of the history; {actor} and {version} are filled in.
SENTENCES = {
    "plans.plan.start": _("{actor} started the plan."),
    "plans.plan.upgrade": _("{actor} moved the plan to a newer form."),
    "plans.plan.describe": _("{actor} changed the title, scope or years of the plan."),
    "plans.plan.publish": _("{actor} agreed to publish the accepted plan."),
    "plans.plan.unpublish": _("{actor} withdrew the plan from the public list."),
    "plans.plan.change_publication": _("{actor} changed the consent to publication."),
    "plans.plan.lapse": _(
        "Version {version} was accepted: the plan is not public until the team agrees anew."
    ),
    "plans.plan.adopt": _("{actor} recorded how the plan was adopted."),
    "plans.plan.correct_adoption": _("{actor} corrected how the plan was adopted."),
    "plans.plan.extend": _("{actor} extended the deadline."),
    "plans.plan.unlock": _("{actor} opened one more section for correction."),
    "plans.plan.remind": _("A reminder of the corrections was written to the team."),
    "plans.plan.unsent": _("The lead was reminded that the corrected plan is not sent yet."),
    "plans.section.care": _("{actor} said who looks after a section and until when."),
    "plans.section.remind": _("The team was reminded of sections that are due and of new comments."),
    "plans.comment.add": _("{actor} wrote a comment within the team."),
    "plans.comment.settle": _("{actor} settled a comment of the team."),
    "plans.comment.reopen": _("{actor} put a comment of the team back."),
    "plans.version.ask_signature": _("{actor} handed version {version} over for signature."),
    "plans.version.recall": _("{actor} took version {version} back from signature."),
    "plans.version.decline": _("{actor} did not sign version {version}."),
    "plans.version.send": _("{actor} sent version {version} to ORE."),
    "plans.version.take_back": _("{actor} took version {version} back from ORE."),
    "plans.version.start_review": _("{actor} started the review of version {version}."),
    "plans.version.return": _("{actor} returned version {version} for correction."),
    "plans.version.accept": _("{actor} accepted version {version}."),
    "plans.version.refuse": _("{actor} did not accept version {version}."),
    "plans.version.amend": _("{actor} opened a change of the accepted plan."),
    "plans.review.assign": _("An expert was asked to review version {version}."),
    "plans.review.begin": _("The expert began the review of version {version}."),
    "plans.review.hand_in": _("The expert handed in the review of version {version}."),
    "plans.review.recuse": _("The expert gave up the review of version {version}."),
    "plans.review.abstain": _("The expert read version {version} and has no opinion."),
    "plans.review.reopen": _("{actor} let the expert correct the review of version {version}."),
    "plans.review.second": _("An expert gave a second opinion on a review of version {version}."),
    "plans.review.remind": _("A reminder of the review of version {version} was written to the expert."),
    "plans.review.nudge": _("{actor} reminded the expert of the review of version {version}."),
    "plans.remark.add": _("{actor} added a remark of ORE to version {version}."),
    "plans.remark.change": _("{actor} changed a remark of ORE to version {version}."),
    "plans.remark.remove": _("{actor} removed a remark of ORE to version {version}."),
    "plans.remark.answer": _("{actor} answered a remark."),
    "plans.remark.confirm": _("A remark was settled."),
    "plans.remark.uphold": _("A remark was upheld."),
    "plans.remark.waive": _("{actor} waived a remark."),
    "plans.flag.raise": _("{actor} raised a matter."),
    "plans.flag.resolve": _("{actor} settled a matter."),
    "plans.flag.reopen": _("{actor} opened a matter again."),
}
