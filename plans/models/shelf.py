"""What the public library of plans is searched by: a cache of published words, built anew at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .plan import Plan, PlanVersion


class Challenge(models.Model):
    """A challenge of a unit that its plan answers (fewer pupils, transport, …); a list that staff keep."""

    label = models.CharField(_("challenge"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_sample = models.BooleanField(_("sample"), default=False)

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["position", "label"]

    def __str__(self):
        return self.label


class PlanChallenge(models.Model):
    """One challenge that a team named when it agreed to publish its plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="challenge_links")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="plan_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "challenge"], name="challenge_once_per_plan")]

    def __str__(self):
        return str(self.challenge)


class ShelvedWord(models.Model):
    """One word of a published version: basic form, no Polish marks, how often it stands there.

    `times` is weighted: a word of the title or of a goal counts for several of the texts.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="shelved_words")
    lemma = models.CharField(max_length=60)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lemma", "version"], name="shelved_word_once")]

    def __str__(self):
        return self.lemma


class ShelvedForm(models.Model):
    """One inflected form of a basic form that some published plan holds, both without Polish marks.

    It tells a search which words stand behind „szkół” without the dictionary, which is large.
    """

    form = models.CharField(max_length=60)
    lemma = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "lemma"], name="shelved_form_once")]

    def __str__(self):
        return f"{self.form}: {self.lemma}"
