"""Saving one section without losing a word of anybody's.

One transaction, in this order: the request is recorded (`SectionRevision`, unique by its key and its digest,
so a repeated request gets the same answer and has no second effect) → the version is claimed → the
revision from which the writer started is claimed → rows and texts. What is refused stays recorded, unapplied.
"""

import hashlib
import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from plans.models import PlanVersion, SectionRevision, SectionState, Text
from plans.row_saving import RowInUse, save_row_sets
from plans.section_forms import SectionForm
from plans.sections import open_keys
from portal.prepared import prepared_for_all

Outcome = SectionRevision.Outcome
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HTTP_STATUS = {Outcome.SAVED: 200, Outcome.CONFLICT: 409, Outcome.REFUSED: 422, Outcome.LOCKED: 423}


@dataclass
class Answer:
    """What became of a save: its outcome, the section's revision now, and the form where it was read."""

    outcome: str
    revision: int | None
    record: SectionRevision
    form: SectionForm | None = None
    sentences: tuple = ()

    @property
    def status(self):
        return HTTP_STATUS[self.outcome]

    @property
    def sentence_list(self):
        """The sentences that belong to no control, as the error summary takes them."""
        return [("", sentence) for sentence in self.sentences]


def digest(data):
    text = "\n".join(f"{name}={value}" for name in sorted(data) for value in data.getlist(name))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def save_section(version, section, data, *, by, revision, request_key, done=None):
    """Save what was posted for a section, started from `revision`; returns an Answer.

    Whoever calls has checked that `by` may write this version. `done` marks the section as ready or not.
    """
    try:
        with transaction.atomic():
            return _save(version, section, data, by, revision, request_key, done)
    except IntegrityError:
        answer = repeated(version, section, data, by, request_key)
        if answer is None:
            raise
        return answer


def repeated(version, section, data, by, request_key):
    """Return the answer already given to the same request, or None where there was none."""
    record = SectionRevision.objects.filter(
        version=version, key=section.key, by=by, request_key=request_key, digest=digest(data)
    ).first()
    return Answer(record.outcome, record.revision, record) if record else None


def _save(version, section, data, by, revision, request_key, done):
    record = SectionRevision.objects.create(
        version=version,
        key=section.key,
        outcome=Outcome.SAVED,
        revision=revision + 1,
        payload={name: data.getlist(name) for name in data},
        by=by,
        request_key=request_key,
        digest=digest(data),
    )
    is_open = PlanVersion.objects.claim(version, PlanVersion.EDITABLE)
    if not is_open or section.key not in open_keys(version):
        return unapplied(record, Outcome.LOCKED)
    form = SectionForm(version, section, data)
    if not form.is_valid():
        return unapplied(record, Outcome.REFUSED, form)
    try:
        with transaction.atomic():
            write(form, by, revision, done)
    except Stale:
        return unapplied(record, Outcome.CONFLICT, form)
    except RowInUse as refusal:
        return unapplied(record, Outcome.REFUSED, form, tuple(refusal.sentences))
    return Answer(Outcome.SAVED, revision + 1, record, form)


class Stale(Exception):
    """Somebody saved the section since the writer's revision."""


def write(form, by, revision, done):
    """Take the section from `revision` to the next and write its rows; raises Stale or RowInUse."""
    fields = {
        "revision": revision + 1,
        "changed_at": timezone.now(),
        "changed_by": by,
        "filled": says_something(form),
    }
    if done is not None:
        fields["done"] = done
    state = SectionState.objects.filter(version=form.version, key=form.section.key, revision=revision)
    if not state.update(**fields):
        raise Stale
    if form.text is not None:
        texts = Text.objects.filter(version=form.version, key=form.section.key)
        texts.update(body=form.text.cleaned_data["body"])
    else:
        save_row_sets(form)


def unapplied(record, outcome, form=None, sentences=()):
    """Keep what was sent beside what is stored, so that neither is lost."""
    record.outcome, record.revision = outcome, None
    record.save(update_fields=["outcome", "revision"])
    return Answer(outcome, None, record, form, sentences)


def says_something(form):
    if form.text is not None:
        return bool(form.text.cleaned_data["body"].strip())
    return any(row_set.kept for row_set in form.row_sets)


def unsaved_by(user, version, section):
    """Return the person's newest text for the section that was not stored, or None if a later one was."""
    found = prepared_for_all("plans.newest_revisions", newest_revisions, version.pk, section.key, user.pk)
    newest, before = [*found, None, None][:2]
    # Of two windows at once, the one that came too late may have been recorded first.
    if before and newest.outcome == Outcome.SAVED and lost_to(before, newest):
        return before
    return newest if newest and newest.outcome != Outcome.SAVED else None


def newest_revisions(version, key, person):
    return SectionRevision.objects.filter(version=version, key=key, by=person).order_by("-pk")[:2]


def lost_to(refused, saved):
    """Whether the refused text started from the very revision that the saved one took."""
    started = refused.payload.get("revision")
    return refused.outcome == Outcome.CONFLICT and started == [str(saved.revision - 1)]


def refused_text(user, version, section, pk):
    """Return a text of the person's that was not stored, whatever other windows of theirs saved since."""
    texts = SectionRevision.objects.filter(version=version, key=section.key, by=user, pk=pk)
    return texts.exclude(outcome=Outcome.SAVED).first()


def words_of(record):
    """Return what the person wrote in a request, value by value, without what the form itself added."""
    names = re.compile(r"(^|-)(csrfmiddlewaretoken|revision|request_key|done|next|uid|total|delete)$")
    values = [value for name, found in record.payload.items() if not names.search(name) for value in found]
    return [value for value in values if value.strip() and not UUID.fullmatch(value)]
