"""Whole situations in words: a plan that could be sent, one in a given state, a review to hand in."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from plans.assigning import assign_reviewer
from plans.copying import filled_keys, start_plan
from plans.decisions import prepare_decision, release_decisions
from plans.flagging import raise_flag
from plans.models import (
    Action,
    ActionCost,
    BudgetLine,
    Criterion,
    Debate,
    Goal,
    KeyCompetence,
    Plan,
    PlanIndicator,
    PlanVersion,
    Remark,
    Review,
    ReviewScore,
    Risk,
    SchoolCommitment,
    SectionState,
    SectionVerdict,
    SwotItem,
    Text,
)
from plans.sections import sections_of
from plans.workflow import REVIEW, VERSION
from tests.factories import SchoolFactory, SchoolScopeFactory


def about(title="Plan"):
    """Title and years, for a version that is made without the moves."""
    return {"title": title, "year_from": 2026, "year_to": 2029}


def started_plan(cast, **fields):
    """A plan that the lead has just started, with one school in scope; its version 1 is an empty draft."""
    participation = cast.participation
    if not participation.school_scopes.exists():
        school = SchoolFactory(authority=participation.jst, name="Szkoła Podstawowa w Brzozowie")
        SchoolScopeFactory(participation=participation, school=school)
    fields = {"scope": Plan.Scope.WIDE} | about("Plan rozwoju oświaty gminy") | fields
    return start_plan(participation, by=cast.lead, **fields)


def fill(version):
    """Write everything that sending needs, as plainly as can be."""
    tell(version)
    count(version)
    SectionState.objects.filter(version=version, key__in=filled_keys(version)).update(filled=True)
    return version


def tell(version):
    """Write the texts, the debate, the SWOT, the risks and the budget."""
    Text.objects.filter(version=version).update(body="Tekst o naszej gminie.")
    Debate.objects.create(
        version=version, held_on=date(2026, 2, 3), place="Dom kultury", conclusions="Więcej doświadczeń."
    )
    for kind in "swot":
        SwotItem.objects.create(version=version, kind=kind, body=f"Punkt {kind}")
    BudgetLine.objects.create(version=version, year=2026, source="own", amount=Decimal(10000))
    Risk.objects.create(
        version=version, name="Brak nauczycieli", likelihood=2, impact=3, response="Szkolenia"
    )


def count(version):
    """Write one goal of each level, its action with a cost and its indicator, and support of each school."""
    competence = KeyCompetence.objects.filter(competence_set="power").first()
    strategic = Goal.objects.create(version=version, level="strategic", title="Uczeń, który bada świat")
    goal = Goal.objects.create(
        version=version,
        level="operational",
        parent=strategic,
        title="Doświadczenia w każdej klasie",
        position=0,
    )
    goal.competences.add(competence)
    schools = list(SchoolCommitment.objects.filter(version=version))
    for school in schools:
        school.starts, school.area, school.provider = date(2026, 9, 1), "Matematyka", "Ośrodek doskonalenia"
        school.save()
        school.competences.add(competence)
    action = Action.objects.create(
        version=version,
        goal=goal,
        title="Pracownie przyrodnicze",
        responsible="Inspektor oświaty",
        starts=date(2026, 9, 1),
        ends=date(2027, 6, 30),
    )
    action.schools.set(schools)
    ActionCost.objects.create(version=version, action=action, year=2026, source="own", amount=Decimal(10000))
    PlanIndicator.objects.create(
        version=version,
        goal=goal,
        name="Lekcje z doświadczeniem",
        unit="na miesiąc",
        base=1,
        target=4,
        target_year=2027,
        source="Dzienniki",
    )


def grow(version, more):
    """Add `more` operational goals, each with an action, a cost and an indicator, all ready to be sent."""
    strategic = Goal.objects.filter(version=version, level="strategic").first() or Goal.objects.create(
        version=version, level="strategic", title="Cel"
    )
    competence = KeyCompetence.objects.filter(competence_set="power").first()
    for number in range(more):
        goal = Goal.objects.create(
            version=version, level="operational", parent=strategic, title=f"Cel {number}", position=number + 1
        )
        goal.competences.add(competence)
        action = Action.objects.create(
            version=version,
            goal=goal,
            title=f"Zadanie {number}",
            position=number + 1,
            responsible="Inspektor oświaty",
            starts=date(2026, 9, 1),
            ends=date(2027, 6, 30),
        )
        ActionCost.objects.create(version=version, action=action, year=2026, source="own", amount=1)
        PlanIndicator.objects.create(
            version=version,
            goal=goal,
            name=f"Wskaźnik {number}",
            unit="na miesiąc",
            base=0,
            target=1,
            target_year=2027,
            source="Dzienniki",
        )


def complete_draft(cast, **fields):
    return fill(started_plan(cast, **fields).latest())


def plan_version(cast, status):
    """A version of the cast's plan that reached `status` by the moves of the process."""
    S = PlanVersion.Status
    version = complete_draft(cast)
    if status == S.DRAFT:
        return version
    VERSION.perform(version, "ask_signature", by=cast.author)
    if status == S.AWAITING_SIGNATURE:
        return version
    VERSION.perform(version, "send", by=cast.signatory)
    if status == S.TAKEN_BACK:
        VERSION.perform(version, "take_back", by=cast.lead, comment="Pomyłka w budżecie")
    if status in {S.SENT, S.TAKEN_BACK}:
        return version
    assign_reviewer(version, cast.reviewer.expert, by=cast.coordinator)
    VERSION.perform(version, "start_review", by=cast.coordinator)
    if status == S.IN_REVIEW:
        return version
    hand_in(judged(version.reviews.get()))
    outcome = {S.RETURNED: "return", S.ACCEPTED: "accept", S.NOT_ACCEPTED: "refuse"}[status]
    decide(version, outcome, by=cast.coordinator)
    version.refresh_from_db()
    return version


