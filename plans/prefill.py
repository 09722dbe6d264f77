"""Facts offered beside an empty section, and putting one in: through the same door as any other save.

Every app may offer facts (`<app>/prefill.py`, see `portal/conventions.py`). What a team wrote in an earlier
edition is offered from here: only from versions that the person may read anyway.
"""

import uuid
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plans.models import PlanVersion, Text
from plans.saving import Outcome, save_section
from plans.sections import ROW_SETS
from portal import conventions
from portal.conventions import Fact

# The rows that a fact puts in get the same uids each time, so that a double click puts them in once.
UIDS = uuid.UUID("5a1f4bd0-6d3c-4f0b-9d0e-2f8f3f1f7a11")


def facts(key, participation, user):
    """Return the text of the same section in the unit's newest earlier plan, if there is one to read."""
    unread = [*PlanVersion.UNSENT, PlanVersion.Status.TAKEN_BACK]
    texts = Text.objects.filter(
        version__in=PlanVersion.objects.visible_to(user).exclude(status__in=unread),
        version__plan__participation__jst=participation.jst_id,
        key=key,
    )
    texts = texts.exclude(version__plan__participation=participation).exclude(body="")
    text = texts.select_related("version__plan__participation__edition").order_by("-version__sent_at").first()
    if text is None:
        return []
    sent = date_format(timezone.localdate(text.version.sent_at), "SHORT_DATE_FORMAT")
    edition = text.version.plan.participation.edition
    source = _("your plan of the edition “%(edition)s”, sent on %(day)s") % {"edition": edition, "day": sent}
    return [Fact(code="earlier", title=_("What you wrote before"), text=text.body, source=source)]


def offered_facts(version, section, user):
    """Return what every app knows for a section of the version, each source with its date."""
    participation = version.plan.participation
    found = [
        fact
        for ask in conventions.offered("prefill", "facts")
        for fact in ask(section.key, participation, user)
    ]
    return [fact for fact in found if section.is_narrative != bool(fact.rows)]


def keys_with_facts():
    """Return the keys of the sections for which some app knows facts, in the order of the alphabet."""
    return sorted({key for keys in conventions.offered("prefill", "KEYS") for key in keys})


def facts_beside(version, section, state, user):
    """Return the facts to show beside a section: while it is empty, or its rows are those of the start alone.

    What stands there already is not offered again.
    """
    is_of_start = not section.is_narrative and not state.revision and version.number == 1
    if state.filled and not is_of_start:
        return []
    return [left for fact in offered_facts(version, section, user) if (left := still_new(version, fact))]


def still_new(version, fact):
    """Return the fact with those of its rows that the version has not, or None where it has them all."""
    if not fact.rows:
        return fact
    there, lines = others_there(version, fact), fact.text.split("\n")
    new = [pair for pair in zip(fact.rows, lines, strict=False) if as_words(pair[0]) not in there]
    if not new:
        return None
    return replace(fact, rows=tuple(row for row, _line in new), text="\n".join(line for _row, line in new))


def as_words(row):
    return tuple(sorted(row.items()))


def others_there(version, fact):
    """Return the stored rows that say what a row of the fact would say, but for those it put in itself."""
    names = list(fact.rows[0])
    rows = ROW_SETS[fact.row_set].rows(version).exclude(uid__in=uids_of(version, fact))
    return {as_words({name: str(value) for name, value in row.items()}) for row in rows.values(*names)}


def uids_of(version, fact):
    return [uuid.uuid5(UIDS, f"{version.pk} {fact.code} {place}") for place in range(len(fact.rows))]


@transaction.atomic
def insert_fact(version, section, fact, *, by, revision, request_key):
    """Put a fact into a section, started from `revision`; returns the Answer of the save.

    A text is added after what is there, with its source; new rows say where they come from.
    """
    data = QueryDict(mutable=True)
    uids = put_rows(data, version, fact) if fact.rows else []
    if not fact.rows:
        data["body"] = added(version, section, fact)
    answer = save_section(version, section, data, by=by, revision=revision, request_key=request_key)
    if uids and answer.outcome == Outcome.SAVED:
        rows = ROW_SETS[fact.row_set].model.objects.filter(version=version)
        before = rows.exclude(uid__in=uids).count()
        new = rows.filter(uid__in=uids, origin="")
        new.update(origin=fact.source[:300], position=F("position") + before)
    return answer


def put_rows(data, version, fact):
    """Put the rows of a fact into what is posted, without those that are there; returns their uids."""
    there = others_there(version, fact)
    rows = zip(uids_of(version, fact), fact.rows, strict=True)
    rows = [(uid, row) for uid, row in rows if as_words(row) not in there]
    data[f"{fact.row_set}-total"] = str(len(rows))
    for place, (uid, values) in enumerate(rows):
        for name, value in (values | {"uid": str(uid)}).items():
            data[f"{fact.row_set}-{place}-{name}"] = value
    return [uid for uid, _row in rows]


def added(version, section, fact):
    """Return the stored text with the fact at its end; one that is there already is not added again."""
    texts = Text.objects.filter(version=version, key=section.key)
    stored = texts.values_list("body", flat=True).first() or ""
    told = f"{fact.text}\n\n" + _("Source: %s.") % fact.source
    if told in stored:
        return stored
    return f"{stored.rstrip()}\n\n{told}" if stored.strip() else told
