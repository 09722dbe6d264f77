"""What a new lead must know about the plan."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.deadlines import deadline_of
from plans.facts import title_read
from plans.models import Plan, PlanVersion


def handover_facts(participation, user):
    """Return (label, value, address): the plan, its latest version and until when it may be sent."""
    plan = Plan.objects.visible_to(user).titled_for(user).filter(participation=participation).first()
    if plan is None:
        return [(_("The plan"), _("not started yet"), "")]
    version = PlanVersion.objects.filter(plan=plan).order_by("-number").first()
    facts = [(_("The plan"), title_read(plan.title), plan.get_absolute_url())]
    if version:
        state = _("version %(number)d: %(status)s")
        named = {"number": version.number, "status": version.get_status_display()}
        facts.append((_("Where the plan stands"), state % named, ""))
        if version.sent_at is None and (deadline := deadline_of(version)):
            moment = date_format(timezone.localtime(deadline), "DATETIME_FORMAT")
            facts.append((_("May be sent until"), moment, ""))
    return facts
