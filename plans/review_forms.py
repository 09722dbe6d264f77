"""Forms of an expert: the judgement as a whole, a remark, the answer to one."""

import uuid
from dataclasses import dataclass

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from plans.amending import judged_criteria, judged_sections
from plans.judging import Judgement, stored_judgement
from plans.models import Remark, Review, ReviewScore, SectionVerdict
from plans.results import rescored, weighed

MAX_TEXT = 20_000


def choice(choices, coerce=str, empty=""):
    return forms.TypedChoiceField(choices=choices, coerce=coerce, empty_value=empty, required=False)


def told():
    return forms.CharField(max_length=MAX_TEXT, required=False)


TONES = {"2": "good", "1": "warn", "0": "bad", "fine": "good", "change": "warn", "gap": "bad"}


@dataclass
class Line:
    """One question of the review as its page draws it: names, values, mistakes, what another window saved."""

    key: str
    label: str
    choices: list
    value: str
    name: str
    description: str = ""
    text_name: str = ""
    text: str = ""
    errors: tuple = ()
    stored_choice: str = ""
    stored_text: str | None = None
    sections: tuple = ()
    is_optional: bool = False
    changes: tuple = ()

    @property
    def open_remarks(self):
        """The remarks to its sections that are not settled, whoever wrote them."""
        found = [remark for section in self.sections for remark in section.all_remarks]
        return [remark for remark in found if remark.status not in Remark.SETTLED]

    @property
    def words(self):
        """The answer in words; empty where there is none."""
        return str(dict(self.choices).get(self.value, ""))

    @property
    def tone(self):
        return TONES.get(self.value, "plain")


