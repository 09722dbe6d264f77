"""What is counted of plans, as of the end of a day, from what happened to them until then."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from plans.deadlines import end_of_day
from plans.models import Plan, PlanEvent, PlanVersion
from portal.indicators import Indicator


def after(day):
    """Return the first moment of the next day in Poland."""
    return end_of_day(day) + timedelta(seconds=1)


def sent(day, editions):
    """The plans of which a version had been sent and not taken back."""
    taken_back = PlanEvent.objects.filter(
        version=OuterRef("pk"), event__kind="plans.version.take_back", event__at__lt=after(day)
    )
    versions = PlanVersion.objects.filter(plan=OuterRef("pk"), sent_at__lt=after(day))
    return counting(versions.exclude(Exists(taken_back)), editions)


def accepted(day, editions):
    """The plans of which ORE had accepted a version; a later change leaves the accepted one in force."""
    acceptances = PlanEvent.objects.filter(
        version=OuterRef("pk"), event__kind="plans.version.accept", event__at__lt=after(day)
    )
    versions = PlanVersion.objects.filter(Exists(acceptances), plan=OuterRef("pk"))
    return counting(versions, editions)


def counting(versions, editions):
    """Return the plans that have such a version, with title and years of the newest of these."""
    newest = versions.order_by("-number")
    about = {name: Subquery(newest.values(name)[:1]) for name in PlanVersion.ABOUT}
    return Plan.objects.filter(Exists(versions), participation__edition__in=editions).annotate(**about)


COLUMNS = ((_("Plan"), "title"), (_("First year"), "year_from"), (_("Last year"), "year_to"))

INDICATORS = [
    Indicator(
        code="plans_sent",
        name=_("Plans sent"),
        definition=_(
            "Plans of which at least one version had been sent to ORE by the end of that day. A version that "
            "the team took back before the review does not count. A plan sent again after corrections counts "
            "once."
        ),
        unit=_("plans"),
        facts=sent,
        counted="pk",
        participation="participation",
        columns=COLUMNS,
    ),
    Indicator(
        code="plans_accepted",
        name=_("Plans accepted"),
        definition=_(
            "Plans of which ORE had accepted a version by the end of that day. An accepted plan that is "
            "being changed stays accepted. A plan that was not accepted does not count."
        ),
        unit=_("plans"),
        facts=accepted,
        counted="pk",
        participation="participation",
        columns=COLUMNS,
    ),
]