def judged(review, recommendation="accept"):
    """The review with a score, a rationale and a verdict everywhere; begun but not handed in."""
    review.refresh_from_db()
    if review.status == Review.Status.ASSIGNED:
        REVIEW.perform(review, "begin", by=review.expert.person)
    criteria = Criterion.objects.filter(criteria_set=review.version.plan.participation.edition.setup.criteria)
    ReviewScore.objects.bulk_create(
        ReviewScore(review=review, criterion=criterion, score=2, rationale="Widać to w planie.")
        for criterion in criteria
    )
    SectionVerdict.objects.bulk_create(
        SectionVerdict(review=review, key=section.key, verdict="fine")
        for section in sections_of(review.version.plan)
    )
    Review.objects.filter(pk=review.pk).update(recommendation=recommendation, summary="Dobry plan.")
    review.refresh_from_db()
    return review


def hand_in(review, comment=""):
    REVIEW.perform(review, "hand_in", by=review.expert.person, comment=comment)
    return review


def remark_on(version, author, **fields):
    review = version.reviews.filter(expert__person=author).first()
    return Remark.objects.create(
        **{
            "plan": version.plan,
            "version": version,
            "review": review,
            "author": author,
            "section": "goals",
            "kind": Remark.Kind.MISSING,
            "body": "Brakuje uzasadnienia celu.",
        }
        | fields
    )


def flag_on(version, author, *, to):
    return raise_flag(version.plan, kind="doubt", body="Czy cel jest mierzalny?", addressee=to, by=author)


def decide(version, outcome, *, by, sections=("goals",)):
    decision = prepare_decision(
        version,
        outcome=outcome,
        reason="Tak wynika z recenzji.",
        by=by,
        sections=sections,
        due=timezone.localdate() + timedelta(days=14),
        without_reviews="",
    )
    release_decisions([decision], by=by)
    return decision
