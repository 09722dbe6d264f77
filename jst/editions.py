"""Copying an edition with every date moved by the same number of days, and setting targets."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import Edition, JstEvent, Target
from jst.teams import require_coordinator
from portal import conventions
from portal.models import ChainHead
from portal.workflow import TransitionError, note


def shifted(value, days):
    """Return a day or a moment so many days later, at the same hour by the clock in Poland."""
    if not isinstance(value, datetime):
        return value + timedelta(days=days)
    by_the_clock = timezone.localtime(value).replace(tzinfo=None)
    return timezone.make_aware(by_the_clock + timedelta(days=days))


def shift_of(edition, since, *, same_weekday=False):
    """Return by how many days a copy that begins on `since` moves; whole weeks keep every weekday."""
    days = (since - edition.since).days
    return round(days / 7) * 7 if same_weekday else days


def dates_to_shift(edition, days):
    """Return (label, date now, date in the copy) of everything that moves with the edition."""
    offers = conventions.offered("dates", "edition_dates")
    dates = [pair for edition_dates in offers for pair in edition_dates(edition)]
    return [(label, value, shifted(value, days)) for label, value in dates]


def copy_edition(edition, *, name, slug, since, by):
    """Make a new edition like this one that begins on `since`: all dates move by the same number of days.

    Units, teams and plans are not copied. Higher apps copy theirs: they react to `jst.edition.copy`, whose
    data name the `source` and the `days`.
    """
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        if Edition.objects.filter(slug=slug).exists():
            raise TransitionError(_("There is an edition with this short name. Choose another."))
        days = shift_of(edition, since)
        copy = Edition.objects.create(
            project=edition.project,
            operator=edition.operator,
            name=name,
            slug=slug,
            kind=edition.kind,
            since=since,
            until=shifted(edition.until, days),
            team_min=edition.team_min,
            team_max=edition.team_max,
        )
        copy.voivodeships.set(edition.voivodeships.all())
        for target in edition.targets.all():
            target.pk, target.edition = None, copy
            target.save(force_insert=True)
        about = JstEvent(edition=copy)
        note("jst.edition.copy", by=by, about=about, data={"source": edition.pk, "days": days})
    return copy


def set_target(target, *, by):
    """Store a target, new or changed, and write down what it was before."""
    with transaction.atomic():
        ChainHead.hold()
        require_coordinator(by)
        before = Target.objects.filter(pk=target.pk).values("value", "women", "men").first()
        target.save()
        data = {"indicator": target.indicator, "value": target.value, "before": before}
        about = JstEvent(project=target.project, edition=target.edition)
        note("jst.target.set", by=by, about=about, data=data | {"women": target.women, "men": target.men})
    return target
