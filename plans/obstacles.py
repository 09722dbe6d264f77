"""What stops a move: each function takes the object and gives sentences for the person who tried."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jst.models import TeamMembership
from plans import permissions
from plans.agreement import waits_for_third, wants_third
from plans.amending import judged_criteria, judged_sections, reviews_needed
from plans.deadlines import deadline_of
from plans.models import Criterion, Decision, Remark, Review, ReviewScore, SectionVerdict
from plans.problems import blockers


def sending(version):
    """The blockers of `problems.py`, in one sentence: the page with jump links tells them all."""
    count = len(blockers(version))
    if not count:
        return []
    return [
        ngettext(
            "The plan cannot be sent yet: %d thing is missing. See “What is still missing”.",
            "The plan cannot be sent yet: %d things are missing. See “What is still missing”.",
            count,
        )
        % count
    ]


def signatory_missing(version):
    members = TeamMembership.objects.today().filter(participation=version.plan.participation_id)
    if members.filter(is_signatory=True).exists():
        return []
    return [_("Nobody in the team may sign the plan. The lead gives this right on the page of the team.")]


def past_deadline(version):
    deadline = deadline_of(version)
    if deadline and timezone.now() > deadline:
        return [_("The deadline has passed. Ask ORE for more time.")]
    return []


def review_begun(version):
    begun = version.reviews.exclude(status__in=[Review.Status.ASSIGNED, Review.Status.RECUSED])
    return [_("The review has already begun.")] if begun.exists() else []


def newer_version(version):
    if version.plan.versions.filter(number__gt=version.number).exists():
        return [_("A newer version of this plan has already been opened.")]
    return []


def reviewers_missing(version):
    reviews = list(
        version.reviews.exclude(status__in=Review.WITHOUT_OPINION).select_related("expert__person")
    )
    needed = reviews_needed(version)
    sentences = []
    if len(reviews) < needed:
        sentences.append(_("Assign the experts first. Needed: %(needed)d.") % {"needed": needed})
    for review in reviews:
        sentences += conflict_of_interest(review)
    return sentences


def conflict_of_interest(review):
    """A reviewer is never the unit's caretaker, in its team, its operator's employee, nor in conflict."""
    words = {
        "caretaker": _("%s is or was the caretaker of this unit and cannot review its plan."),
        "declared": _("%s declared a conflict of interest with this unit."),
        "member": _("%s belongs or belonged to the team of this unit."),
        "operator": _("%s works for the operator that runs this edition."),
    }
    return [
        words[reason] % review.expert for reason in permissions.conflicts(review.expert, review.version.plan)
    ]


def released(version, outcome):
    return Decision.objects.filter(version=version, outcome=outcome, released_at__isnull=False).exists()


def no_decision(outcome):
    """Return an obstacle: the move is made only by releasing a decision with this outcome."""

    def obstacle(version):
        return [] if released(version, outcome) else [_("Prepare the decision and release it.")]

    return obstacle


def accepting(version):
    sentences = no_decision("accept")(version)
    if sentences:
        return sentences
    handed_in = version.reviews.filter(status=Review.Status.HANDED_IN).count()
    needed = reviews_needed(version)
    if handed_in < needed and not version.decision.without_reviews:
        sentences.append(_("Not all reviews are in. Say why the plan is accepted without them."))
    return sentences + third_missing(version) + unsettled_remarks(version)


def third_missing(version):
    """Where two experts differ, a third says a word first, or ORE says why not."""
    if version.decision.without_reviews:
        return []
    if wants_third(version):
        return [_("The experts differ. Ask a third expert, or say why the plan is accepted without one.")]
    if waits_for_third(version):
        return [_("The third expert has not handed in yet. Say why the plan is accepted without it.")]
    return []


def unsettled_remarks(version):
    count = Remark.objects.filter(plan=version.plan_id).unsettled().count()
    if not count:
        return []
    return [
        ngettext(
            "%d remark is not settled. Let the expert confirm it, or waive it with a reason.",
            "%d remarks are not settled. Let the expert confirm them, or waive them with a reason.",
            count,
        )
        % count
    ]


def handing_in(review):
    """Every criterion asked has a score and a rationale, every section asked a verdict; a recommendation."""
    setup = review.version.plan.participation.edition.setup
    asked = judged_criteria(review.version, list(Criterion.objects.filter(criteria_set=setup.criteria_id)))
    criteria = len(asked)
    scores = ReviewScore.objects.filter(review=review, criterion__in=asked, score__isnull=False)
    scored = scores.exclude(rationale="").count()
    verdicts = set(review.verdicts.exclude(verdict="").values_list("key", flat=True))
    sections = [section for section in judged_sections(review.version) if section.key not in verdicts]
    sentences = []
    if scored < criteria:
        sentences.append(
            _("Score every criterion and give a rationale. Done: %(done)d of %(all)d.")
            % {"done": scored, "all": criteria}
        )
    if sections:
        titles = ", ".join(section.title for section in sections)
        sentences.append(_("Give a verdict on each section. Missing: %s.") % titles)
    if not review.recommendation:
        sentences.append(_("Choose a recommendation."))
    if not review.summary.strip():
        sentences.append(_("Write a summary."))
    return sentences


def contradictions(review):
    """Where the recommendation does not follow from the scores and verdicts: the expert says why."""
    gaps = set(review.verdicts.filter(verdict=SectionVerdict.Verdict.GAP).values_list("key", flat=True))
    scores = ReviewScore.objects.filter(review=review).select_related("criterion")
    if review.recommendation == Review.Recommendation.ACCEPT:
        titles = [section.title for section in judged_sections(review.version) if section.key in gaps]
        unmet = [score.criterion.label for score in scores if score.score == ReviewScore.Score.NOT_MET]
        return [
            *(_("You recommend acceptance although “%s” has a serious gap.") % title for title in titles),
            *(_("You recommend acceptance although “%s” is not met.") % label for label in unmet),
        ]
    fine = not review.verdicts.exclude(verdict=SectionVerdict.Verdict.FINE).exists()
    met = all(score.score == ReviewScore.Score.MET for score in scores)
    if review.recommendation and fine and met and not review.remarks.exists():
        return [_("You do not recommend acceptance although everything is good and there is no remark.")]
    return []


def remark_without_answer(remark):
    return [] if remark.answer.strip() else [_("Write the answer.")]
