"""Writing what was brought in: through the door of the form, section by section, all or nothing."""

from collections import defaultdict

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jst.models.dated import today
from plans.models import PlanUpload
from plans.saving import Outcome, save_section
from plans.section_forms import SectionForm
from plans.sections import ROW_SETS, section_of
from plans.transfer.cells import posted
from plans.transfer.tables import SECTIONS


class NotWritten(Exception):
    """Nothing was written; `sentences` say why."""

    def __init__(self, sentences):
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@transaction.atomic
def insert_upload(upload, comparison, revisions, *, by):
    """Write what the preview of an uploaded spreadsheet showed, once; raises NotWritten."""
    claimed = PlanUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=timezone.now())
    if not claimed:
        raise NotWritten([_("This file has already been brought into the plan.")])
    if comparison.obstacles:
        raise NotWritten(comparison.obstacles)
    incoming = {section.key: section.incoming for section in comparison.changed_sections}
    insert(upload.version, incoming, revisions, origin=origin_of(upload), request_key=upload.uid.hex, by=by)


@transaction.atomic
def insert_document(upload, section, body, *, revision, by):
    """Save the text of a document in the place of the section's; the Answer tells what became of it."""
    data = QueryDict(mutable=True)
    data["body"] = body
    answer = save_section(upload.version, section, data, by=by, revision=revision, request_key=upload.uid.hex)
    if answer.outcome == Outcome.SAVED:
        PlanUpload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=timezone.now())
    return answer


def origin_of(upload):
    return _("file %(name)s, %(day)s") % {
        "name": upload.stored.name,
        "day": date_format(today(), "SHORT_DATE_FORMAT"),
    }


@transaction.atomic
def insert(version, incoming, revisions, *, origin, request_key, by):
    """Save the rows of each section as if they were typed into its form as it was at its revision.

    `incoming`: section key → rows. One section that cannot be saved stops them all: raises NotWritten.
    """
    for key in [*SECTIONS, *(key for key in incoming if key not in SECTIONS)]:
        rows = incoming.get(key)
        if not rows:
            continue
        section = section_of(version.plan, key)
        data = form_data(SectionForm(version, section), rows)
        revision = revisions.get(key, -1)
        answer = save_section(version, section, data, by=by, revision=revision, request_key=request_key)
        if answer.outcome != Outcome.SAVED:
            raise NotWritten(reasons(answer, section))
        mark(version, rows, origin)


def reasons(answer, section):
    """Return why a section was not saved, in sentences."""
    if answer.outcome == Outcome.CONFLICT:
        return [
            _("Somebody changed the section “%s” meanwhile. Nothing was written: look at the preview again.")
            % section.title
        ]
    if answer.outcome == Outcome.LOCKED:
        return [_("The section “%s” is closed now. Nothing was written.") % section.title]
    errors = [sentence for _place, sentence in answer.form.errors] if answer.form else []
    return [*errors, *answer.sentences]


def mark(version, rows, origin):
    """Say of the new rows where they come from."""
    uids = defaultdict(list)
    for row in rows:
        if row.is_new:
            uids[ROW_SETS[row.row_set].model].append(row.uid)
    for model, made in uids.items():
        model.objects.filter(version=version, uid__in=made).update(origin=origin[:300])


def form_data(form, incoming):
    """Return what a browser would post: every stored row, with what changes, and the new ones after them."""
    data = QueryDict(mutable=True)
    coming = {(row.row_set, row.uid): row for row in incoming}
    for rows in form.row_sets:
        name, index = rows.row_set.name, 0
        for row in (row for row in rows.forms if not row.is_new):
            changed = coming.pop((name, str(row.row.uid)), None)
            values = {column: posted(row[column]) for column in rows.row_set.fields}
            add(data, f"{name}-{index}", str(row.row.uid), values | (changed.values if changed else {}))
            index += 1
        for row in [row for row in coming.values() if row.row_set == name]:
            add(data, f"{name}-{index}", row.uid, row.values)
            index += 1
        data[f"{name}-total"] = str(index)
    return data


def add(data, prefix, uid, values):
    data[f"{prefix}-uid"] = uid
    for column, value in values.items():
        data.setlist(f"{prefix}-{column}", value if isinstance(value, list) else [value])
