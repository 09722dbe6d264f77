"""How a unit is named wherever it is shown, so that units of the same name are told apart."""

from django.utils.translation import gettext_lazy as _

WITH_KIND = {
    "GM": _("urban gmina %s"),
    "GW": _("rural gmina %s"),
    "GMW": _("urban-rural gmina %s"),
    "MNP": _("city of %s"),
    "P": _("%s county"),
    "W": _("%s voivodeship"),
}

# The sixteen of the act of 24 July 1998; their names are written small.
VOIVODESHIPS = {
    "02": "dolnośląskie",
    "04": "kujawsko-pomorskie",
    "06": "lubelskie",
    "08": "lubuskie",
    "10": "łódzkie",
    "12": "małopolskie",
    "14": "mazowieckie",
    "16": "opolskie",
    "18": "podkarpackie",
    "20": "podlaskie",
    "22": "pomorskie",
    "24": "śląskie",
    "26": "świętokrzyskie",
    "28": "warmińsko-mazurskie",
    "30": "wielkopolskie",
    "32": "zachodniopomorskie",
}


def with_kind(kind, name):
    """Return the name with its kind: „gmina wiejska Piaski”, „powiat gostyński”."""
    return str(WITH_KIND[kind]) % name


def with_place(kind, name, parent_kind, parent_name, above_kind=None, above_name=None):
    """Return the name with its kind and, in brackets, the county and the voivodeship in which it lies."""
    around = [(parent_kind, parent_name), (above_kind, above_name)]
    places = ", ".join(with_kind(*place) for place in around if place[1])
    return f"{with_kind(kind, name)} ({places})" if places else with_kind(kind, name)


def place_columns(unit=""):
    """Return the columns that `named` reads, for `.values()`: of the unit that the field `unit` names."""
    start = f"{unit}__" if unit else ""
    return [
        f"{start}{up}{column}" for up in ("", "parent__", "parent__parent__") for column in ("kind", "name")
    ]


def named(row, unit=""):
    """Return the name with kind and place, of a row of `.values(*place_columns(unit))`; "" of no unit."""
    cells = [row[column] for column in place_columns(unit)]
    return with_place(*cells) if cells[0] else ""