class JudgementForm(forms.Form):
    """Everything an expert says of one version; what is empty stays empty until the review is handed in.

    Drawn by the template itself and not by the form pack: thirty questions on one page would make it slow.
    """

    recommendation = choice(Review.Recommendation.choices)
    summary = told()

    def __init__(self, review, criteria, data=None):
        self.review, self.criteria = review, criteria
        self.sections = judged_sections(review.version)
        self.compulsory = {one.pk for one in judged_criteria(review.version, criteria)}
        super().__init__(data)
        if data is not None:
            self.ask()

    def ask(self):
        """Add the questions; only what was posted is asked, the page draws `…_line`."""
        # One field of a kind serves all questions: it keeps nothing of one.
        score, rationale = choice(ReviewScore.Score.choices, int, None), told()
        verdict = choice(SectionVerdict.Verdict.choices)
        for criterion in self.criteria:
            self.fields |= {f"score-{criterion.pk}": score, f"rationale-{criterion.pk}": rationale}
        self.fields |= {f"verdict-{section.key}": verdict for section in self.sections}

    @cached_property
    def stored(self):
        """What is stored now."""
        return stored_judgement(self.review, self.criteria)

    def judgement(self):
        """Return what was posted; only for a valid form."""
        said = self.cleaned_data
        return Judgement(
            scores={
                one.pk: (said[f"score-{one.pk}"], said[f"rationale-{one.pk}"].strip())
                for one in self.criteria
            },
            verdicts={section.key: said[f"verdict-{section.key}"] for section in self.sections},
            recommendation=said["recommendation"],
            summary=said["summary"].strip(),
        )

    def shown(self, name, stored):
        """Return the value to show: what was posted, else what is stored."""
        value = self.data.get(name, "") if self.is_bound else stored
        return "" if value is None else str(value)

    def mistakes(self, *names):
        return tuple(sentence for name in names for sentence in self.errors.get(name, ()))

    def differs(self, name, stored):
        """Return what is stored where it is not what was posted, else None."""
        stored = "" if stored is None else str(stored)
        return stored if self.is_bound and self.data.get(name, "").strip() != stored else None

    @cached_property
    def criterion_lines(self):
        return [self.criterion_line(criterion) for criterion in self.criteria]

    def criterion_line(self, criterion):
        score, rationale = self.stored.scores[criterion.pk]
        name, text_name = f"score-{criterion.pk}", f"rationale-{criterion.pk}"
        other_score = self.differs(name, score)
        words = {str(value): str(label) for value, label in ReviewScore.Score.choices}
        return Line(
            key=str(criterion.pk),
            label=criterion.label,
            description=criterion.description,
            is_optional=criterion.pk not in self.compulsory,
            choices=list(words.items()),
            name=name,
            value=self.shown(name, score),
            text_name=text_name,
            text=self.shown(text_name, rationale),
            errors=self.mistakes(name, text_name),
            stored_choice=words.get(other_score, ""),
            stored_text=self.differs(text_name, rationale),
        )

    @cached_property
    def verdict_lines(self):
        """Return section's key → the line of its verdict."""
        words = dict(SectionVerdict.Verdict.choices)
        lines = {}
        for section in self.sections:
            name = f"verdict-{section.key}"
            stored = self.stored.verdicts.get(section.key, "")
            lines[section.key] = Line(
                key=section.key,
                label=section.title,
                choices=SectionVerdict.Verdict.choices,
                name=name,
                value=self.shown(name, stored),
                errors=self.mistakes(name),
                stored_choice=words.get(self.differs(name, stored), ""),
            )
        return lines

    @cached_property
    def conclusion(self):
        """The line of the recommendation and the summary."""
        other = self.differs("recommendation", self.stored.recommendation)
        return Line(
            key="",
            label=str(_("Recommendation")),
            choices=Review.Recommendation.choices,
            name="recommendation",
            value=self.shown("recommendation", self.stored.recommendation),
            text_name="summary",
            text=self.shown("summary", self.stored.summary),
            errors=self.mistakes("recommendation", "summary"),
            stored_choice=dict(Review.Recommendation.choices).get(other, ""),
            stored_text=self.differs("summary", self.stored.summary),
        )

    @property
    def result(self):
        """The weighed result of the scores as they are stored, in per cent; None without scores."""
        return weighed([(self.stored.scores[one.pk][0], one.weight) for one in self.criteria])

    def compare(self, *, writing):
        """Give each criterion what a correction changed in it since the review was handed in."""
        current = {(key, self.review.pk): pair for key, pair in self.stored.scores.items()}
        changes = rescored([self.review], current if writing else None)
        for line in self.criterion_lines:
            line.changes = tuple(changes.get((int(line.key), self.review.pk), ()))

    @property
    def progress(self):
        """Return (done, all): scores with a rationale, verdicts, the recommendation and the summary."""
        pairs = [(f"score-{one.pk}", f"rationale-{one.pk}") for one in self.criteria]
        pairs += [("recommendation", "summary"), *((f"verdict-{one.key}",) for one in self.sections)]
        if self.is_bound:  # The autosave answers from what was posted, without asking the database.
            return sum(all(self.data.get(name, "").strip() for name in names) for names in pairs), len(pairs)
        lines = [*self.criterion_lines, self.conclusion]
        done = sum(bool(line.value and line.text.strip()) for line in lines)
        return done + sum(bool(line.value) for line in self.verdict_lines.values()), len(pairs)

    def place_on(self, sections):
        """Give each section to read its verdict and what it should hold; each criterion its sections."""
        criterion_of = {section.key: section.criterion_id for section in self.sections}
        help_of = {section.key: section.help for section in self.sections}
        for section in sections:
            section.verdict = self.verdict_lines.get(section.key)
            section.help = help_of.get(section.key, "")
        for line in self.criterion_lines:
            line.sections = [
                section for section in sections if str(criterion_of.get(section.key)) == line.key
            ]

    def error_places(self):
        """Return (id of the place, sentence) for the summary of mistakes."""
        places = []
        for name, sentences in self.errors.items():
            kind, _separator, key = name.partition("-")
            anchors = {"verdict": f"sekcja-{key}", "score": f"kryterium-{key}"}
            anchors |= {"rationale": f"kryterium-{key}", "recommendation": "rekomendacja"}
            places += [(anchors.get(kind, "podsumowanie"), sentence) for sentence in sentences]
        return places


