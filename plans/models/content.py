"""What a plan says: rows for what is counted, texts for what is told.

Every row belongs to one version and carries a `uid` that its copies in later versions keep: remarks,
comparison and change requests point to it. Drafts are lenient, so nearly everything may be empty;
what is missing is told by `problems.py`.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from jst.models import School

from .plan import PlanVersion
from .template import KeyCompetence

YEAR = [MinValueValidator(2000), MaxValueValidator(2100)]


class ContentRow(models.Model):
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="%(class)s_rows")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)
    origin = models.CharField(_("where it comes from"), max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "uid"], name="%(app_label)s_%(class)s_uid_once"),
        ]


class Text(ContentRow):
    """The text of one narrative section."""

    key = models.SlugField(max_length=40)
    body = models.TextField(_("text"), blank=True)

    class Meta(ContentRow.Meta):
        constraints = [
            *ContentRow.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key"], name="text_once_per_section"),
        ]

    def __str__(self):
        return self.key


class Debate(ContentRow):
    """A meeting at which the plan was discussed before it was written (education debate)."""

    held_on = models.DateField(_("date of the meeting"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    heads = models.PositiveIntegerField(_("school heads"), null=True, blank=True)
    teachers = models.PositiveIntegerField(_("teachers"), null=True, blank=True)
    parents = models.PositiveIntegerField(_("parents"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("pupils"), null=True, blank=True)
    others = models.PositiveIntegerField(
        _("others: councillors, organisations, business"), null=True, blank=True
    )
    conclusions = models.TextField(_("conclusions"), blank=True)

    def __str__(self):
        return self.place or str(_("meeting"))


class SwotItem(ContentRow):
    class Kind(models.TextChoices):
        STRENGTH = "s", _("strength")
        WEAKNESS = "w", _("weakness")
        OPPORTUNITY = "o", _("opportunity")
        THREAT = "t", _("threat")

    kind = models.CharField(_("kind"), max_length=1, choices=Kind.choices, blank=True)
    body = models.TextField(_("what exactly"), blank=True)

    def __str__(self):
        return self.body[:60]


class SchoolCommitment(ContentRow):
    """A school that the unit will support, since when and in what: an integral part of every plan."""

    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    starts = models.DateField(_("support starts on"), null=True, blank=True)
    competences = models.ManyToManyField(
        KeyCompetence, blank=True, related_name="+", verbose_name=_("key competences")
    )
    area = models.CharField(_("area of support"), max_length=300, blank=True)
    provider = models.CharField(_("who provides the support"), max_length=200, blank=True)
    reason = models.CharField(_("why this school, if another authority runs it"), max_length=300, blank=True)

    def __str__(self):
        return str(self.school) if self.school else str(_("school not chosen"))


class Goal(ContentRow):
    class Level(models.TextChoices):
        STRATEGIC = "strategic", _("strategic goal")
        OPERATIONAL = "operational", _("operational goal")

    level = models.CharField(max_length=12, choices=Level.choices, editable=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("serves the strategic goal"),
    )
    title = models.CharField(_("goal"), max_length=500, blank=True)
    description = models.TextField(_("why this goal, what will change"), blank=True)
    competences = models.ManyToManyField(
        KeyCompetence, blank=True, related_name="+", verbose_name=_("key competences")
    )

    def __str__(self):
        return self.title or str(_("goal without a name"))


class Action(ContentRow):
    goal = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("serves the operational goal"),
    )
    title = models.CharField(_("action"), max_length=500, blank=True)
    responsible = models.CharField(_("who is responsible"), max_length=200, blank=True)
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("to"), null=True, blank=True)
    schools = models.ManyToManyField(
        SchoolCommitment, blank=True, related_name="actions", verbose_name=_("schools that take part")
    )

    def __str__(self):
        return self.title or str(_("action without a name"))


class Source(models.TextChoices):
    OWN = "own", _("own funds")
    STATE = "state", _("state budget")
    EU = "eu", _("European funds")
    OTHER = "other", _("other")


def sum_in_words(row):
    """Return a sum with its year and source, „2027, środki własne, 12 000 zł”, without what is missing."""
    amount = "" if row.amount is None else f"{number_format(row.amount, 2 if row.amount % 1 else 0)}\xa0zł"
    return ", ".join(part for part in (str(row.year or ""), str(row.get_source_display()), amount) if part)


class ActionCost(ContentRow):
    """What one action costs in one year from one source."""

    action = models.ForeignKey(
        Action,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="costs",
        verbose_name=_("action"),
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEAR)
    source = models.CharField(_("source of money"), max_length=8, choices=Source.choices, blank=True)
    amount = models.DecimalField(
        _("amount, PLN"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    def __str__(self):
        return sum_in_words(self)


class PlanIndicator(ContentRow):
    goal = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("measures the operational goal"),
    )
    name = models.CharField(_("indicator"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    base = models.DecimalField(_("value today"), max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target value"), max_digits=12, decimal_places=2, null=True, blank=True)
    target_year = models.PositiveSmallIntegerField(
        _("to be reached in"), null=True, blank=True, validators=YEAR
    )
    source = models.CharField(_("source of data"), max_length=300, blank=True)
    frequency = models.CharField(_("how often measured"), max_length=100, blank=True)

    def __str__(self):
        return self.name or str(_("indicator without a name"))


class BudgetLine(ContentRow):
    """Money secured for the plan in one year from one source."""

    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEAR)
    source = models.CharField(_("source of money"), max_length=8, choices=Source.choices, blank=True)
    amount = models.DecimalField(
        _("amount, PLN"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    def __str__(self):
        return sum_in_words(self)


class Risk(ContentRow):
    class Grade(models.IntegerChoices):
        LOW = 1, _("low")
        MEDIUM = 2, _("medium")
        HIGH = 3, _("high")

    name = models.CharField(_("what may go wrong"), max_length=300, blank=True)
    likelihood = models.PositiveSmallIntegerField(
        _("likelihood"), choices=Grade.choices, null=True, blank=True
    )
    impact = models.PositiveSmallIntegerField(_("effect"), choices=Grade.choices, null=True, blank=True)
    response = models.TextField(_("what we will do"), blank=True)

    def __str__(self):
        return self.name[:60]


class StoredFile(models.Model):
    """An uploaded file, kept once and never changed; versions link to it."""

    file = models.FileField(upload_to="evidence/%Y")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name


class Evidence(ContentRow):
    class Kind(models.TextChoices):
        MINUTES = "minutes", _("minutes of the debate")
        DIAGNOSIS = "diagnosis", _("diagnosis, analysis")
        RESOLUTION = "resolution", _("resolution or order")
        LETTER = "letter", _("letter, agreement")
        OTHER = "other", _("other")

    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("kind of document"), max_length=12, choices=Kind.choices, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    proves = models.CharField(_("what it confirms"), max_length=300, blank=True)

    def __str__(self):
        return self.title or self.stored.name


# Parents before the rows that point to them: the order of copying, hashing and saving.
CONTENT_MODELS = [
    Text,
    Debate,
    SwotItem,
    SchoolCommitment,
    Goal,
    Action,
    ActionCost,
    PlanIndicator,
    BudgetLine,
    Risk,
    Evidence,
]
