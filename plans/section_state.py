"""How far a section is, and what its page begins with; one question each."""

from django.db.models import Exists, Subquery

from plans.models import EditPresence, SectionRevision, SectionState, Text
from portal.prepared import prepared_for_all

Outcome = SectionRevision.Outcome


def state_of(version, section):
    """Return the section's state: its revision, by whom and when, and who looks after it."""
    return found_or_new(prepared_for_all("plans.state", states, version.pk, section.key), version, section)


def opened_by(user, version, section):
    """Return the section's state as `state_of` does, with what its page shows to this person.

    `body` is the text of a told section, read with its revision in one moment. `may_be_unsaved` says whether
    a text of the person's own may wait that was not stored, `has_others` whether others opened the section.
    """
    found = prepared_for_all("plans.opened", opened, version.pk, section.key, user.pk)
    state = found_or_new(found, version, section)
    if found:
        state.may_be_unsaved = state.last not in (None, Outcome.SAVED) or state.before == Outcome.CONFLICT
    else:
        # Nothing is known of a section without a state: all is asked.
        state.body, state.may_be_unsaved, state.has_others = None, True, True
    return state


def found_or_new(found, version, section):
    if not found:
        return SectionState(version=version, key=section.key)
    found[0].version = version
    return found[0]


def states(version, key):
    return SectionState.objects.filter(version=version, key=key).select_related("changed_by", "owner")


def opened(version, key, person):
    here = {"version": version, "key": key}
    texts = Text.objects.filter(**here).values("body")
    outcomes = SectionRevision.objects.filter(**here, by=person).order_by("-pk").values("outcome")
    return states(version, key).annotate(
        body=Subquery(texts[:1]),
        last=Subquery(outcomes[:1]),
        before=Subquery(outcomes[1:2]),
        has_others=Exists(EditPresence.objects.filter(**here).exclude(person=person)),
    )
