"""What happens to calls themselves: their terms change with a reason once they have opened; copies."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import ApplicationScore, Call, JstEvent
from jst.teams import require_runner
from portal.models import ChainHead
from portal.workflow import TransitionError, note

TERMS = (
    "opens",
    "closes",
    "places",
    "offer_days",
    "people_min",
    "people_max",
    "schools_min",
    "schools_max",
)


def terms(call):
    """Return everything that applicants were told about a call, as plain data."""
    call = Call.objects.get(pk=call.pk)
    return {
        **{name: getattr(call, name) for name in TERMS[2:]},
        **{name: getattr(call, name).isoformat() for name in TERMS[:2]},
        "questions": list(call.questions.values_list("text", "expects_yes", "consequence")),
        "criteria": list(call.criteria.values_list("label", "description", "max_points")),
        "quotas": [[str(quota), quota.limit] for quota in call.quotas.select_related("voivodeship")],
    }


@transaction.atomic
def change(call, apply, *, reason, by, has_opened):
    """Let `apply()` change the call; of one that had opened record what changed, and why.

    Raises TransitionError where terms of an opened call change without a reason: then nothing has changed.
    """
    ChainHead.hold()
    require_runner(by, call.edition)
    before = terms(call)
    apply()
    after = terms(call)
    beyond = ApplicationScore.objects.filter(criterion__call=call, points__gt=F("criterion__max_points"))
    if beyond.exists():
        raise TransitionError(_("An application has more points already than this criterion would give."))
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed or not has_opened:
        return None
    if not reason.strip():
        raise TransitionError(_("The call has opened: give the reason for which its terms change."))
    about = JstEvent(call=call)
    return note("jst.call.change", by=by, about=about, comment=reason.strip(), data={"changed": changed})


@transaction.atomic
def copy_call(call, edition, shift, by):
    """Copy a call with its questions, criteria and quotas to another edition, `shift` (timedelta) later.

    The copy is not shown to anybody until somebody publishes it.
    """
    ChainHead.hold()
    require_runner(by, edition)
    parts = [list(rows.all()) for rows in (call.questions, call.criteria, call.quotas)]
    copied = Call.objects.get(pk=call.pk)
    copied.pk, copied._state.adding = None, True
    copied.edition, copied.slug = edition, free_slug(f"nabor-{edition.slug}")
    copied.opens, copied.closes = later(call.opens, shift), later(call.closes, shift)
    copied.is_published, copied.last_number = False, 0
    copied.save(force_insert=True)
    for rows in parts:
        for row in rows:
            row.pk, row._state.adding, row.call = None, True, copied
            row.save(force_insert=True)
    note("jst.call.copy", by=by, about=JstEvent(call=copied), data={"source": call.pk, "days": shift.days})
    return copied


def later(moment, shift):
    """Return the same hour of a later day in Poland, whatever the clocks did in between."""
    return timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None) + shift)


def free_slug(wanted):
    """Return the short name, with a number where it is taken."""
    wanted, number = wanted[:55], 1
    slug = wanted
    while Call.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug
