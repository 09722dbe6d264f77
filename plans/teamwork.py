"""Who looks after a section and until when, and who has it open now. ORE sees neither."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jst.models import TeamMembership
from jst.permissions import is_lead
from plans import permissions
from plans.models import EditPresence, InternalComment, PlanEvent, PlanVersion, SectionState
from plans.sections import open_keys, sections_of
from portal.models import ChainHead, User
from portal.prepared import prepared_for_all
from portal.workflow import NotAllowed, note

# Days before the internal due date on which its section's owner is written to; after it, once a week.
BEFORE = {3, 0}
AGAIN_EVERY = 7


def writing_members():
    """The memberships of today whose people write drafts: `is_writer` of all teams at once."""
    return TeamMembership.objects.today().filter(Q(is_lead=True) | Q(is_author=True))


def writers_of(participation):
    """Return those who may write the plan today, in the order of their names."""
    writing = writing_members().filter(participation=participation)
    return User.objects.filter(pk__in=writing.values("person")).order_by("last_name", "first_name", "pk")


def look_after(version, section, *, owner, due, by, at=None):
    """Say who looks after a section, or nobody, and until when. A text being written is not disturbed."""
    with transaction.atomic():
        ChainHead.hold()
        state, _created = SectionState.objects.select_related("owner").get_or_create(
            version=version, key=section.key
        )
        if not may_look_after(by, version, state, owner):
            raise NotAllowed(sentence_of_refusal())
        if (state.owner, state.due) == (owner, due):
            return None
        SectionState.objects.filter(pk=state.pk).update(owner=owner, due=due)
        about = PlanEvent(plan_id=version.plan_id, version=version)
        return note("plans.section.care", by=by, about=about, data={"section": section.key}, at=at)


def sentence_of_refusal():
    return _("The lead says who looks after a section; an author may take or give back only their own.")


def may_look_after(by, version, state, owner):
    """The lead gives a section to any writer of today; an author takes a free one or keeps their own."""
    if not permissions.can_write(by, version):
        return False
    participation = version.plan.participation
    if owner is not None and not writers_of(participation).filter(pk=owner.pk).exists():
        return False
    mine = {None, by.pk}
    return is_lead(by, participation) or (state.owner_id in mine and (owner is None or owner.pk == by.pk))


def version_written_by(user, plan):
    """The newest version of a plan that the person writes today, as a queryset of one row or none."""
    teams = writing_members().filter(person=user).values("participation")
    found = PlanVersion.objects.filter(plan=plan, plan__participation__in=teams)
    return found.for_page().order_by("-number")[:1]


# --- Who is here --------------------------------------------------------------------------------


def be_here(version, section, *, by, is_unsaved):
    """Note that the person has the section open; one statement."""
    EditPresence.objects.bulk_create(
        [EditPresence(version=version, key=section.key, person=by, is_unsaved=is_unsaved)],
        update_conflicts=True,
        unique_fields=["version", "key", "person"],
        update_fields=["seen_at", "is_unsaved"],
    )


def leave(version, section, *, by):
    EditPresence.objects.filter(version=version, key=section.key, person=by).delete()


def others_in(version, user):
    """Return the presences of the others who have a section open now, with their names."""
    return others(prepared_for_all("plans.presences", presences, version.pk), user)


def others_at(version, section, user):
    """Return those of the others who have this section open now."""
    return others(prepared_for_all("plans.presences_at", presences, version.pk, section.key), user)


def others(found, user):
    return [one for one in found if one.is_now and one.person_id != user.pk]


def presences(version, key=None):
    here = EditPresence.objects.filter(version=version).select_related("person")
    if key is not None:
        here = here.filter(key=key)
    return here.order_by("person__last_name", "pk")


def forget_presences():
    """Remove what pages said of themselves that were never closed; nobody is there any more."""
    EditPresence.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()


# --- Reminders ----------------------------------------------------------------------------------


def remind(day):
    """Write to owners and leads what their team's plan asks of them on `day`; return how many plans.

    A second run on the same day writes nothing more.
    """
    system, done = User.objects.system(), 0
    drafts = PlanVersion.objects.filter(status=PlanVersion.Status.DRAFT).for_page().defer("comparison")
    for version in drafts.order_by("pk"):
        if not permissions.works(version.plan.participation):
            continue
        with transaction.atomic():
            ChainHead.hold()
            already = PlanEvent.objects.filter(
                version=version, event__kind="plans.section.remind", event__data__day=day.isoformat()
            )
            if not already.exists() and (due_on(version, day) or said_before(version, day)):
                about = PlanEvent(plan_id=version.plan_id, version=version)
                note("plans.section.remind", by=system, about=about, data={"day": day.isoformat()})
                done += 1
    return done


def due_on(version, day):
    """Return the open, unfinished sections whose owner is to be written to on `day`."""
    owned = SectionState.objects.filter(version=version, done=False).exclude(owner=None).exclude(due=None)
    unlocked = open_keys(version)
    return [state for state in owned if state.key in unlocked and is_day_for(state.due, day)]


def is_day_for(due, day):
    left = (due - day).days
    return left in BEFORE or (left < 0 and left % AGAIN_EVERY == 0)


def said_before(version, day):
    """Return the comments of the day before that nobody has settled yet."""
    start = timezone.make_aware(datetime.combine(day - timedelta(days=1), time.min))
    written = InternalComment.objects.filter(plan=version.plan_id, created_at__gte=start)
    return list(written.filter(created_at__lt=start + timedelta(days=1)).unsettled())


def matters_of(version, day, person):
    """Return (sections due, sections with new comments) that concern `person`, as titles with dates."""
    titles = {section.key: section.title for section in sections_of(version.plan)}
    mine = [(titles[state.key], state.due) for state in due_on(version, day) if state.owner_id == person.pk]
    owned = set(SectionState.objects.filter(version=version, owner=person).values_list("key", flat=True))
    leads = is_lead(person, version.plan.participation)
    talked = {
        comment.section
        for comment in said_before(version, day)
        if comment.author_id != person.pk and (leads or comment.section in owned)
    }
    return mine, [title for key, title in titles.items() if key in talked]


def reminded(event):
    """Return the writers of today whom the reminder of this event concerns."""
    version, day = event.planevent.version, date.fromisoformat(event.data["day"])
    return [
        person for person in writers_of(version.plan.participation) if any(matters_of(version, day, person))
    ]


def is_gone(state, writers):
    """An owner who may not write any more is shown, as gone."""
    return state.owner_id is not None and state.owner_id not in writers


def owned_by(user, plans):
    """Return the open sections that `user` looks after in drafts of `plans`, the soonest due first."""
    return (
        SectionState.objects.filter(
            owner=user, done=False, version__plan__in=plans, version__status=PlanVersion.Status.DRAFT
        )
        .exclude(due=None)
        .select_related("version__plan__template", "version__plan__participation__jst")
        .defer("version__comparison")
        .order_by("due", "pk")
    )
