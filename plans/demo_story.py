"""The story of one plan in the demonstration: each of its steps is one of the portal's own verbs.

Steps take the time at which they happen, so that they can stand in the diary of the demo.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.utils.timezone import localdate

from jst.demo_units import Unit, moment, weekday
from jst.models import Expert
from plans.adopting import record_adoption
from plans.assigning import assign_reviewer
from plans.commenting import add_comment, settle
from plans.copying import start_plan
from plans.decisions import prepare_decision, release_decisions
from plans.demo_content import read
from plans.demo_content.composing import Composer
from plans.demo_content.judging import FATAL, USUAL, judgement_of, spoil
from plans.demo_content.minutes import attach_minutes
from plans.demo_content.words import BY_KIND, FORMS, worded, words_of
from plans.demo_content.writing import Writer, competences_of, mark_states
from plans.flagging import raise_flag
from plans.judging import add_remark, save_review
from plans.models import (
    AdoptionAct,
    Challenge,
    ChangeRequest,
    Criterion,
    Decision,
    EditionSetup,
    Flag,
    KeyCompetence,
    Plan,
    Remark,
    Review,
)
from plans.obstacles import contradictions
from plans.publishing import publish_plan
from plans.remarks import answer_remark
from plans.sections import section_of
from plans.teamwork import look_after
from plans.workflow import REMARK, REVIEW, VERSION
from portal.demo import Demo

# Plans written from beginning to end, by the code of the unit; the others are put together.
WHOLE = {
    "300405": "piaski",
    "281104": "nidzica",
    "241602": "zawiercie",
    "260403": "checiny",
    "2813": "olecki",
    "143502": "dlugosiodlo",
}
DAYS_FOR_A_REVIEW = timedelta(days=14)


@dataclass
class Days:
    """Moments so many days after `anchor`, or before it; what falls on a weekend happens on Friday."""

    anchor: date
    minute: int = 0

    def date(self, offset):
        return weekday(self.anchor + timedelta(days=offset))

    def at(self, offset, hour):
        return moment(self.date(offset), hour, self.minute)


@dataclass
class Office:
    """What the plans of one edition share: its setup, and the composer of texts."""

    demo: Demo
    setup: EditionSetup
    composer: Composer

    @cached_property
    def criteria(self):
        return list(Criterion.objects.filter(criteria_set=self.setup.criteria))

    @cached_property
    def challenges(self):
        return list(Challenge.objects.all())

    @cached_property
    def competences(self):
        return competences_of(self.setup.competence_set)

    @property
    def exam(self):
        """The exam at the end of the schools that gminas ran in that year."""
        is_pilot = self.setup.competence_set == KeyCompetence.Set.POWER
        return "egzamin gimnazjalny" if is_pilot else "egzamin ósmoklasisty"

    def story(self, unit, *, scope, reviewer, first_year, until):
        """Return the story of a unit's plan; `scope` matters where it is put together."""
        if unit.code in WHOLE:
            spec = read(f"whole/{WHOLE[unit.code]}")
        else:
            spec = self.composer.compose(unit.jst, scope=scope, years=3 + (scope == "wide"))
        return Story(self, unit, spec, reviewer, first_year, until)


