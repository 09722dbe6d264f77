"""What experts say of the plans: remarks on what the first version lacks, scores, rationales, summaries."""

from dataclasses import dataclass
from decimal import Decimal

from plans.demo_content import read
from plans.judging import Judgement
from plans.models import Action, BudgetLine, Debate, Goal, PlanIndicator, Remark, SchoolCommitment, Text
from plans.sections import sections_of

MET, PARTLY, NOT_MET = 2, 1, 0
WORDS = {MET: "met", PARTLY: "partly", NOT_MET: "not"}
# What the first version may lack, in the order in which returned plans take turns.
USUAL = ("results", "target", "budget", "monitoring", "provider", "source", "responsible", "why", "pupils")
# What is not mended in a plan that is refused in the end.
FATAL = ("results", "target", "budget", "monitoring")


@dataclass
class Defect:
    """Something the first version lacks, the remark on it, and what the next version says instead."""

    section: str
    kind: str
    body: str
    answer: str
    weak: str = ""
    row: object = None
    field: str = ""
    better: object = None

    @property
    def is_grave(self):
        return self.kind != Remark.Kind.SUGGESTION

    @property
    def place(self):
        """Where the remark is anchored: a told section as a whole, else a row and a field of it."""
        if self.row is None or isinstance(self.row, Text):
            return {}
        return {"row_uid": self.row.uid, "field": self.field}

    def mend(self, version):
        """Say in the next version what was lacking; the row's copy has the same uid."""
        if self.row is not None:
            rows = type(self.row).objects.filter(version=version, uid=self.row.uid)
            rows.update(**{self.field: self.better})


def spoil(version, wanted, composer):
    """Worsen a draft in the places that `wanted` names; return the defects.

    Each of `wanted` is a dict with the key `defect` and, where they are not the usual ones, `body` and
    `answer`.
    """
    found = []
    for one in wanted:
        data = read("judging")["defects"][one["defect"]]
        body, answer = composer.one(f"defect {one['defect']}", data["variants"])
        row, field, worse = weak_point(version, one["defect"])
        places = {"row": row, "year": getattr(row, "year", "")}
        found.append(
            Defect(
                section=data["section"],
                kind=data["kind"],
                body=one.get("body", body).format(**places),
                answer=one.get("answer", "" if "body" in one else answer),
                weak=data.get("weak", ""),
                row=row,
                field=field,
                better=getattr(row, field, None),
            )
        )
        if row is not None:
            type(row).objects.filter(pk=row.pk).update(**{field: worse})
    return found


# Defect → model, which of its rows (the last one or the first), field, worse value.
BLANKS = {
    "source": (PlanIndicator, "-position", "source", "dane własne"),
    "provider": (SchoolCommitment, "-position", "provider", ""),
    "responsible": (Action, "position", "responsible", "szkoły"),
    "why": (Goal, "level", "description", ""),
    "pupils": (Debate, "position", "pupils", None),
}


def weak_point(version, name):
    """Return the row, the field and the worse value by which a draft gets the named defect."""
    if name in BLANKS:
        model, order, field, worse = BLANKS[name]
        return model.objects.filter(version=version).order_by(order, "position").first(), field, worse
    if name == "results":
        text = Text.objects.get(version=version, key="wyniki")
        paragraphs = text.body.split("\n\n")
        return text, "body", "\n\n".join(paragraphs[: len(paragraphs) // 2])
    if name == "monitoring":
        text = Text.objects.get(version=version, key="monitorowanie")
        return text, "body", text.body.split("\n\n")[0]
    if name == "target":
        indicator = PlanIndicator.objects.filter(version=version).first()
        change = (indicator.target - indicator.base) / 8
        return indicator, "target", indicator.base + (change.quantize(Decimal(1)) or change)
    if name == "budget":
        line = BudgetLine.objects.get(version=version, source="own", year=version.year_from + 1)
        return line, "amount", (line.amount * Decimal("0.7") / 1000).quantize(Decimal(1)) * 1000
    return None, "", None


def judgement_of(review, criteria, defects, composer, *, recommendation, half=False):
    """Return what the expert says; `half` is what is written half-way."""
    sections = sections_of(review.version.plan)
    lacking = {defect.section for defect in defects if defect.is_grave}
    criterion_of = {section.key: section.criterion_id for section in sections}
    weak = {criterion_of[key] for key in lacking if key in criterion_of}
    refused = recommendation == "refuse"
    scores = {}
    for place, criterion in enumerate(criteria):
        words = read("judging")["criteria"][place]
        score = PARTLY if criterion.pk in weak else MET
        if refused and score == PARTLY and "not" in words:
            score = NOT_MET
        scores[criterion.pk] = (score, composer.one(f"criterion {place} {score}", words[WORDS[score]]))
    bad = "gap" if refused else "change"
    verdicts = {section.key: bad if section.key in lacking else "fine" for section in sections}
    if half:
        scores = dict(list(scores.items())[: len(scores) // 2])
        verdicts = dict(list(verdicts.items())[: len(verdicts) // 2])
        return Judgement(scores, verdicts, "", "")
    corrected = recommendation == "accept" and review.version.number > 1
    return Judgement(
        scores, verdicts, recommendation, summary("corrected" if corrected else recommendation, composer)
    )


def summary(kind, composer):
    words = read("judging")
    text = composer.one(f"summary {kind}", words["summaries"][kind])
    strengths = words["strengths"]
    return text.format(
        strength=composer.one("strength", [*strengths["m"], *strengths["f"]]),
        strength_f=composer.one("strength f", strengths["f"]),
    )
