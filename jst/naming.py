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


def with_kind(kind, name):
    """Return the name with its kind: „gmina wiejska Piaski”, „powiat gostyński”."""
    return str(WITH_KIND[kind]) % name


def with_place(kind, name, parent_kind, parent_name):
    """Return the name with its kind and, in brackets, the unit in which it lies."""
    if not parent_name:
        return with_kind(kind, name)
    return f"{with_kind(kind, name)} ({with_kind(parent_kind, parent_name)})"
