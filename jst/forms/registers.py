"""Filters of the lists of units, schools and people; what cannot be read filters nothing."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jst.models import Expert, Jst, OperatorStaff, School, TeamMembership
from jst.naming import VOIVODESHIPS

from .base import ListFilter

# As the register writes them. Of about a hundred kinds those that local governments run most; the search
# finds the others by their name.
KINDS = [
    "Przedszkole",
    "Punkt przedszkolny",
    "Zespół wychowania przedszkolnego",
    "Szkoła podstawowa",
    "Gimnazjum",
    "Liceum ogólnokształcące",
    "Technikum",
    "Branżowa szkoła I stopnia",
    "Branżowa szkoła II stopnia",
    "Szkoła policealna",
    "Szkoła specjalna przysposabiająca do pracy",
    "Zespół szkół i placówek oświatowych",
    "Szkoła muzyczna I stopnia",
    "Szkoła muzyczna II stopnia",
    "Poradnia psychologiczno-pedagogiczna",
    "Biblioteki pedagogiczne",
    "Placówka doskonalenia nauczycieli",
    "Centrum Kształcenia Zawodowego",
    "Placówka Kształcenia Ustawicznego ze szkołami",
    "Młodzieżowy dom kultury",
    "Ognisko pracy pozaszkolnej",
    "Specjalny Ośrodek Szkolno-Wychowawczy",
    "Młodzieżowy Ośrodek Wychowawczy",
    "Młodzieżowy Ośrodek Socjoterapii ze szkołami",
    "Ośrodek Rewalidacyjno-Wychowawczy",
    "Szkolne schronisko młodzieżowe",
    "Bursa",
]
ALL = ("", _("all"))


class UnitFilter(ListFilter):
    szukaj = forms.CharField(label=_("Name, office, town or code"), required=False, max_length=100)
    rodzaj = forms.ChoiceField(label=_("Kind of unit"), required=False, choices=[ALL, *Jst.Kind.choices])
    wojewodztwo = forms.ChoiceField(
        label=_("Voivodeship"), required=False, choices=[ALL, *VOIVODESHIPS.items()]
    )
    stan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, ("sa", _("in the register")), ("brak", _("absent from the register"))],
    )

    def by_rodzaj(self, rows, kind):
        return rows.filter(kind=kind)

    def by_wojewodztwo(self, rows, code):
        return rows.filter(code__startswith=code)

    def by_stan(self, rows, state):
        return rows.filter(abolished_on__isnull=state == "sa")


class SchoolFilter(ListFilter):
    szukaj = forms.CharField(label=_("Name, town or RSPO number"), required=False, max_length=100)
    organ = forms.CharField(label=_("TERC code of the running authority"), required=False, max_length=7)
    wojewodztwo = forms.ChoiceField(
        label=_("Voivodeship"), required=False, choices=[ALL, *VOIVODESHIPS.items()]
    )
    rodzaj = forms.ChoiceField(
        label=_("Kind of school"), required=False, choices=[ALL, *((kind, kind) for kind in KINDS)]
    )
    podstawa = forms.ChoiceField(
        label=_("How the authority is known"), required=False, choices=[ALL, *School.Basis.choices]
    )
    zespoly = forms.ChoiceField(
        label=_("Complexes"),
        required=False,
        choices=[ALL, ("bez", _("without complexes")), ("tylko", _("complexes only"))],
    )
    stan = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ALL,
            ("dziala", pgettext_lazy("school", "open")),
            ("zamknieta", pgettext_lazy("school", "closed")),
            ("brak", _("absent from the register")),
        ],
    )

    def by_organ(self, rows, code):
        # The code of the register has one digit more, the kind of the unit.
        return rows.filter(
            authority__in=Jst.objects.filter(Q(code__startswith=code[:6]) | Q(county_code=code))
        )

    def by_wojewodztwo(self, rows, code):
        # Where the school lies. As a range, which every database reads off the index.
        return rows.filter(place_code__gte=code, place_code__lt=f"{int(code) + 1:02d}")

    def by_rodzaj(self, rows, kind):
        return rows.filter(kind=kind)

    def by_podstawa(self, rows, basis):
        return rows.filter(authority_basis=basis)

    def by_zespoly(self, rows, wanted):
        return rows.filter(is_complex=wanted == "tylko")

    def by_stan(self, rows, state):
        if state == "dziala":
            return rows.open()
        column = "closed_on" if state == "zamknieta" else "absent_since"
        return rows.exclude(**{column: None})


class PersonFilter(ListFilter):
    szukaj = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    rola = forms.ChoiceField(
        label=_("Role today"),
        required=False,
        choices=[
            ALL,
            ("zespol", _("in a team")),
            ("ekspert", _("expert")),
            ("operator", _("operator’s employee")),
            ("ore", _("works at ORE")),
        ],
    )

    # Dated facts that make a role.
    ROLES = {"zespol": TeamMembership, "ekspert": Expert, "operator": OperatorStaff}

    def by_rola(self, rows, role):
        if role == "ore":
            return rows.filter(is_staff=True)
        return rows.filter(Exists(self.ROLES[role].objects.today().filter(person=OuterRef("pk"))))
