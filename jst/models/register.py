"""Units of local government (TERC) and their schools (RSPO)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jst.naming import with_kind
from jst.spelling import folded, polish_order

# What people write before a name when they look for a unit: "gmina Piaski", "miasto Buk", "starostwo".
KIND_WORDS = {
    "GM": "gmina miasto urząd miejski",
    "GW": "gmina urząd gminy",
    "GMW": "miasto i gmina urząd miejski",
    "MNP": "gmina miasto urząd miasta",
    "P": "powiat starostwo powiatowe",
    "W": "województwo urząd marszałkowski",
}


class JstQuerySet(models.QuerySet):
    def current(self):
        return self.filter(abolished_on=None)

    def search(self, words):
        """Return the units whose name contains every word, with or without Polish letters."""
        found = self
        for word in folded(words).split():
            found = found.filter(search__contains=word)
        return found


class Jst(models.Model):
    """A unit of local government; its name and kind are those of its current `JstPeriod`.

    `code` is the TERC code without the digit of the kind, which changes over the years: two digits for
    a voivodeship, four for a county, six for a gmina. A city with county rights is ONE unit with two
    codes (`code` of the gmina and `county_code`); see domain.md §5 and the regulation Dz.U. 1998 poz. 1031.
    """

    class Kind(models.TextChoices):
        GM = "GM", _("urban gmina")
        GW = "GW", _("rural gmina")
        GMW = "GMW", _("urban-rural gmina")
        MNP = "MNP", _("city with county rights")
        P = "P", _("county")
        W = "W", _("voivodeship")

    code = models.CharField(_("TERC code"), max_length=6, unique=True)
    county_code = models.CharField(_("county code"), max_length=4, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=3, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("lies in"),
    )
    office_name = models.CharField(_("office"), max_length=200, blank=True)
    mailbox = models.EmailField(_("official mailbox"), blank=True)
    abolished_on = models.DateField(_("absent from the register since"), null=True, blank=True)
    search = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = JstQuerySet.as_manager()

    class Meta:
        verbose_name = _("local government")
        verbose_name_plural = _("local governments")
        ordering = ["sort_key", "code"]

    def __str__(self):
        return self.full_name

    def save(self, **kwargs):
        self.spell()
        super().save(**kwargs)

    def spell(self):
        """Fill the columns that search and order read; bulk writes must call it themselves."""
        words = [self.name, KIND_WORDS[self.kind], self.office_name, self.code, self.county_code or ""]
        self.search, self.sort_key = folded(" ".join(words))[:400], polish_order(self.name)

    @property
    def full_name(self):
        """The name with its kind, so that units of the same name are told apart."""
        return with_kind(self.kind, self.name)

    @property
    def voivodeship_code(self):
        return self.code[:2]


class JstPeriod(models.Model):
    """What a unit was called and of what kind it was, from one day to another: one row per TERC state."""

    jst = models.ForeignKey(Jst, on_delete=models.CASCADE, related_name="periods")
    teryt = models.CharField(_("TERC code"), max_length=7)
    kind = models.CharField(_("kind"), max_length=3, choices=Jst.Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True)

    class Meta:
        verbose_name = _("name and kind in a period")
        verbose_name_plural = _("names and kinds by period")
        ordering = ["jst", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["jst"], condition=Q(valid_to=None), name="jst_one_open_period"),
            models.UniqueConstraint(fields=["jst", "valid_from"], name="jst_period_starts_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="jst_period_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.teryt} {self.name} {self.valid_from}"


class RegisterImport(models.Model):
    """One official file that was applied: what it was, what it changed and which rows were set aside."""

    source = models.CharField(_("register"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("Digest (SHA-256)"), max_length=64)
    as_of = models.DateField(_("as of"))
    applied_at = models.DateTimeField(_("applied"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    counts = models.JSONField(_("counts"), default=dict)
    changes = models.JSONField(_("changes"), default=list)
    rejected = models.JSONField(_("rows set aside"), default=list)

    class Meta:
        verbose_name = _("register import")
        verbose_name_plural = _("register imports")
        ordering = ["-applied_at"]

    def __str__(self):
        return f"{self.source} {self.as_of}"


class School(models.Model):
    """A school or institution with its number in the RSPO register."""

    rspo = models.CharField(_("RSPO number"), max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=100)
    town = models.CharField(_("town"), max_length=100, blank=True)
    operator = models.ForeignKey(
        Jst, on_delete=models.PROTECT, related_name="schools", verbose_name=_("running authority")
    )
    pupils = models.PositiveIntegerField(_("pupils"), null=True, blank=True)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["sort_key", "rspo"]

    def __str__(self):
        return f"{self.name}, {self.town}" if self.town and self.town not in self.name else self.name

    def save(self, **kwargs):
        self.spell()
        super().save(**kwargs)

    def spell(self):
        """Fill the column that order reads; bulk writes must call it themselves."""
        self.sort_key = polish_order(self.name)
