"""Which dates of plans move with an edition that is copied."""

from django.utils.translation import gettext as _

from plans.models import EditionSetup


def edition_dates(edition):
    setup = EditionSetup.objects.filter(edition=edition).first()
    return [(_("Deadline for the first version"), setup.deadline)] if setup and setup.deadline else []
