"""Units of local government: what TERC says of them, and their offices as MSWiA's register has them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jst.naming import with_kind, with_place
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
    town = models.CharField(_("town of the office"), max_length=100, blank=True)
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=6, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    delivery_address = models.CharField(_("address for electronic delivery"), max_length=60, blank=True)
    nip = models.CharField(_("NIP"), max_length=10, blank=True)
    regon = models.CharField(_("REGON"), max_length=14, blank=True)
    # Field corrected by hand → what the register says of it: an import writes here, not into the field.
    corrected = models.JSONField(_("corrected by hand"), default=dict, blank=True, editable=False)
    abolished_on = models.DateField(_("absent from the register since"), null=True, blank=True)
    search = models.CharField(max_length=400, editable=False, db_index=True)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = JstQuerySet.as_manager()

    class Meta:
        verbose_name = _("local government")
        verbose_name_plural = _("local governments")
        ordering = ["sort_key", "code"]

    def __str__(self):
        """Return the name with its place where that is loaded; else it would cost a query for each unit."""
        return self.placed_name if self.is_placed() else self.full_name

    def save(self, **kwargs):
        self.spell()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("jst:unit", args=[self.code])

    def spell(self):
        """Fill the columns that search and order read; bulk writes must call it themselves."""
        words = [self.name, KIND_WORDS[self.kind], self.office_name, self.town, self.code]
        words.append(self.county_code or "")
        self.search, self.sort_key = folded(" ".join(words))[:400], polish_order(self.name)

    @property
    def full_name(self):
        """The name with its kind, so that units of the same name are told apart."""
        return with_kind(self.kind, self.name)

    def is_placed(self):
        """Whether both units around this one are loaded already."""
        loaded = Jst.parent.is_cached
        return loaded(self) and (self.parent is None or loaded(self.parent))

    @property
    def placed_name(self):
        """The name with its kind and where it lies; reads two levels up: select `parent__parent`."""
        county, above = self.parent, self.parent and self.parent.parent
        around = [(unit.kind, unit.name) if unit else (None, None) for unit in (county, above)]
        return with_place(self.kind, self.name, *around[0], *around[1])

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
