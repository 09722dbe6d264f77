"""Schools and other institutions of the RSPO register, and who runs each."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jst.spelling import folded, polish_order

from .register import Jst


class SchoolQuerySet(models.QuerySet):
    def counted(self):
        """The schools of which figures are made: the parts of a complex, never the complex itself."""
        return self.filter(is_complex=False)

    def open(self):
        """The schools that the newest file of the register still has and that are not closed."""
        return self.filter(absent_since=None, closed_on=None)

    def search(self, words):
        """Return the schools of whose name, town and number every word is a part, whatever its letters."""
        found = self
        for word in folded(words).split():
            found = found.filter(search__contains=word)
        return found


class School(models.Model):
    """A school or institution with its number in the RSPO register.

    A complex (zespół) has a row of its own and so has each of its parts, which name it in `parent_rspo`;
    the parent may come later or never. Who runs a school is `authority` where it is a unit of local
    government; `authority_basis` says how that is known (domain.md §6).
    """

    class Basis(models.TextChoices):
        REGISTER = "register", _("by its running authority in the register")
        PLACE = "place", _("by the place of the school only: to be checked")
        STAFF = "staff", _("decided by staff")
        OTHER = "other", _("run by another body")
        UNDECIDED = "undecided", _("undecided")

    rspo = models.CharField(_("RSPO number"), max_length=7, unique=True)
    regon = models.CharField(_("REGON"), max_length=14, blank=True)
    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=150)
    is_complex = models.BooleanField(_("complex of schools"), default=False)
    parent_rspo = models.CharField(_("RSPO number of the complex"), max_length=7, blank=True, db_index=True)
    place_code = models.CharField(_("TERC code of the place"), max_length=7, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    street = models.CharField(_("street and number"), max_length=150, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=6, blank=True)
    is_public = models.BooleanField(_("public"), null=True, blank=True)
    pupils = models.PositiveIntegerField(_("pupils"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    authority = models.ForeignKey(
        Jst,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schools",
        verbose_name=_("running authority"),
    )
    authority_basis = models.CharField(
        _("how the authority is known"), max_length=10, choices=Basis.choices, default=Basis.STAFF
    )
    # As the register has it; the name of a natural person is never kept.
    body_kind = models.CharField(_("kind of the running body"), max_length=100, blank=True)
    body_name = models.CharField(_("name of the running body"), max_length=300, blank=True)
    body_regon = models.CharField(_("REGON of the running body"), max_length=14, blank=True)
    first_seen = models.DateField(_("first seen in the register"), null=True, blank=True)
    last_seen = models.DateField(_("last seen in the register"), null=True, blank=True)
    absent_since = models.DateField(_("absent from the register since"), null=True, blank=True)
    # Field corrected by hand → what the register says of it: an import writes here, not into the field.
    corrected = models.JSONField(_("corrected by hand"), default=dict, blank=True, editable=False)
    search = models.CharField(max_length=500, editable=False)
    sort_key = models.CharField(max_length=300, editable=False, db_index=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["sort_key", "rspo"]
        # Each filter of the long list with its order; search reads its column without the wide rows.
        indexes = [
            models.Index(fields=["search"], name="school_search"),
            models.Index(fields=["place_code"], name="school_place"),
            models.Index(fields=["kind", "sort_key"], name="school_kind"),
            models.Index(fields=["authority_basis", "sort_key"], name="school_basis"),
            models.Index(fields=["sort_key"], condition=Q(is_complex=True), name="school_complexes"),
            models.Index(fields=["sort_key"], condition=~Q(closed_on=None), name="school_closed"),
            models.Index(fields=["sort_key"], condition=~Q(absent_since=None), name="school_absent"),
        ]

    def __str__(self):
        return f"{self.name}, {self.town}" if self.town and self.town not in self.name else self.name

    def save(self, **kwargs):
        self.spell()
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("jst:school", args=[self.rspo])

    def spell(self):
        """Fill the columns that search and order read; bulk writes must call it themselves."""
        self.search = folded(f"{self.name} {self.town} {self.rspo}")[:500]
        self.sort_key = polish_order(self.name)