@dataclass
class Story:
    """One plan: the unit that writes it, what it says, who reviews it and what was found lacking."""

    office: Office
    unit: Unit
    spec: dict
    reviewer: Expert
    first_year: int
    until: date  # when the team finished the first version
    plan: Plan = None
    defects: list = field(default_factory=list)

    @property
    def version(self):
        return self.plan.latest()

    @property
    def review(self):
        return Review.objects.get(version=self.version, expert=self.reviewer)

    @property
    def lead(self):
        return self.unit.people["lead"]

    @property
    def author(self):
        return self.unit.people["author"]

    @property
    def coordinator(self):
        return self.demo.people["coordinator"]

    @property
    def demo(self):
        return self.office.demo

    def later(self, at, step, *args, **kwargs):
        """Write a step into the diary: `story.later(at, story.send)`."""
        self.demo.later(at, step, *args, **kwargs)

    def lacking(self, number, count, *, fatal=False):
        """Return what the first version is to lack: as written, or `count` usual things and a suggestion."""
        if "remarks" in self.spec:
            return self.spec["remarks"]
        names = [USUAL[(number + step) * 2 % len(USUAL)] for step in range(count)]
        names = FATAL if fatal else names
        hint = "network" if self.spec["scope"] == "narrow" or number % 2 else "suggestion"
        return [{"defect": name} for name in [*names, hint]]

    # --- The team ---------------------------------------------------------------------------------

    def start(self, *, at):
        participation = self.unit.participation
        day = localdate(at)
        # The words of remarks name rows, which are not there yet; they are said when a draft is spoilt.
        self.spec = worded(
            {key: value for key, value in self.spec.items() if key != "remarks"},
            words_of(
                self.unit.jst,
                schools=list(self.unit.jst.schools.all()),
                team=participation.memberships.on(day).count(),
                first_year=self.first_year,
                last_year=self.first_year + self.spec["years"] - 1,
                since=participation.since,
                until=self.until,
                exam=self.office.exam,
                chance=self.demo.random,
            ),
        )
        self.plan = start_plan(
            participation,
            scope=self.spec["scope"],
            title=self.spec["title"],
            year_from=self.first_year,
            year_to=self.first_year + self.spec["years"] - 1,
            by=self.lead,
            at=at,
        )
        Plan.objects.filter(pk=self.plan.pk).update(created_at=at)

    def write(self, *, at, only=None, lacking=(), done=True):
        """Write the draft, or some of its sections, leaving out what a reviewer is to find lacking."""
        version = self.version
        Writer(
            version,
            self.spec,
            uid=self.demo.uid,
            until=self.until,
            competences=self.office.competences,
            only=only,
        ).write()
        if only is None:
            attach_minutes(version, uid=self.demo.uid(), by=self.author, at=at)
        self.defects = spoil(version, lacking, self.office.composer)
        mark_states(version, by=self.author, at=at, done=done, only=only)

    def call_ready(self, keys, *, at):
        """The author calls some of the written sections ready."""
        mark_states(self.version, by=self.author, at=at, only=keys)

    def share_out(self, owners, *, at):
        """The lead gives sections to people: `owners` is section key → (role, due day)."""
        for key, (role, due) in owners.items():
            section = section_of(self.plan, key)
            look_after(self.version, section, owner=self.unit.people[role], due=due, by=self.lead, at=at)

    def talk(self, scene, *, at):
        """The team and its caretaker comment on sections; what is answered is settled by the lead."""
        people = self.unit.people | {"caretaker": self.unit.caretakers[-1].person}
        for said in read("talk")[scene]:
            words = {"section": said["section"], "body": said["body"], "by": people[said["who"]], "at": at}
            comment = add_comment(self.plan, **words)
            if said.get("settled"):
                settle(comment, by=self.lead, at=at)

    def ask_signature(self, *, at):
        VERSION.perform(self.version, "ask_signature", by=self.author, at=at)

    def decline(self, *, at):
        reason = read("judging")["declined"]["reason"]
        VERSION.perform(self.version, "decline", by=self.unit.people["signatory"], comment=reason, at=at)

    def send(self, *, at):
        signed = self.office.setup.signature_required
        by = self.unit.people["signatory"] if signed else self.lead
        VERSION.perform(self.version, "send", by=by, at=at)
        due = localdate(at) + DAYS_FOR_A_REVIEW
        Review.objects.filter(version=self.version, due=None).update(due=due)

    def take_back(self, *, at):
        reason = read("judging")["taken_back"]["reason"]
        VERSION.perform(self.version, "take_back", by=self.lead, comment=reason, at=at)
        mark_states(self.version, by=self.lead, at=at)

    def answer(self, *, at, weakly=0):
        """Answer the remarks that have an answer and mend what they are about.

        The last `weakly` of the grave ones are answered only, and nothing is mended.
        """
        version = self.version
        for remark, defect in self.remarks(Remark.UNANSWERED):
            if not defect.answer:
                continue
            is_weak = defect in self.last_grave(weakly)
            if not is_weak:
                defect.mend(version)
            answer_remark(remark, defect.weak if is_weak else defect.answer, by=self.author, at=at)
        mark_states(version, by=self.author, at=at)

    def last_grave(self, count):
        grave = [defect for defect in self.defects if defect.is_grave]
        return grave[max(0, len(grave) - count) :]

    def remarks(self, statuses):
        """Return pairs of a remark and what it found lacking, of those remarks that stand so."""
        remarks = Remark.objects.filter(plan=self.plan).order_by("pk")
        pairs = zip(remarks, self.defects, strict=True)
        return [(remark, defect) for remark, defect in pairs if remark.status in statuses]

    def publish(self, *, at):
        offered = self.office.challenges
        first = self.plan.pk % len(offered)
        named = [offered[first], offered[(first + 3) % len(offered)]]
        publish_plan(self.plan, published=True, challenges=named, by=self.lead, at=at)

    def adopt(self, form, *, at, number="", by=None):
        """Record the act by which the unit adopted the plan; `number` without the year."""
        day = localdate(at) - timedelta(days=9)
        words = dict(zip(FORMS, BY_KIND[self.unit.jst.kind], strict=True))
        organ = words["rada"] if form == AdoptionAct.Form.RESOLUTION else words["wojt"]
        organ = organ[0].upper() + organ[1:]
        facts = {"number": f"{number}/{day.year}", "adopted_on": day, "organ": organ} if number else {}
        version = self.plan.in_force()
        version.plan = self.plan
        record_adoption(version, form=form, by=by or self.lead, at=at, **facts)

    # --- Experts ----------------------------------------------------------------------------------

    def assign(self, *, at, due=None, expert=None):
        assign_reviewer(self.version, expert or self.reviewer, by=self.coordinator, due=due, at=at)

    def recuse(self, expert, *, at):
        review = Review.objects.get(version=self.version, expert=expert)
        reason = read("judging")["recused"]["reason"]
        REVIEW.perform(review, "recuse", by=expert.person, comment=reason, at=at)

    def abstain(self, expert, *, at):
        review = Review.objects.get(version=self.version, expert=expert)
        reason = read("judging")["abstained"]["reason"]
        REVIEW.perform(review, "abstain", by=expert.person, comment=reason, at=at)

    def start_review(self, *, at):
        VERSION.perform(self.version, "start_review", by=self.coordinator, at=at)

    def remark(self, *, at):
        """Write the remarks on what the first version lacks; the first of them begins the review."""
        review = self.review
        for defect in self.defects:
            add_remark(
                review,
                uid=self.demo.uid(),
                by=self.reviewer.person,
                section=defect.section,
                kind=defect.kind,
                body=defect.body,
                at=at,
                **defect.place,
            )

    def judge(self, *, at, recommendation, half=False):
        """Score, judge each section and, unless it is only half done, recommend and sum up."""
        review = self.review
        judgement = judgement_of(
            review,
            self.office.criteria,
            self.defects if recommendation != Decision.Outcome.ACCEPT else (),
            self.office.composer,
            recommendation=recommendation,
            half=half,
        )
        save_review(review, judgement, by=self.reviewer.person, revision=review.revision, at=at)

    def hand_in(self, *, at):
        reason = read("judging")["explained"]["reason"] if contradictions(self.review) else ""
        REVIEW.perform(self.review, "hand_in", by=self.reviewer.person, comment=reason, at=at)

    def flag(self, *, at):
        """The expert puts a doubt to ORE."""
        words = {"kind": Flag.Kind.DOUBT, "body": read("judging")["flag"]["body"]}
        raise_flag(self.plan, by=self.reviewer.person, addressee=self.coordinator, at=at, **words)

    def settle(self, *, at, upholding=0, leaving=0):
        """Confirm the answered remarks that are more than suggestions.

        The last `upholding` of them are upheld, the last `leaving` are left as they are.
        """
        reasons = read("judging")["upheld"]["reasons"]
        for place, (remark, defect) in enumerate(self.remarks({Remark.Status.ANSWERED})):
            if not defect.is_grave or defect in self.last_grave(leaving):
                continue
            if defect in self.last_grave(upholding):
                reason = reasons[place % len(reasons)]
                REMARK.perform(remark, "uphold", by=self.reviewer.person, comment=reason, at=at)
            else:
                REMARK.perform(remark, "confirm", by=self.reviewer.person, at=at)

    # --- ORE --------------------------------------------------------------------------------------

    def waive(self, *, at):
        """Waive the last grave remark that the expert has not settled."""
        remark = Remark.objects.filter(plan=self.plan).unsettled().last()
        reason = read("judging")["waived"]["reason"]
        REMARK.perform(remark, "waive", by=self.coordinator, comment=reason, at=at)

    def prepare(self, outcome, *, at, due=None):
        reason = self.office.composer.one(f"decision {outcome}", read("judging")["decisions"][outcome])
        sections = {defect.section for defect in self.defects}
        order = [section.key for section in self.plan.template.sections.all()]
        return prepare_decision(
            self.version,
            outcome=outcome,
            reason=reason,
            by=self.coordinator,
            sections=sorted(sections, key=order.index),
            due=due,
            at=at,
        )

    def decide(self, outcome, *, at, due=None):
        release_decisions([self.prepare(outcome, at=at, due=due)], by=self.coordinator, at=at)

    def due_was(self, due, *, at):
        """Say by when the corrections were due, once they are in: a past due would have stopped them."""
        Decision.objects.filter(version__plan=self.plan, outcome=Decision.Outcome.RETURN).update(due=due)
        ChangeRequest.objects.filter(version__plan=self.plan).update(due=due)
