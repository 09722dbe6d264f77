"""Which dates of an edition move with it when it is copied."""

from django.utils.translation import gettext as _


def edition_dates(edition):
    return [(_("Beginning"), edition.since), (_("End"), edition.until)]
