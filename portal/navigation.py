"""The main menu of a person: what the apps offer, between the person's desk and the administration."""

from django.utils.translation import gettext as _

from portal import conventions
from portal.addresses import address


def home_of(path):
    """Return the entry that a page belongs to whose own address begins otherwise, or nothing."""
    first = path.lstrip("/").partition("/")[0]
    homes = conventions.merged("navigation", "BELONGS").get(first)
    return address(homes[0]) if homes else ""


def menu(user):
    """Return (label, address, what is there) for each entry, in order."""
    entries = [entry for offer in conventions.offered("navigation", "entries") for entry in offer(user)]
    if not user.is_authenticated:
        return entries
    desk = (_("My desk"), address("desk"), _("What waits for you."))
    if not user.is_staff:
        return [desk, *entries]
    about = _("Registers, editions, people, templates.")
    return [desk, *entries, (_("Administration"), address("admin:index"), about)]