@dataclass
class Place:
    """A place of a plan to which a remark may be made; what was not found in the plan is empty."""

    sections: list
    section: str = ""
    section_title: str = ""
    row_uid: str = ""
    row_label: str = ""
    table_title: str = ""
    field: str = ""
    fields: tuple = ()


def place_in(parts, section, row_uid, field):
    """Return the place that the parameters name in the outline of a version."""
    place = Place(sections=[("", _("– choose –")), *((part.key, part.title) for part in parts)])
    part = next((part for part in parts if part.key == section), None)
    if part is None:
        return place
    place.section, place.section_title = part.key, part.title
    for table in part.tables:
        for row in table.rows:
            if row.uid == row_uid:
                place.row_uid, place.row_label, place.table_title = row.uid, row.label, table.title
                place.fields = tuple(table.columns)
    if field in dict(place.fields):
        place.field = field
    return place


class RemarkForm(forms.Form):
    """A remark to one place of the plan. `uid` makes a repeated request the same remark.

    Without `keeps` it is not offered to keep the words: ORE has its own list of reusable remarks.
    """

    uid = forms.UUIDField(widget=forms.HiddenInput)
    section = forms.ChoiceField(
        label=_("Section of the plan"), error_messages={"required": _("Choose the section.")}
    )
    row_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    field = forms.ChoiceField(label=_("What exactly"), required=False)
    kind = forms.ChoiceField(label=_("Kind of remark"), choices=Remark.Kind.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("Remark"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what to change, so that the team knows what to do."),
        error_messages={"required": _("Write the remark.")},
    )

    phrase = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=_("Reusable remark"),
        empty_label=_("– none –"),
        help_text=_("Choose one and press “Insert the text”; then fill in what stands as „…”."),
    )
    keep = forms.BooleanField(label=_("Keep this remark to use it again"), required=False)

    def __init__(self, data=None, *, place, phrases, initial=None, keeps=True):
        self.place, self.keeps = place, keeps
        super().__init__(
            data,
            initial={"uid": uuid.uuid4(), "section": place.section, "row_uid": place.row_uid}
            | {"field": place.field, "kind": Remark.Kind.MISSING}
            | (initial or {}),
        )
        self.fields["section"].choices = place.sections
        if place.section:
            self.fields["section"].widget = forms.HiddenInput()
            self.fields["section"].choices = [(place.section, place.section)]
        self.fields["phrase"].queryset = phrases
        if place.fields:
            self.fields["field"].choices = [("", _("the whole row")), *place.fields]
        else:
            del self.fields["field"]
        if not keeps:
            del self.fields["keep"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self):
        cleaned = super().clean()
        if str(cleaned.get("row_uid") or "") != self.place.row_uid:
            raise forms.ValidationError(_("This row is not in the plan. Choose the place again."))
        return cleaned

    def insert(self):
        """Put the chosen phrase behind what is written, with its kind; nothing is checked or stored yet."""
        posted = self.data.copy()
        key = posted.get("phrase", "")
        phrase = next((one for one in self.fields["phrase"].queryset if str(one.pk) == key), None)
        if phrase:
            parts = [posted.get("body", "").strip(), phrase.body]
            posted["body"] = "\n\n".join(part for part in parts if part)
            posted["kind"], posted["phrase"] = phrase.kind, ""
        initial = {
            name: posted.get(name, "") for name in ("uid", "section", "row_uid", "field", "kind", "body")
        }
        phrases = self.fields["phrase"].queryset
        return type(self)(place=self.place, phrases=phrases, initial=initial, keeps=self.keeps)

    def words(self):
        """Return what `judging.add_remark` takes; only for a valid form."""
        said = self.cleaned_data
        return {
            "section": said["section"],
            "row_uid": said["row_uid"],
            "field": said.get("field", ""),
            "kind": said["kind"],
            "body": said["body"],
        }


class AnswerForm(forms.Form):
    """The team's answer to a remark."""

    answer = forms.CharField(
        label=_("Answer of the team"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what you have changed, or why the plan stays as it is."),
        error_messages={"required": _("Write the answer.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
