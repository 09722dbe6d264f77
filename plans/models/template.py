"""What staff decide about the form of a plan and of its review. All of it is data."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jst.models import Edition


class KeyCompetence(models.Model):
    """One key competence of one of the three official sets (domain.md §4)."""

    class Set(models.TextChoices):
        EU_2006 = "eu2006", _("EU recommendation of 2006")
        EU_2018 = "eu2018", _("EU recommendation of 2018")
        POWER = "power", _("PO WER 2014–2020")

    competence_set = models.CharField(_("set"), max_length=8, choices=Set.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("key competence")
        verbose_name_plural = _("key competences")
        ordering = ["competence_set", "position"]
        constraints = [models.UniqueConstraint(fields=["competence_set", "label"], name="competence_once")]

    def __str__(self):
        return self.label


class CriteriaSet(models.Model):
    name = models.CharField(_("name"), max_length=200, unique=True)
    is_sample = models.BooleanField(_("a sample, not ORE's official criteria"), default=False)

    class Meta:
        verbose_name = _("set of criteria")
        verbose_name_plural = _("sets of criteria")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Criterion(models.Model):
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(_("criterion"), max_length=200)
    description = models.TextField(_("what the expert looks for"), blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["criteria_set", "position", "pk"]

    def __str__(self):
        return self.label


class PlanTemplate(models.Model):
    """The form of a plan. Once published it never changes: a new form is a new template."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    is_sample = models.BooleanField(_("a sample, not ORE's official form"), default=False)
    changes = models.TextField(_("what is new in this form"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("plan template")
        verbose_name_plural = _("plan templates")
        ordering = ["name"]

    def __str__(self):
        return self.name


class TemplateSection(models.Model):
    """One section of the form: told as a text, or counted in rows whose shape `sections.py` knows."""

    class Kind(models.TextChoices):
        NARRATIVE = "narrative", _("text")
        STRUCTURED = "structured", _("rows")

    template = models.ForeignKey(PlanTemplate, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField(_("order"))
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    help = models.TextField(_("what to write, what to have at hand"), blank=True)
    word_limit = models.PositiveIntegerField(_("word limit"), null=True, blank=True)
    row_limit = models.PositiveSmallIntegerField(_("most rows"), null=True, blank=True)
    replaces = models.SlugField(
        _("key of the section of the earlier form whose text moves here"), max_length=40, blank=True
    )
    required_wide = models.BooleanField(_("required in a plan of wide scope"), default=True)
    required_narrow = models.BooleanField(_("required in a plan of narrow scope"), default=True)
    in_narrow = models.BooleanField(_("appears in a plan of narrow scope"), default=True)
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("criterion it serves"),
    )

    class Meta:
        verbose_name = _("section of the template")
        verbose_name_plural = _("sections of the template")
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "key"], name="template_section_key_once"),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        from plans.sections import STRUCTURES

        super().clean()
        if self.kind == self.Kind.STRUCTURED and self.key not in STRUCTURES:
            raise ValidationError(
                {"key": _("A section of rows has one of these keys: %s.") % ", ".join(sorted(STRUCTURES))}
            )

    @property
    def is_narrative(self):
        return self.kind == self.Kind.NARRATIVE

    def is_required(self, scope):
        return self.required_narrow if scope == "narrow" else self.required_wide


class RequiredField(models.Model):
    """One column that a row of a section must have before the plan is sent, by the scope of the plan."""

    section = models.ForeignKey(
        TemplateSection, on_delete=models.CASCADE, related_name="required_fields", verbose_name=_("section")
    )
    row_set = models.SlugField(_("rows"), max_length=40)
    field = models.SlugField(_("column"), max_length=40)
    required_wide = models.BooleanField(_("required in a plan of wide scope"), default=True)
    required_narrow = models.BooleanField(_("required in a plan of narrow scope"), default=True)

    class Meta:
        verbose_name = _("required column")
        verbose_name_plural = _("required columns")
        ordering = ["section", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "row_set", "field"], name="required_field_once"),
        ]

    def __str__(self):
        return f"{self.row_set}: {self.field}"

    def is_required(self, scope):
        return self.required_narrow if scope == "narrow" else self.required_wide


class RuleSetting(models.Model):
    """How strict one rule of the check is in one form; without a setting, as strict as it was made."""

    class Severity(models.TextChoices):
        BLOCKER = "blocker", _("stops sending")
        WARNING = "warning", _("advice only")
        OFF = "off", _("not asked")

    template = models.ForeignKey(
        PlanTemplate, on_delete=models.CASCADE, related_name="rule_settings", verbose_name=_("plan template")
    )
    code = models.SlugField(_("rule"), max_length=60)
    severity = models.CharField(_("how strict"), max_length=8, choices=Severity.choices)

    class Meta:
        verbose_name = _("rule of the check")
        verbose_name_plural = _("rules of the check")
        ordering = ["template", "code"]
        constraints = [models.UniqueConstraint(fields=["template", "code"], name="rule_setting_once")]

    def __str__(self):
        return f"{self.code}: {self.get_severity_display()}"


class EditionSetup(models.Model):
    """How plans of one edition are written and judged."""

    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, related_name="setup", verbose_name=_("edition")
    )
    template = models.ForeignKey(
        PlanTemplate,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to=~Q(published_at=None),
        verbose_name=_("plan template"),
    )
    criteria = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="+", verbose_name=_("criteria")
    )
    competence_set = models.CharField(
        _("set of key competences"), max_length=8, choices=KeyCompetence.Set.choices
    )
    signature_required = models.BooleanField(_("a signatory approves before sending"), default=True)
    deadline = models.DateTimeField(_("deadline for the first version"), null=True, blank=True)
    reviews_needed = models.PositiveSmallIntegerField(_("reviews of each plan"), default=1)
    third_review = models.BooleanField(_("a third expert is asked when two differ"), default=False)
    amendment_reviews = models.PositiveSmallIntegerField(
        _("reviews of a change of an accepted plan"), default=1
    )
    review_days = models.PositiveSmallIntegerField(_("days for a review"), default=21)
    correction_days = models.PositiveSmallIntegerField(_("days for corrections"), default=14)

    class Meta:
        verbose_name = _("setup of plans in an edition")
        verbose_name_plural = _("setup of plans in editions")

    def __str__(self):
        return str(self.edition)

    def clean(self):
        """The criteria that the form shows to authors are those by which experts judge."""
        super().clean()
        if not (self.template_id and self.criteria_id):
            return
        others = self.template.sections.exclude(criterion=None)
        others = others.exclude(criterion__criteria_set=self.criteria_id).select_related(
            "criterion__criteria_set"
        )
        if other := others.first():
            sentence = _(
                "The form of the plan shows criteria of another set: “%s”. Choose that set or another form."
            )
            raise ValidationError({"criteria": sentence % other.criterion.criteria_set})
