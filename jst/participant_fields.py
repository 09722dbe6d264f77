"""What a project may have to report about its participants: the registry of both export profiles.

A project asks only what it has switched on. What the portal knows itself (name, e-mail, unit, dates of taking
part, DEGURBA of the gmina) is never asked. `columns` name the field in the official files; the answers to
choose from are rows (`FieldOption`), because the sources disagree about them.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

PESEL, SEX, BIRTH_DATE = "pesel", "sex", "birth_date"
YES, NO = "Tak", "Nie"


@dataclass(frozen=True)
class ParticipantField:
    """One datum. Kinds: text, choice, yes_no, date, age, postcode, phone, pesel.

    A sensitive one may be refused; an optional one may be left empty.
    """

    name: str
    label: str
    kind: str = "text"
    sensitive: bool = False
    optional: bool = False
    hint: str = ""
    token: str = ""
    columns: dict = field(default_factory=dict)


def both(column):
    return {"sl2014": column, "sm_efs": column}


def sl2014(column):
    return {"sl2014": column}


def sm_efs(column):
    return {"sm_efs": column}


WHEN_JOINING = _("As it was on the day you joined the project.")

FIELDS = (
    ParticipantField(
        PESEL, _("PESEL number"), "pesel", columns={"sl2014": "Pesel", "sm_efs": "PESEL/Inny identyfikator"}
    ),
    ParticipantField("citizenship", _("Citizenship"), "choice", columns=sm_efs("Obywatelstwo")),
    ParticipantField(SEX, _("Sex"), "choice", columns=both("Płeć")),
    ParticipantField(BIRTH_DATE, _("Date of birth"), "date", token="bday"),
    ParticipantField(
        "age", _("Age"), "age", hint=WHEN_JOINING, columns=both("Wiek w chwili przystąpienia do projektu")
    ),
    ParticipantField(
        "education",
        _("Education"),
        "choice",
        hint=_("The highest level completed."),
        columns=both("Wykształcenie"),
    ),
    ParticipantField("country", _("Country"), token="country-name", columns=both("Kraj")),
    ParticipantField("voivodeship", _("Voivodeship"), "choice", columns=both("Województwo")),
    ParticipantField("county", _("County"), columns=both("Powiat")),
    ParticipantField("gmina", _("Gmina"), columns=both("Gmina")),
    ParticipantField("town", _("Town or village"), token="address-level2", columns=both("Miejscowość")),
    ParticipantField(
        "street",
        _("Street"),
        optional=True,
        hint=_("Leave empty where there are no streets."),
        columns=sl2014("Ulica"),
    ),
    ParticipantField("house", _("House number"), columns=sl2014("Nr budynku")),
    ParticipantField("flat", _("Flat number"), optional=True, columns=sl2014("Nr lokalu")),
    ParticipantField(
        "postcode",
        _("Postal code"),
        "postcode",
        hint=_("For example: 09-400."),
        token="postal-code",
        columns=both("Kod pocztowy"),
    ),
    ParticipantField("phone", _("Phone"), "phone", token="tel", columns=both("Telefon kontaktowy")),
    ParticipantField(
        "labour_status",
        _("Status on the labour market"),
        "choice",
        hint=WHEN_JOINING,
        columns=both("Status osoby na rynku pracy w chwili przystąpienia do projektu"),
    ),
    ParticipantField(
        "labour_detail", _("Status in detail"), "choice", columns={"sl2014": "W tym", "sm_efs": "w tym"}
    ),
    ParticipantField("occupation", _("Occupation"), "choice", columns=sl2014("Wykonywany zawód")),
    ParticipantField("employer", _("Employed in"), optional=True, columns=sl2014("Zatrudniony w:")),
    ParticipantField(
        "foreign_origin",
        _("Person of foreign origin"),
        "yes_no",
        sensitive=True,
        columns=sm_efs("Osoba obcego pochodzenia"),
    ),
    ParticipantField(
        "third_country",
        _("Citizen of a country outside the EU"),
        "yes_no",
        columns=sm_efs("Obywatel państwa trzeciego"),
    ),
    ParticipantField(
        "minority",
        _("Belongs to a national or ethnic minority, migrant"),
        "yes_no",
        sensitive=True,
        columns={
            "sl2014": "Osoba należąca do mniejszości narodowej lub etnicznej, migrant, "
            "osoba obcego pochodzenia",
            "sm_efs": "Osoba należąca do mniejszości narodowej lub etnicznej "
            "(w tym społeczności marginalizowane)",
        },
    ),
    ParticipantField(
        "homeless",
        _("Homeless or excluded from access to housing"),
        "yes_no",
        sensitive=True,
        columns=both("Osoba bezdomna lub dotknięta wykluczeniem z dostępu do mieszkań"),
    ),
    ParticipantField(
        "disability",
        _("Has a disability"),
        "yes_no",
        sensitive=True,
        columns=both("Osoba z niepełnosprawnościami"),
    ),
    ParticipantField(
        "disadvantage",
        _("In another disadvantaged social situation"),
        "yes_no",
        sensitive=True,
        columns=sl2014("Osoba w innej niekorzystnej sytuacji społecznej"),
    ),
)

BY_NAME = {one.name: one for one in FIELDS}
# What may be switched on in a list; PESEL has a switch of its own, beside its legal basis.
ORDINARY = tuple(one for one in FIELDS if one.name != PESEL)

VOIVODESHIPS = (
    "dolnośląskie kujawsko-pomorskie lubelskie lubuskie łódzkie małopolskie mazowieckie opolskie "
    "podkarpackie podlaskie pomorskie śląskie świętokrzyskie warmińsko-mazurskie wielkopolskie "
    "zachodniopomorskie"
).split()

# The first version of the dictionaries as far as public sources give them; written out as rows on first use.
OPTIONS = {
    "sl2014": {
        SEX: ["kobieta", "mężczyzna"],
        "education": [
            "niższe niż podstawowe",
            "podstawowe",
            "gimnazjalne",
            "ponadgimnazjalne",
            "policealne",
            "wyższe",
        ],
        "voivodeship": VOIVODESHIPS,
        "labour_status": [
            "osoba pracująca",
            "osoba bezrobotna zarejestrowana w ewidencji urzędów pracy",
            "osoba bezrobotna niezarejestrowana w ewidencji urzędów pracy",
            "osoba bierna zawodowo",
        ],
        "labour_detail": [
            "osoba pracująca w administracji samorządowej",
            "osoba pracująca w administracji rządowej",
            "osoba pracująca w dużym przedsiębiorstwie",
            "osoba pracująca w MMŚP",
            "osoba pracująca w organizacji pozarządowej",
            "osoba prowadząca działalność na własny rachunek",
            "inne",
        ],
        "occupation": [
            "nauczyciel kształcenia ogólnego",
            "nauczyciel kształcenia zawodowego",
            "pracownik poradni psychologiczno-pedagogicznej",
            "inny",
        ],
    },
    "sm_efs": {
        "citizenship": [
            "Obywatelstwo polskie",
            "Brak polskiego obywatelstwa – obywatel kraju UE",
            "Brak polskiego obywatelstwa lub UE – obywatel kraju spoza UE/ bezpaństwowiec",
        ],
        SEX: ["Kobieta", "Mężczyzna"],
        "education": [
            "Brak lub niepełne podstawowe (ISCED 0)",
            "Niższe niż podstawowe (ISCED 0–2)",
            "Podstawowe (ISCED 1) lub gimnazjalne (ISCED 2)",
            "Ponadgimnazjalne (ISCED 3) lub policealne (ISCED 4)",
            "Wyższe (ISCED 5–8)",
        ],
        "voivodeship": VOIVODESHIPS,
        "labour_status": ["Osoba pracująca", "Osoba bezrobotna", "Osoba bierna zawodowo"],
        "labour_detail": [
            "Osoba pracująca w administracji samorządowej (z wyłączeniem szkół i placówek systemu oświaty)",
            "Osoba pracująca w szkole lub placówce systemu oświaty (kadra zarządzająca)",
            "Osoba pracująca w szkole lub placówce systemu oświaty (kadra pedagogiczna)",
            "Osoba pracująca w szkole lub placówce systemu oświaty (kadra niepedagogiczna)",
            "Osoba nieuczestnicząca w kształceniu lub szkoleniu",
            "Inne",
        ],
    },
}
